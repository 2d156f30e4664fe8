//! The audit trail, from outside: what each door leaves in it.

use opentill::{
    model::{
        activity::{Activity, Event, Who},
        client::{ClientId, ClientStatus},
    },
    server::{actor::Actor, failed_logins::FailedLogins, session, store::NewActivity},
};

use crate::support::{EMAIL, PASSWORD, TestApp, eventually};

async fn trail(app: &TestApp) -> Vec<Activity> {
    let client = app.id_of(EMAIL).await;
    app.state.store.activity_of(client, 100).await.unwrap()
}

/// The lines of one kind, newest first.
async fn lines(app: &TestApp, event: Event) -> Vec<Activity> {
    let trail = trail(app).await;
    trail
        .into_iter()
        .filter(|line| line.event == event)
        .collect()
}

#[tokio::test]
async fn every_door_says_who_came_from_where_and_by_which_request() {
    let app = TestApp::start_with(&[("OPENTILL_TRUSTED_PROXIES", "127.0.0.1")]).await;
    let mut owner = app.logged_in().await;
    let headers = [
        ("sec-fetch-site", "same-origin"),
        ("x-forwarded-for", "203.0.113.7"),
        (
            "user-agent",
            "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
        ),
    ];
    let by_form = owner
        .post_with("/profile/tokens", &[("name", "By form")], &headers)
        .await;
    let fields = [
        ("name", "By call"),
        ("idempotency_key", ""),
        ("replace_unseen", "false"),
    ];
    let by_call = owner
        .post_with("/rpc/tokens/create", &fields, &headers)
        .await;
    let created = lines(&app, Event::TokenCreated).await;
    for (line, (answer, name)) in created
        .iter()
        .zip([(by_call, "By call"), (by_form, "By form")])
    {
        assert_eq!(line.who, Who::Client);
        assert_eq!(line.address.unwrap().to_string(), "203.0.113.7");
        assert_eq!(line.device(), "Firefox on Linux");
        assert_eq!(
            line.request_id.as_deref(),
            Some(answer.header("x-request-id"))
        );
        assert_eq!(line.token.as_ref().unwrap().name, name);
    }
    let id = app.tokens_of(EMAIL).await[0].id.to_string();
    owner
        .post_with("/rpc/tokens/revoke", &[("id", &id)], &headers)
        .await;
    let id = app.tokens_of(EMAIL).await[0].id;
    owner
        .post_with(&format!("/profile/tokens/{id}/revoke"), &[], &headers)
        .await;
    let revoked = lines(&app, Event::TokenRevoked).await;
    assert_eq!(revoked.len(), 2);
    assert!(revoked.iter().all(|line| line.who == Who::Client));
}

#[tokio::test]
async fn logins_are_written_down_and_so_are_failures_for_clients_that_there_are() {
    let app = TestApp::start().await;
    app.logged_in().await;
    assert_eq!(lines(&app, Event::LoggedIn).await[0].who, Who::Client);
    for email in [EMAIL, "nobody@example.com"] {
        app.anonymous()
            .log_in(email, "wrong horse battery staple")
            .await;
    }
    // Beside the answer.
    eventually("the failure is written down", async || {
        lines(&app, Event::LoginFailed).await.len() == 1
    })
    .await;
    assert_eq!(lines(&app, Event::LoginFailed).await[0].who, Who::Anybody);
}

