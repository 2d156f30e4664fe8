//! Links with which clients choose a password: invitations, and when they forgot the one they had.

mod equal;
mod invited;
mod over;

use opentill::{
    model::{activity::Event, client::ClientStatus, timestamp::HOUR},
    server::clock::Clock,
};

use crate::support::{Answer, Browser, EMAIL, PASSWORD, TestApp, WITHOUT_MAIL};

const NEW_PASSWORD: &str = "another horse battery staple";

/// Asks for a link to choose another password.
async fn ask(browser: &mut Browser, email: &str) -> Answer {
    browser.post("/forgot-password", &[("email", email)]).await
}

/// Chooses a password by a link.
async fn set(browser: &mut Browser, link: &str, password: &str) -> Answer {
    browser.post(link, &[("new_password", password)]).await
}

/// Asks for a link and returns it.
async fn reset_link(app: &TestApp) -> String {
    assert_eq!(ask(&mut app.anonymous(), EMAIL).await.status, 200);
    app.mailed_link().await
}

/// How often something is in a client's trail.
async fn count(app: &TestApp, event: Event) -> usize {
    let client = app.id_of(EMAIL).await;
    let trail = app.state.store.activity_of(client, 1_000).await.unwrap();
    trail.iter().filter(|line| line.event == event).count()
}

#[tokio::test]
async fn whoever_forgot_the_password_chooses_another_by_a_link_that_works_once() {
    let app = TestApp::start().await;
    let mut elsewhere = app.logged_in().await;
    let token = elsewhere.create_token("Kept").await;
    let mut browser = app.anonymous();
    let login = browser.get("/login").await;
    assert!(login.body.contains("href=\"/forgot-password\""));
    assert_eq!(browser.get("/forgot-password").await.status, 200);
    let asked = ask(&mut browser, EMAIL).await;
    asked.assert_kept_nowhere();
    assert!(
        asked.body.contains("a link is on its way"),
        "{}",
        asked.body
    );
    let mails = app.mails().await;
    let mail = mails.last().unwrap();
    assert_eq!(mail.header("To"), EMAIL);
    assert_eq!(mail.header("Subject"), "Reset your password");
    assert!(mail.text.contains("127.0.0.1"), "from where: {}", mail.text);
    let link = mail.link();
    // Programs that look for malware open it, too.
    for _ in 0..3 {
        let page = browser.get(&link).await;
        assert_eq!(page.status, 200);
        page.assert_kept_nowhere();
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert!(page.body.contains(EMAIL) && page.body.contains("Choose a new password"));
    }
    for refused in ["", "too short", "passwordpassword"] {
        let answer = set(&mut browser, &link, refused).await;
        assert_eq!(answer.status, 422, "{refused}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert!(
            answer.body.contains("id=\"new-password-error\""),
            "{refused}"
        );
    }
    assert_eq!(
        elsewhere.get("/profile").await.status,
        200,
        "nothing was done yet"
    );

    let done = set(&mut browser, &link, NEW_PASSWORD).await;
    assert_eq!((done.status, done.header("location")), (303, "/login"));
    let login = browser.follow(&done).await;
    assert!(login.body.contains("Your password is set. Log in with it."));
    assert_eq!(
        elsewhere.get("/profile").await.status,
        303,
        "all sessions ended"
    );
    assert_eq!(app.me(&token).await.status, 200, "tokens stay");
    assert_eq!(browser.log_in(EMAIL, PASSWORD).await.status, 401);
    assert_eq!(browser.log_in(EMAIL, NEW_PASSWORD).await.status, 303);
    let again = set(&mut app.anonymous(), &link, "a third horse battery staple").await;
    assert_eq!(again.status, 404);
    assert_eq!(app.anonymous().get(&link).await.status, 404);
    for event in [Event::PasswordResetRequested, Event::PasswordChanged] {
        assert_eq!(count(&app, event).await, 1, "{event:?}");
    }
    let mails = app.mails().await;
    assert_eq!(
        mails.last().unwrap().header("Subject"),
        "Your password was changed"
    );
}

