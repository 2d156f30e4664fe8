//! Links that do not work, or not any more.

use opentill::{
    model::{
        mail::LinkKind,
        timestamp::{DAY, MINUTE},
    },
    server::{
        clients,
        clock::Clock,
        links::{self, Delivery},
        store::ClientEdit,
    },
};

use super::{NEW_PASSWORD, ask, reset_link, set};
use crate::support::{Browser, EMAIL, PASSWORD, TestApp};

/// Neither shows a form nor sets a password.
async fn assert_over(app: &TestApp, link: &str, why: &str) {
    let mut browser = app.anonymous();
    let page = browser.get(link).await;
    assert_eq!(page.status, 404, "{why}");
    page.assert_kept_nowhere();
    assert_eq!(page.header("referrer-policy"), "no-referrer", "{why}");
    assert!(!page.body.contains("new_password"), "{why}");
    let answer = set(&mut browser, link, "a third horse battery staple").await;
    assert_eq!(answer.status, 404, "{why}");
    assert!(answer.body.contains("This link doesn't work"), "{why}");
}

#[tokio::test]
async fn a_link_ends_with_its_time() {
    let app = TestApp::start_at(Clock::stopped(), &[]).await;
    let link = reset_link(&app).await;
    app.clock.advance(30 * MINUTE - 1);
    assert_eq!(app.anonymous().get(&link).await.status, 200);
    app.clock.advance(1);
    assert_over(&app, &link, "expired").await;
    assert_eq!(LinkKind::Invitation.valid_for(), 7 * DAY);
}