#[tokio::test]
async fn failed_logins_wait_for_a_moment_that_is_not_theirs() {
    let app = TestApp::start().await;
    let client = app.id_of(EMAIL).await;
    let failed = |from: &str| {
        let from: std::net::IpAddr = from.parse().unwrap();
        let actor = Actor::anybody(Some(from.into()), "", None);
        NewActivity::new(client, Event::LoginFailed, &actor, app.clock.now())
    };
    let failed_logins = FailedLogins::new(app.state.store.clone());
    failed_logins.note(failed("203.0.113.7"));
    failed_logins.note(failed("203.0.113.8"));
    failed_logins.flush_of(ClientId(client.0 + 1)).await;
    assert_eq!(lines(&app, Event::LoginFailed).await.len(), 0);
    // While the database is away they go on waiting.
    app.state.store.faults().fail_at(0);
    failed_logins.flush().await;
    assert_eq!(lines(&app, Event::LoginFailed).await.len(), 0);
    failed_logins.flush().await;
    let written = lines(&app, Event::LoginFailed).await;
    let from: Vec<_> = written
        .iter()
        .map(|line| line.address.unwrap().to_string())
        .collect();
    assert_eq!(from, ["203.0.113.8", "203.0.113.7"], "newest first");
}

#[tokio::test]
async fn a_failed_login_stands_before_the_login_that_follows_it() {
    let app = TestApp::start().await;
    app.anonymous()
        .log_in(EMAIL, "wrong horse battery staple")
        .await;
    app.logged_in().await;
    let events: Vec<_> = trail(&app)
        .await
        .into_iter()
        .map(|line| line.event)
        .collect();
    assert_eq!(events, [Event::LoggedIn, Event::LoginFailed]);
}

#[tokio::test]
async fn a_changed_password_and_the_operators_work_are_written_down() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let fields = [
        ("current_password", PASSWORD),
        ("new_password", "another horse battery staple"),
    ];
    assert_eq!(owner.post("/profile/password", &fields).await.status, 303);
    app.set_status(EMAIL, ClientStatus::Suspended).await;
    let changed = lines(&app, Event::PasswordChanged).await;
    assert_eq!((changed.len(), changed[0].who), (1, Who::Client));
    let changed = lines(&app, Event::StatusChanged).await;
    assert_eq!((changed.len(), changed[0].who), (1, Who::Operator));
    assert_eq!(changed[0].address, None);
    assert_eq!(
        lines(&app, Event::LoggedIn).await.len(),
        1,
        "the new session is no login"
    );
}

#[tokio::test]
async fn a_tokens_first_use_and_new_addresses_are_written_down_beside_the_requests() {
    let app = TestApp::start_with(&[("OPENTILL_TRUSTED_PROXIES", "127.0.0.1")]).await;
    let token = app.logged_in().await.create_token("A").await;
    let authorization = format!("Bearer {token}");
    for from in ["203.0.113.7", "203.0.113.7", "2001:db8:1:2:3::4"] {
        let headers = [
            ("authorization", authorization.as_str()),
            ("x-forwarded-for", from),
            ("user-agent", "curl/8.0"),
        ];
        app.anonymous().get_with("/api/v1/me", &headers).await;
        app.state.usage.flush().await;
        app.clock.advance(2 * 3600);
    }
    let first = lines(&app, Event::TokenFirstUsed).await;
    assert_eq!((first.len(), first[0].who), (1, Who::Token));
    assert_eq!(first[0].address.unwrap().to_string(), "203.0.113.7");
    let new = lines(&app, Event::TokenUsedFromNewAddress).await;
    assert_eq!(new.len(), 1);
    assert_eq!(new[0].address.unwrap().to_string(), "2001:db8:1:2::/64");
    assert_eq!(new[0].user_agent, "curl/8.0");
}

#[tokio::test]
async fn a_second_secret_for_an_unseen_token_is_written_down_as_such() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let fields = [
        ("name", "A"),
        ("idempotency_key", "key"),
        ("replace_unseen", "true"),
    ];
    owner.post("/profile/tokens", &fields).await;
    owner.post("/profile/tokens", &fields).await;
    let events: Vec<_> = trail(&app)
        .await
        .into_iter()
        .map(|line| line.event)
        .collect();
    assert_eq!(
        events,
        [Event::TokenReplaced, Event::TokenCreated, Event::LoggedIn]
    );
}

