//! How long a refused log-in takes, and that this does not tell whether there is such a client.

use std::time::{Duration, Instant};

use super::Times;
use crate::support::{EMAIL, Line, is_soak, process::Workplace, rounds};

/// The part of pairs in which the first is slower: one half where nothing can be told.
#[expect(clippy::cast_precision_loss)]
fn area_under_curve(first: &[Duration], second: &[Duration]) -> f64 {
    let wins = first.iter().map(|a| {
        let less = second.iter().filter(|b| *b < a).count() as f64;
        let equal = second.iter().filter(|b| *b == a).count() as f64;
        less + equal / 2.0
    });
    wins.sum::<f64>() / (first.len() * second.len()) as f64
}

#[test]
fn the_area_under_the_curve_tells_apart_what_differs() {
    let ms =
        |values: &[u64]| -> Vec<_> { values.iter().map(|ms| Duration::from_millis(*ms)).collect() };
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    assert!(near(
        area_under_curve(&ms(&[1, 2, 3]), &ms(&[1, 2, 3])),
        0.5
    ));
    assert!(near(area_under_curve(&ms(&[4, 5]), &ms(&[1, 2, 3])), 1.0));
    assert!(near(area_under_curve(&ms(&[1, 2]), &ms(&[3])), 0.0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_long_a_refusal_takes_does_not_tell_who_is_a_client() {
    let workplace = Workplace::new().set("OPENTILL_LOG", "warn");
    workplace.add_client(EMAIL);
    let server = workplace.serve();
    let mut line = Line::to(server.addr);
    let (mut known, mut unknown) = (Times::default(), Times::default());
    for n in 0..rounds("TIMED_LOGINS", 20) {
        for (email, times) in [(EMAIL, &mut known), ("joan@example.com", &mut unknown)] {
            let password = format!("wrong horse battery staple {n}");
            let began = Instant::now();
            let reply = line
                .post("/login", "", &[("email", email), ("password", &password)])
                .await;
            times.0.push(began.elapsed());
            assert_eq!(reply.status, 401);
        }
    }
    let area = area_under_curve(&known.0, &unknown.0);
    let (known, unknown) = (known.within(0.5), unknown.within(0.5));
    println!("median {known:?} for a client, {unknown:?} for nobody, area {area:.3}");
    if is_soak() {
        let ratio = known.as_secs_f64() / unknown.as_secs_f64();
        assert!((0.95..=1.05).contains(&ratio), "{ratio}");
        assert!((0.45..=0.55).contains(&area), "{area}");
    }
}
