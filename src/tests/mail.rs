//! Sending mails: what they say, and mail servers that are slow, refuse, or go away.

mod outbox;
mod tls;

use opentill::{
    model::{
        activity::Event,
        timestamp::{DAY, MINUTE},
    },
    server::{clock::Clock, mail::send_due},
};

use crate::support::{
    EMAIL, TestApp,
    mail::{MailServer, Manner},
};

/// An app that sends its mails there, when it is told to.
async fn app_with(server: &MailServer) -> TestApp {
    let settings = [
        ("OPENTILL_SMTP_URL", server.url()),
        ("OPENTILL_MAIL_FROM", "portal@example.com".to_owned()),
    ];
    let settings = settings
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    TestApp::start_at(Clock::stopped(), &settings).await
}

/// Asks for a link to reset the password.
async fn ask(app: &TestApp) {
    let fields = [("email", EMAIL)];
    let asked = app.anonymous().post("/forgot-password", &fields).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
}

async fn waiting(app: &TestApp) -> Vec<opentill::model::mail::MailSummary> {
    app.state.store.mails_after(0, 1_000).await.unwrap()
}

async fn events(app: &TestApp, event: Event) -> usize {
    let client = app.id_of(EMAIL).await;
    let trail = app.state.store.activity_of(client, 1_000).await.unwrap();
    trail.iter().filter(|line| line.event == event).count()
}