#[tokio::test]
async fn a_token_pasted_as_a_name_is_refused_and_kept_nowhere() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("A").await;
    let refused = owner
        .post("/profile/tokens", &[("name", &format!("my {token}"))])
        .await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.body.contains("This contains an API token."),
        "{}",
        refused.body
    );
    assert_eq!(app.tokens_of(EMAIL).await.len(), 1);
}

#[tokio::test]
async fn a_failed_login_is_written_down_as_soon_as_the_database_takes_it() {
    let app = TestApp::start().await;
    let faults = app.state.store.faults();
    // The client is looked up, and the cost of passwords that were imported; then the line is to be written.
    faults.fail_at(2);
    let wrong = app.anonymous().log_in(EMAIL, "not the password").await;
    assert_eq!(wrong.status, 401);
    eventually("writing it down failed", async || faults.seen() >= 3).await;
    faults.stop();
    eventually("it is tried again", async || {
        lines(&app, Event::LoginFailed).await.len() == 1
    })
    .await;
}

#[tokio::test]
async fn the_end_of_a_session_says_who_ended_it_and_from_where() {
    let app = TestApp::start().await;
    let mut here = app.logged_in().await;
    let others = [app.logged_in().await, app.logged_in().await];
    assert!(lines(&app, Event::SessionEnded).await.is_empty());
    here.post("/profile/sessions/end-others", &[]).await;
    let ended = lines(&app, Event::SessionEnded).await;
    assert_eq!(ended.len(), 1, "one row for both of them: {ended:?}");
    assert_eq!(ended[0].who, Who::Client);
    assert!(ended[0].address.is_some() && ended[0].request_id.is_some());
    // There are none left, so that nothing happens.
    here.post("/profile/sessions/end-others", &[]).await;
    assert_eq!(lines(&app, Event::SessionEnded).await.len(), 1);
    drop(others);

    let other = app.logged_in().await;
    let newest = app.sessions_of(EMAIL).await;
    let newest = newest.iter().map(|session| session.id.0).max().unwrap();
    here.post("/profile/sessions/end", &[("id", &newest.to_string())])
        .await;
    assert_eq!(lines(&app, Event::SessionEnded).await.len(), 2);
    assert!(lines(&app, Event::LoggedOut).await.is_empty());
    drop(other);

    here.post("/logout", &[]).await;
    let out = lines(&app, Event::LoggedOut).await;
    assert_eq!((out.len(), out[0].who), (1, Who::Client));

    let email = EMAIL.parse().unwrap();
    app.logged_in().await;
    app.logged_in().await;
    let one = app.sessions_of(EMAIL).await[0].id;
    session::end_any(&app.state, one).await.unwrap();
    assert_eq!(session::end_all(&app.state, &email).await.unwrap(), 1);
    assert_eq!(session::end_all(&app.state, &email).await.unwrap(), 0);
    let ended = lines(&app, Event::SessionEnded).await;
    assert_eq!(ended.len(), 4);
    assert!(ended[..2].iter().all(|line| line.who == Who::Operator));

    let mut owner = app.logged_in().await;
    let page = owner.get("/activity?event=session_ended").await.body;
    assert_eq!(page.matches("Sessions ended</strong>").count(), 4);
    assert!(page.contains("Your provider"));
    assert!(!page.contains("Logged out</strong>"));
}

#[tokio::test]
async fn wrong_current_passwords_are_written_down_beside_the_answer() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    for current in ["another horse battery staple", PASSWORD] {
        let fields = [
            ("current_password", current),
            ("new_password", "wolves howl at the lake tonight"),
        ];
        owner.post("/profile/password", &fields).await;
    }
    eventually("the refusal is written down", async || {
        lines(&app, Event::PasswordRefused).await.len() == 1
    })
    .await;
    let refused = lines(&app, Event::PasswordRefused).await;
    assert_eq!(refused[0].who, Who::Client);
    assert_eq!(lines(&app, Event::PasswordChanged).await.len(), 1);
}