#[tokio::test]
async fn what_is_no_link_looks_like_one_that_is_over() {
    let app = TestApp::start().await;
    let link = reset_link(&app).await;
    let secret = link.rsplit_once('/').unwrap().1;
    let other_case: String = secret
        .chars()
        .map(|c| {
            if c.is_lowercase() {
                c.to_ascii_uppercase()
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    for wrong in [
        "x",
        &secret[1..],
        &format!("{secret}x"),
        &format!("{secret}%00"),
        &other_case,
        &"a".repeat(43),
        "%22%3E%3Cscript%3E",
    ] {
        assert_over(&app, &format!("/set-password/{wrong}"), wrong).await;
    }
    assert_eq!(app.anonymous().get("/set-password/%ff").await.status, 400);
    assert_eq!(app.anonymous().get("/set-password").await.status, 404);
    assert_eq!(app.anonymous().get(&link).await.status, 200);
}

#[tokio::test]
async fn a_link_ends_when_another_is_used_or_the_password_or_the_address_changes() {
    for how in [
        "another link",
        "the client",
        "the operator",
        "another address",
    ] {
        let app = TestApp::start().await;
        let email = EMAIL.parse().unwrap();
        let link = reset_link(&app).await;
        let mut owner = app.logged_in().await;
        match how {
            "another link" => {
                let other = reset_link(&app).await;
                assert_eq!(
                    set(&mut app.anonymous(), &other, NEW_PASSWORD).await.status,
                    303
                );
            }
            "the client" => {
                let fields = [
                    ("current_password", PASSWORD),
                    ("new_password", NEW_PASSWORD),
                ];
                assert_eq!(owner.post("/profile/password", &fields).await.status, 303);
            }
            "the operator" => app.set_password(EMAIL, NEW_PASSWORD).await,
            _ => {
                let edit = ClientEdit {
                    email: Some("jane@new.example".parse().unwrap()),
                    ..ClientEdit::default()
                };
                assert!(clients::edit(&app.state, &email, &edit).await.unwrap());
            }
        }
        assert_over(&app, &link, how).await;
    }
}

#[tokio::test]
async fn of_two_who_use_a_link_at_once_one_sets_the_password() {
    for _ in 0..5 {
        let app = TestApp::start().await;
        let link = reset_link(&app).await;
        let mut browsers: Vec<Browser> = (0..4).map(|_| app.anonymous()).collect();
        let passwords: Vec<_> = (0..4)
            .map(|n| format!("horse number {n} battery staple"))
            .collect();
        let all = browsers.iter_mut().zip(&passwords);
        let all = all.map(|(browser, password)| set(browser, &link, password));
        let answers = futures::future::join_all(all).await;
        let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        let winner = statuses.iter().position(|status| *status == 303).unwrap();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 404, 404, 404]);
        for (n, password) in passwords.iter().enumerate() {
            let logged_in = app.anonymous().log_in(EMAIL, password).await;
            assert_eq!(logged_in.status == 303, n == winner, "{n}");
        }
    }
}

#[tokio::test]
async fn a_link_is_for_the_account_it_was_made_for_whoever_is_logged_in() {
    let app = TestApp::start().await;
    app.add_client("joe@example.com").await;
    let link = reset_link(&app).await;
    let mut joe = app.logged_in_as("joe@example.com").await;
    let page = joe.get(&link).await;
    assert!(page.body.contains(EMAIL), "it says for whom");
    assert_eq!(set(&mut joe, &link, NEW_PASSWORD).await.status, 303);
    assert_eq!(
        joe.get("/profile").await.status,
        200,
        "joe's session goes on"
    );
    assert_eq!(
        app.anonymous().log_in(EMAIL, NEW_PASSWORD).await.status,
        303
    );
    let joes = app.anonymous().log_in("joe@example.com", PASSWORD).await;
    assert_eq!(joes.status, 303);
}

#[tokio::test]
async fn whoever_tries_links_or_passwords_without_end_is_refused() {
    let app = TestApp::start_with(&[("OPENTILL_LOGIN_LIMIT", "3")]).await;
    let link = reset_link(&app).await;
    let mut browser = app.anonymous();
    let hashes = app.state.passwords.workers().done();
    // Asking for it was the first.
    for _ in 0..2 {
        assert_eq!(set(&mut browser, &link, "short").await.status, 422);
    }
    let refused = set(&mut browser, &link, NEW_PASSWORD).await;
    assert_eq!(refused.status, 429);
    assert!(!refused.header("retry-after").is_empty());
    assert!(refused.body.contains("role=\"alert\""), "{}", refused.body);
    assert_eq!(
        app.state.passwords.workers().done(),
        hashes,
        "nothing was hashed"
    );
}

#[tokio::test]
async fn a_link_that_waits_for_the_mail_server_is_not_sent_once_the_password_has_changed() {
    let app = TestApp::start_at(Clock::stopped(), &[]).await;
    ask(&mut app.anonymous(), EMAIL).await;
    app.clock.advance(MINUTE);
    app.set_password(EMAIL, NEW_PASSWORD).await;
    let mails = app.mails().await;
    let subjects: Vec<_> = mails.iter().map(|mail| mail.header("Subject")).collect();
    assert_eq!(subjects, ["Your password was changed"]);
}

#[tokio::test]
async fn an_invitation_that_waits_for_the_mail_server_ends_when_a_password_is_set() {
    let app = TestApp::start().await;
    let email = "new@example.com";
    app.add_client_without_password(email).await;
    links::invite(&app.state, &email.parse().unwrap(), &Delivery::Mail)
        .await
        .unwrap();
    app.set_password(email, NEW_PASSWORD).await;
    let subjects = app.mails().await;
    let subjects: Vec<_> = subjects.iter().map(|mail| mail.header("Subject")).collect();
    assert_eq!(subjects, ["Your password was changed"]);
    // A link to reset the password works for somebody who never had one.
    let other = "other@example.com";
    app.add_client_without_password(other).await;
    ask(&mut app.anonymous(), other).await;
    let link = app.mailed_link().await;
    assert_eq!(
        set(&mut app.anonymous(), &link, NEW_PASSWORD).await.status,
        303
    );
    assert_eq!(
        app.anonymous().log_in(other, NEW_PASSWORD).await.status,
        303
    );
}
