use super::*;

fn response(requests: &Requests) -> ResponseBody {
    requests.begin().unwrap().respond(Body::from("answer"))
}

#[test]
fn each_answer_has_its_own_time_however_many_others_there_are() {
    let requests = Requests::default();
    let waiting_since = || requests.state().waiting_since();
    let busy = requests.begin();
    assert_eq!(waiting_since(), None, "nobody waits for the client");
    let taken = response(&requests);
    let first = waiting_since();
    assert!(first.is_some());
    let left = response(&requests);
    drop((busy, taken));
    let second = waiting_since();
    assert!(second > first);
    for _ in 0..3 {
        drop(response(&requests));
        let _busy = requests.begin();
        assert_eq!(waiting_since(), second);
    }
    drop(left);
    assert!(waiting_since() > second);
}

#[tokio::test]
async fn an_answer_is_pending_until_its_last_part_is_gone() {
    let requests = Requests::default();
    let mut answer = response(&requests);
    let frame = std::future::poll_fn(|context| Pin::new(&mut answer).poll_frame(context));
    let part = frame
        .await
        .and_then(Result::ok)
        .and_then(|frame| frame.into_data().ok());
    assert_eq!(part.as_ref().map(Buf::chunk), Some(&b"answer"[..]));
    assert!(answer.is_end_stream());
    drop(answer);
    assert_eq!(requests.idle_since(), None);
    drop(part);
    assert!(requests.idle_since().is_some());
}

#[tokio::test]
async fn what_is_being_closed_begins_nothing_and_what_has_begun_is_not_closed() {
    let requests = Requests::default();
    let pending = requests.begin();
    assert!(!requests.close_idle());
    drop(pending);
    assert!(requests.close_idle());
    requests.until_closed().await;
    assert!(requests.begin().is_none() && !requests.close_idle());
}