#[tokio::test]
async fn a_server_that_says_later_gets_it_later_with_the_same_message_id() {
    let busy = "451 4.7.1 Greylisted, try again";
    for (at, code) in [
        ("", "421 busy"),
        ("MAIL", busy),
        ("RCPT", busy),
        ("DATA", busy),
        (".", busy),
    ] {
        let server = MailServer::start(Manner::Answer(at, code)).await;
        let app = app_with(&server).await;
        ask(&app).await;
        send_due(&app.state).await;
        let left = waiting(&app).await;
        assert_eq!((left.len(), left[0].tries), (1, 1), "{at}: {left:?}");
        let error = left[0].error.as_deref().unwrap();
        assert!(error.contains(&code[..3]), "{at}: {error}");
        server.set(Manner::Accept);
        send_due(&app.state).await;
        assert_eq!(server.connections(), 1, "{at}: not before it is due");
        app.clock.advance(MINUTE);
        send_due(&app.state).await;
        assert_eq!(server.accepted().len(), 1, "{at}");
        assert!(waiting(&app).await.is_empty(), "{at}");
        let link = server.accepted()[0].link();
        assert_eq!(app.anonymous().get(&link).await.status, 200, "{at}");
        assert_eq!(events(&app, Event::PasswordResetRequested).await, 1, "{at}");
        assert_eq!(events(&app, Event::MailFailed).await, 0, "{at}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_loses_nothing_and_sends_twice_only_what_was_taken() {
    for at in ["", "EHLO", "MAIL", "RCPT", "DATA", "."] {
        let server = MailServer::start(Manner::Drop(at)).await;
        let app = app_with(&server).await;
        ask(&app).await;
        send_due(&app.state).await;
        assert_eq!(waiting(&app).await.len(), 1, "{at}");
        server.set(Manner::Accept);
        app.clock.advance(MINUTE);
        send_due(&app.state).await;
        assert_eq!(server.accepted().len(), 1, "{at}");
        assert!(waiting(&app).await.is_empty(), "{at}");
    }
    let server = MailServer::start(Manner::AcceptSilently).await;
    let app = app_with(&server).await;
    ask(&app).await;
    send_due(&app.state).await;
    server.set(Manner::Accept);
    app.clock.advance(MINUTE);
    send_due(&app.state).await;
    let twice = server.accepted();
    assert_eq!(twice.len(), 2, "nobody could know that it was taken");
    assert_eq!(twice[0].header("Message-ID"), twice[1].header("Message-ID"));
    // Whichever of them is read, its link works.
    for mail in &twice {
        assert_eq!(app.anonymous().get(&mail.link()).await.status, 200);
    }
}

#[tokio::test]
async fn a_mailbox_that_is_refused_for_good_is_given_up_and_other_refusals_are_tried_for_three_days()
 {
    let server = MailServer::start(Manner::Answer("RCPT", "550 5.1.1 no such user")).await;
    let app = app_with(&server).await;
    ask(&app).await;
    send_due(&app.state).await;
    assert!(waiting(&app).await.is_empty());
    assert_eq!(events(&app, Event::MailFailed).await, 1);

    server.set(Manner::Answer("MAIL", "554 5.7.1 not from here"));
    ask(&app).await;
    let began = app.clock.now();
    let mut pauses = Vec::new();
    while let [mail] = waiting(&app).await.as_slice() {
        assert!(pauses.len() < 40, "{pauses:?}");
        let now = app.clock.now();
        let pause = mail.next_try_at.unix() - now.unix();
        pauses.push(pause);
        app.clock.advance(pause.max(0));
        send_due(&app.state).await;
    }
    let days = app.clock.now().seconds_since(began) / DAY;
    assert_eq!(days, 3, "{pauses:?}");
    assert!(
        pauses.is_sorted() && (10..30).contains(&pauses.len()),
        "{pauses:?}"
    );
    assert_eq!(events(&app, Event::MailFailed).await, 2);
    assert!(server.accepted().is_empty());
}

#[tokio::test]
async fn the_user_and_the_password_are_sent_to_the_server_and_shown_to_nobody() {
    let server = MailServer::start(Manner::Answer("AUTH", "535 5.7.8 wrong: hunter2")).await;
    let url = server.url().replace("//", "//portal:hunter2@");
    let settings = [
        ("OPENTILL_SMTP_URL", url.as_str()),
        ("OPENTILL_MAIL_FROM", "portal@example.com"),
    ];
    let app = TestApp::start_with(&settings).await;
    ask(&app).await;
    send_due(&app.state).await;
    let left = waiting(&app).await;
    let error = left[0].error.as_deref().unwrap();
    assert!(
        error.contains("535") && !error.contains("hunter2"),
        "{error}"
    );
    assert!(!format!("{:?}", app.state.config).contains("hunter2"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_says_nothing_delays_no_request() {
    let server = MailServer::start(Manner::Silent).await;
    let app = app_with(&server).await;
    opentill::server::mail::start(&app.state);
    ask(&app).await;
    crate::support::eventually("it is being sent", async || server.connections() == 1).await;
    let mut owner = app.logged_in().await;
    for n in 0..10 {
        owner.create_token(&format!("Token {n}")).await;
        ask(&app).await;
    }
    assert!(waiting(&app).await.len() >= 10);
}

#[tokio::test]
async fn clients_are_told_of_what_happens_to_their_account() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    owner.create_token("<b>Dashboard").await;
    let id = app.tokens_of(EMAIL).await[0].id;
    opentill::server::tokens::revoke_any(&app.state, id)
        .await
        .unwrap();
    owner.create_token("Mine").await;
    let id = app.tokens_of(EMAIL).await[0].id;
    // What they revoke themselves they know.
    let path = format!("/profile/tokens/{id}/revoke");
    assert_eq!(owner.post(&path, &[]).await.status, 303);
    app.set_password(EMAIL, "another horse battery staple")
        .await;
    let mails = app.mails().await;
    let subjects: Vec<_> = mails.iter().map(|mail| mail.header("Subject")).collect();
    let expected = [
        "An API token was created",
        "An API token was revoked",
        "An API token was created",
        "Your password was changed",
    ];
    assert_eq!(subjects, expected);
    let created = &mails[0];
    assert!(
        created.text.contains("Token: <b>Dashboard (ot_live_…"),
        "{}",
        created.text
    );
    assert!(
        created.html.contains("&lt;b&gt;Dashboard"),
        "{}",
        created.html
    );
    assert!(created.text.contains("127.0.0.1") && created.text.contains(" UTC"));
    assert!(
        mails[1].text.contains("by your provider"),
        "{}",
        mails[1].text
    );
    assert!(
        mails[3].text.contains("/forgot-password"),
        "{}",
        mails[3].text
    );
    for mail in &mails {
        assert!(crate::support::find_token(&mail.raw).is_none());
        assert_eq!(mail.header("To"), EMAIL);
        assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
        assert!(
            !mail.text.contains("/set-password/"),
            "no link lets anybody in"
        );
    }
}