#[tokio::test]
async fn all_tokens_are_revoked_too_where_the_box_is_ticked() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Seen by others").await;
    let link = reset_link(&app).await;
    let mut browser = app.anonymous();
    // The box stays ticked while the password is refused.
    let ticked = [("new_password", "short"), ("revoke_tokens", "true")];
    let refused = browser.post(&link, &ticked).await;
    assert!(refused.body.contains(" checked"), "{}", refused.body);
    assert_eq!(app.me(&token).await.status, 200);
    let ticked = [("new_password", NEW_PASSWORD), ("revoke_tokens", "true")];
    let done = browser.post(&link, &ticked).await;
    let login = browser.follow(&done).await;
    assert!(
        login.body.contains("all API tokens are revoked"),
        "{}",
        login.body
    );
    assert!(app.me(&token).await.is_exact_401());
    assert_eq!(count(&app, Event::TokenRevoked).await, 1);
}

#[tokio::test]
async fn a_client_gets_three_links_an_hour_from_whichever_node() {
    let app = TestApp::start_at(Clock::stopped(), &[]).await;
    let other = app.another_node().await;
    for n in 0..8 {
        let node = if n % 2 == 0 { &app } else { &other };
        let asked = ask(&mut node.anonymous(), EMAIL).await;
        assert_eq!(asked.status, 200);
        node.mails().await;
    }
    assert_eq!(app.mails().await.len(), 3);
    assert_eq!(count(&app, Event::PasswordResetRequested).await, 3);
    app.clock.advance(HOUR + 1);
    ask(&mut app.anonymous(), EMAIL).await;
    assert_eq!(app.mails().await.len(), 4);
}

#[tokio::test]
async fn the_link_goes_to_the_address_that_is_stored_and_never_to_the_one_that_was_typed() {
    let app = TestApp::start().await;
    let stored = "zoë@example.com";
    app.add_client(stored).await;
    ask(&mut app.anonymous(), " ZOE\u{308}@EXAMPLE.com ").await;
    let mails = app.mails().await;
    let to = mails.last().unwrap().header("To");
    assert!(
        to.contains("example.com") && !to.contains("EXAMPLE"),
        "{to}"
    );
    assert_eq!(mails.len(), 1);
    // One that only looks like it is somebody else's.
    ask(&mut app.anonymous(), "zo\u{435}@example.com").await;
    assert_eq!(app.mails().await.len(), 1);
}

#[tokio::test]
async fn a_closed_client_gets_no_link_and_a_suspended_one_does() {
    let app = TestApp::start().await;
    app.set_status(EMAIL, ClientStatus::Closed).await;
    ask(&mut app.anonymous(), EMAIL).await;
    assert!(app.mails().await.is_empty());
    app.set_status(EMAIL, ClientStatus::Suspended).await;
    let link = reset_link(&app).await;
    assert_eq!(app.anonymous().get(&link).await.status, 200);
    app.set_status(EMAIL, ClientStatus::Closed).await;
    assert_eq!(app.anonymous().get(&link).await.status, 404);
    let refused = set(&mut app.anonymous(), &link, NEW_PASSWORD).await;
    assert_eq!(refused.status, 404);
}

#[tokio::test]
async fn without_mail_nothing_that_needs_it_is_offered() {
    let app = TestApp::start_with(&[WITHOUT_MAIL]).await;
    let mut browser = app.anonymous();
    assert_eq!(browser.get("/forgot-password").await.status, 404);
    assert_eq!(ask(&mut browser, EMAIL).await.status, 404);
    let login = browser.get("/login").await;
    assert!(!login.body.contains("/forgot-password"));
    assert!(login.body.contains("Contact your provider"));
    let over = browser.get("/set-password/none").await;
    assert!(!over.body.contains("/forgot-password"), "{}", over.body);
    let waiting = app.state.store.mails_after(0, 10).await.unwrap();
    assert!(waiting.is_empty());
}
