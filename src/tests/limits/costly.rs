//! The costliest input that each field accepts, from four sessions at once: it keeps no thread from other requests.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use futures::future::join_all;

use crate::support::{Answer, Browser, EMAIL, PASSWORD, TestApp};

const SESSIONS: usize = 4;
/// Each session sends each of the requests so often.
const TIMES: usize = 2;
/// How many times as many requests are answered beside these. Where the runtime's thread judges or hashes a password,
/// each of them lets about one other request in; elsewhere it is hundreds.
const OTHERS: usize = 8;
/// As much of a header as is read beside the others.
const LONG: usize = 8 * 1024;

/// A text of so many characters that stay as many in normal form C, all but the first of which have to be sorted.
fn unsorted_marks(characters: usize) -> String {
    let above = characters / 2;
    let below = characters - 1 - above;
    format!("a{}{}", "\u{301}".repeat(above), "\u{323}".repeat(below))
}

/// The estimate of a password looks at 40 characters, and tries all that those which look like a letter may stand for.
fn worst_password() -> String {
    "4@8({[<369 1!|0$5+7%2".repeat(48)
}

/// Requests with the costliest names, details, email address, way back, query, user agent and cookies.
async fn send_fields(app: &TestApp, browser: &mut Browser, nth: usize) {
    let name = format!("{nth}{}", unsorted_marks(90));
    let created = browser.post("/profile/tokens", &[("name", &name)]).await;
    assert_eq!(created.status, 200, "{}", created.body);

    let text = unsorted_marks(200);
    let fields = [
        "name", "company", "phone", "address1", "address2", "city", "state", "postcode",
    ];
    let mut details: Vec<(&str, &str)> =
        fields.iter().map(|field| (*field, text.as_str())).collect();
    details.push(("country", "US"));
    let changed = browser.post("/profile/details", &details).await;
    assert_eq!(changed.status, 303, "{}", changed.body);

    let query = format!(
        "/activity?before={}&event={}",
        "9".repeat(LONG / 2),
        "%C3%A9".repeat(LONG / 12)
    );
    assert_eq!(browser.get(&query).await.status, 200);

    let user_agent = "Mozilla/5.0 (".repeat(LONG / 13);
    let read = browser
        .get_with("/profile", &[("user-agent", &user_agent)])
        .await;
    assert_eq!(read.status, 200);

    let email = format!("{}@{}.example", "x".repeat(64), "y.".repeat(90));
    let next = format!("/profile?{}", "%2F..%2F".repeat(LONG / 8));
    let typed = [
        ("email", email.as_str()),
        ("password", &worst_password()),
        ("next", &next),
    ];
    let refused = browser.post("/login", &typed).await;
    assert!(refused.status < 500, "{}", refused.body);

    let cookies = (0..LONG / 8)
        .map(|n| format!("c{n:04}=1"))
        .collect::<Vec<_>>()
        .join("; ");
    let read = app
        .anonymous()
        .get_with("/login", &[("cookie", &cookies)])
        .await;
    assert_eq!(read.status, 200);
}

/// A new password that costs all that an accepted one may. The current one is wrong, so that nothing changes.
async fn send_password(browser: &mut Browser) -> Answer {
    let fields = [
        ("current_password", "wrong horse battery staple"),
        ("new_password", &worst_password()[..1000]),
    ];
    browser.post("/profile/password", &fields).await
}

/// Asks for `/healthz` until it is over; how often that was answered.
fn count_others(app: &TestApp, is_over: &Arc<AtomicBool>) -> tokio::task::JoinHandle<usize> {
    let (mut browser, is_over) = (app.anonymous(), Arc::clone(is_over));
    tokio::spawn(async move {
        let mut answered = 0;
        while !is_over.load(Ordering::Relaxed) {
            assert_eq!(browser.get("/healthz").await.status, 200);
            answered += 1;
        }
        answered
    })
}

async fn four_sessions(app: &TestApp) -> Vec<Browser> {
    let mut all = Vec::new();
    for _ in 0..SESSIONS {
        all.push(app.logged_in_as(EMAIL).await);
    }
    all
}

#[tokio::test]
async fn the_costliest_accepted_fields_are_answered_from_four_sessions_at_once() {
    let app = TestApp::start().await;
    let is_over = Arc::default();
    let others = count_others(&app, &is_over);
    let sessions = four_sessions(&app).await.into_iter().enumerate();
    let app = &app;
    let sending = sessions.map(|(session, mut browser)| async move {
        for time in 0..TIMES {
            send_fields(app, &mut browser, session * TIMES + time).await;
        }
    });
    join_all(sending).await;
    is_over.store(true, Ordering::Relaxed);
    // One turn for each of theirs would be enough; a request that is stuck gives none.
    assert!(others.await.unwrap() >= TIMES);
}

#[tokio::test]
async fn the_costliest_new_passwords_keep_no_thread_from_other_requests() {
    let app = TestApp::start().await;
    let sessions = four_sessions(&app).await;
    let is_over = Arc::default();
    let others = count_others(&app, &is_over);
    let sending = sessions.into_iter().map(|mut browser| async move {
        for _ in 0..TIMES {
            let answer = send_password(&mut browser).await;
            assert_eq!(answer.status, 422, "{}", answer.body);
            assert!(answer.body.contains("Current password is incorrect."));
        }
    });
    join_all(sending).await;
    is_over.store(true, Ordering::Relaxed);
    let (others, passwords) = (others.await.unwrap(), SESSIONS * TIMES);
    assert!(others >= OTHERS * passwords, "{others} beside {passwords}");
    let unchanged = app.anonymous().log_in(EMAIL, PASSWORD).await;
    assert_eq!(unchanged.status, 303);
}
