//! Nobody finds out which addresses have accounts.

use super::ask;
use crate::support::{Answer, EMAIL, TestApp};

fn said(answer: &Answer, email: &str) -> (u16, String, String) {
    let mut headers = answer.headers.clone();
    for varies in [
        "x-request-id",
        "date",
        "content-security-policy",
        "content-length",
    ] {
        headers.remove(varies);
    }
    let nonce = answer.body.split("nonce=\"").nth(1);
    let nonce = nonce
        .and_then(|rest| rest.split('"').next())
        .unwrap_or("(none)");
    let body = answer.body.replace(nonce, "NONCE").replace(email, "EMAIL");
    (answer.status, format!("{headers:?}"), body)
}

#[tokio::test]
async fn known_and_unknown_addresses_get_the_same_answer_for_the_same_work() {
    let app = TestApp::start().await;
    let unknown = "nobody@example.com";
    let mut answers = Vec::new();
    let mut waiting = Vec::new();
    for email in [EMAIL, unknown] {
        let before = app.state.store.mails_after(0, 100).await.unwrap().len();
        answers.push(said(&ask(&mut app.anonymous(), email).await, email));
        let after = app.state.store.mails_after(0, 100).await.unwrap().len();
        waiting.push(after - before);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(
        waiting,
        [1, 1],
        "each is one row, and who it is for is looked up later"
    );
    assert_eq!(app.mails().await.len(), 1, "only one of them is sent");
    let left = app.state.store.mails_after(0, 100).await.unwrap();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn what_is_no_address_is_refused_and_a_token_is_not_shown_again() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Misplaced").await;
    app.mails().await;
    for typed in [
        "",
        "jane",
        "a@b@c",
        "jane @example.com",
        "jane\u{0}@example.com",
    ] {
        let answer = ask(&mut app.anonymous(), typed).await;
        assert_eq!(answer.status, 422, "{typed:?}");
        assert!(answer.body.contains("id=\"email-error\""), "{typed:?}");
    }
    let answer = ask(&mut app.anonymous(), &format!("{token}@example.com")).await;
    assert_eq!(answer.status, 422);
    assert!(!answer.body.contains(&token));
    let hostile = "\"><script>alert(1)</script>@example.com";
    let answer = ask(&mut app.anonymous(), hostile).await;
    assert_eq!(answer.status, 200);
    assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
    let waiting = app.state.store.mails_after(0, 100).await.unwrap();
    assert_eq!(waiting.len(), 1, "only the last one is an address");
}

#[tokio::test]
async fn who_asks_again_and_again_is_refused_with_the_time_to_wait() {
    let limits = [
        ("OPENTILL_LOGIN_LIMIT", "2"),
        ("OPENTILL_LOGIN_ADDRESS_LIMIT", "5"),
    ];
    let app = TestApp::start_with(&limits).await;
    for email in [EMAIL, "nobody@example.com"] {
        for n in 0..2 {
            assert_eq!(ask(&mut app.anonymous(), email).await.status, 200, "{n}");
        }
        let refused = ask(&mut app.anonymous(), email).await;
        assert_eq!(refused.status, 429, "{email}");
        assert!(!refused.header("retry-after").is_empty());
        assert!(
            refused.body.contains("Too many attempts."),
            "{}",
            refused.body
        );
    }
    // The limit of the address counts all of them, links that are tried included. Logging in has its own.
    let refused = ask(&mut app.anonymous(), "somebody@example.com").await;
    assert_eq!(refused.status, 429);
    let mut owner = app.anonymous();
    assert_eq!(
        owner.log_in(EMAIL, crate::support::PASSWORD).await.status,
        303
    );
}
