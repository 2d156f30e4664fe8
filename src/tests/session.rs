//! Logging in and out, and everything that ends a session.

mod cookie;
mod endings;
mod hashing;
mod next;
mod under_way;
mod unkept;

use opentill::{model::client::ClientStatus, server::clock::Clock};

use crate::support::{Answer, Browser, EMAIL, PASSWORD, TestApp, eventually};

const OTHER: &str = "other@example.com";
const MINUTE: i64 = 60;
const NEW_PASSWORD: &str = "another horse battery staple";

async fn is_signed_in(browser: &mut Browser) -> bool {
    let answer = browser.get("/profile").await;
    assert!(matches!(answer.status, 200 | 303), "{answer:?}");
    answer.status == 200
}

/// What everybody gets alike, without what differs for each request.
fn comparable(answer: &Answer, email: &str) -> String {
    let policy = answer.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).unwrap();
    let nonce = nonce.split('\'').next().unwrap();
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["x-request-id", "date", "content-length"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort();
    assert!(answer.body.contains(email), "the address stays in the form");
    format!("{}\n{}\n{}", answer.status, headers.join("\n"), answer.body)
        .replace(nonce, "NONCE")
        .replace(email, "EMAIL")
}

#[tokio::test]
async fn an_unknown_address_a_wrong_password_and_a_closed_client_fail_alike() {
    let app = TestApp::start().await;
    app.add_client(OTHER).await;
    app.set_status(OTHER, ClientStatus::Closed).await;
    let mut failures = Vec::new();
    for (email, password) in [
        ("nobody@example.com", PASSWORD),
        ("nobody@example.com", ""),
        ("not-an-address", PASSWORD),
        (EMAIL, "wrong horse battery staple"),
        (EMAIL, ""),
        (EMAIL, "correct horse battery staple "),
        (EMAIL, "Correct horse battery staple"),
        (OTHER, PASSWORD),
        (OTHER, "wrong horse battery staple"),
    ] {
        let mut anonymous = app.anonymous();
        let answer = anonymous.log_in(email, password).await;
        assert_eq!(answer.status, 401, "{email}");
        assert!(anonymous.cookie.is_none(), "{email}");
        let sentence = "Incorrect email or password.";
        assert_eq!(answer.body.matches(sentence).count(), 1, "{email}");
        assert!(!answer.body.contains("closed"), "{email}");
        failures.push(comparable(&answer, email));
    }
    for failure in &failures {
        assert_eq!(failure, &failures[0]);
    }
}

#[tokio::test]
async fn a_password_is_never_shown_again() {
    let app = TestApp::start().await;
    let typed = "a-password-typed-wrong";
    let answer = app.anonymous().log_in(EMAIL, typed).await;
    assert_eq!(answer.status, 401);
    assert!(!answer.body.contains(typed));
}

#[tokio::test]
async fn the_address_is_read_in_any_case_and_without_the_space_around_it() {
    let app = TestApp::start().await;
    for email in [
        "jane@example.com",
        "JANE@Example.COM",
        "  jane@example.com ",
    ] {
        let answer = app.anonymous().log_in(email, PASSWORD).await;
        assert_eq!(answer.status, 303, "{email:?}");
    }
}

#[tokio::test]
async fn a_suspended_client_logs_in_and_a_closed_one_is_out_at_once() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    app.set_status(EMAIL, ClientStatus::Suspended).await;
    assert!(is_signed_in(&mut owner).await);
    assert_eq!(app.anonymous().log_in(EMAIL, PASSWORD).await.status, 303);
    app.set_status(EMAIL, ClientStatus::Closed).await;
    assert!(!is_signed_in(&mut owner).await);
    app.set_status(EMAIL, ClientStatus::Active).await;
    assert!(!is_signed_in(&mut owner).await, "what ended stays ended");
}

#[tokio::test]
async fn logging_out_ends_the_session_on_the_server() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let mut elsewhere = app.logged_in().await;
    let cookie = owner.cookie.clone();
    let answer = owner.post("/logout", &[]).await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), "/login");
    assert_eq!(
        answer.header("clear-site-data"),
        "",
        "it takes browsers seconds"
    );
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    assert!(owner.cookie.is_none());
    owner.cookie = cookie;
    assert!(
        !is_signed_in(&mut owner).await,
        "the old cookie is worth nothing"
    );
    assert!(is_signed_in(&mut elsewhere).await, "the other device stays");
    let again = owner.post("/logout", &[]).await;
    assert_eq!(again.status, 303, "twice does no harm");
    let link = elsewhere.get("/logout").await;
    assert_eq!((link.status, link.header("location")), (303, "/"));
    assert!(is_signed_in(&mut elsewhere).await, "a link logs nobody out");
}

#[tokio::test]
async fn a_session_unused_for_thirty_minutes_is_over_and_use_keeps_it() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    for _ in 0..3 {
        let before = app.sessions_of(EMAIL).await[0].last_seen_at;
        app.clock.advance(29 * MINUTE);
        assert!(is_signed_in(&mut owner).await);
        // It is written beside the request.
        let was_noted = async || app.sessions_of(EMAIL).await[0].last_seen_at > before;
        eventually("the use is noted", was_noted).await;
    }
    app.clock.advance(30 * MINUTE);
    assert!(!is_signed_in(&mut owner).await);
    let mut later = app.logged_in().await;
    assert!(is_signed_in(&mut later).await);
    app.clock.advance(-30 * MINUTE);
    assert!(
        !is_signed_in(&mut owner).await,
        "not even with the clock set back: the next log-in swept it out"
    );
}

#[tokio::test]
async fn a_session_is_over_after_eight_hours_however_much_it_is_used() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    for _ in 0..23 {
        let before = app.sessions_of(EMAIL).await[0].last_seen_at;
        app.clock.advance(20 * MINUTE);
        assert!(is_signed_in(&mut owner).await);
        let was_noted = async || app.sessions_of(EMAIL).await[0].last_seen_at > before;
        eventually("the use is noted", was_noted).await;
    }
    app.clock.advance(20 * MINUTE);
    assert!(!is_signed_in(&mut owner).await);
}

#[tokio::test]
async fn the_limits_can_be_set() {
    let settings = [
        ("OPENTILL_SESSION_IDLE_MINUTES", "120"),
        ("OPENTILL_SESSION_MAX_HOURS", "1"),
    ];
    let app = TestApp::start_with(&settings).await;
    let mut owner = app.logged_in().await;
    app.clock.advance(59 * MINUTE);
    assert!(is_signed_in(&mut owner).await);
    app.clock.advance(MINUTE);
    assert!(!is_signed_in(&mut owner).await);
}

/// How long the session lives unused, as the answer to a server function says it.
async fn session_left(browser: &mut Browser) -> i64 {
    let answer = browser.rpc("session/keep", &[]).await;
    answer.header("session-left").parse().unwrap()
}

#[tokio::test]
async fn a_session_of_a_minute_is_kept_by_use_and_says_how_long_it_lives() {
    let app = TestApp::start_with(&[("OPENTILL_SESSION_IDLE_MINUTES", "1")]).await;
    let mut owner = app.logged_in().await;
    assert_eq!(session_left(&mut owner).await, 60);
    for _ in 0..3 {
        // A use so soon after the last is not written down, and is not said to count.
        app.clock.advance(10);
        assert_eq!(session_left(&mut owner).await, 50);
        let page = owner.get("/profile").await;
        assert!(page.body.contains("data-idle-left=\"50\""));
        let before = app.sessions_of(EMAIL).await[0].last_seen_at;
        app.clock.advance(30);
        assert_eq!(session_left(&mut owner).await, 60);
        let was_noted = async || app.sessions_of(EMAIL).await[0].last_seen_at > before;
        eventually("the use is noted", was_noted).await;
    }
    app.clock.advance(60);
    let answer = owner.rpc("session/keep", &[]).await;
    assert_eq!((answer.status, answer.header("session-left")), (401, ""));
}

async fn change_password(browser: &mut Browser, current: &str, new: &str) -> Answer {
    let fields = [("current_password", current), ("new_password", new)];
    browser.post("/profile/password", &fields).await
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions_and_gives_this_one_a_new_id() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("Goes on").await;
    let mut elsewhere = app.logged_in().await;
    let old_cookie = owner.cookie.clone();
    let answer = change_password(&mut owner, PASSWORD, NEW_PASSWORD).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_ne!(owner.cookie, old_cookie);
    assert!(is_signed_in(&mut owner).await);
    assert!(!is_signed_in(&mut elsewhere).await);
    owner.cookie = old_cookie;
    assert!(!is_signed_in(&mut owner).await);
    assert_eq!(app.sessions_of(EMAIL).await.len(), 1);
    assert_eq!(app.anonymous().log_in(EMAIL, PASSWORD).await.status, 401);
    assert_eq!(
        app.anonymous().log_in(EMAIL, NEW_PASSWORD).await.status,
        303
    );
    assert_eq!(app.me(&token).await.status, 200, "tokens are no sessions");
}

#[tokio::test]
async fn a_refused_new_password_changes_nothing_and_says_why() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let mut elsewhere = app.logged_in().await;
    let cookie = owner.cookie.clone();
    for (current, new) in [
        ("wrong horse battery staple", NEW_PASSWORD),
        ("", NEW_PASSWORD),
        (PASSWORD, ""),
        (PASSWORD, "14 characters."),
        (PASSWORD, &"a".repeat(1025)),
    ] {
        let answer = change_password(&mut owner, current, new).await;
        assert_eq!(answer.status, 422, "{new:?}");
        assert!(answer.body.contains("role=\"alert\""), "{new:?}");
        assert!(!answer.body.contains(NEW_PASSWORD), "{new:?}");
    }
    assert_eq!(owner.cookie, cookie);
    assert!(is_signed_in(&mut owner).await && is_signed_in(&mut elsewhere).await);
    assert_eq!(app.anonymous().log_in(EMAIL, PASSWORD).await.status, 303);
}

/// A password of so many bytes that nobody guesses.
fn phrase(bytes: usize) -> String {
    let mut phrase =
        "many quiet wolves howl at nine lakes while seven owls count pebbles; ".repeat(20);
    phrase.truncate(bytes);
    phrase
}

#[tokio::test]
async fn every_byte_of_a_password_counts() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let mut current = PASSWORD.to_owned();
    for new in [
        "fifteen letters".to_owned(),
        phrase(72),
        phrase(73),
        phrase(128),
        phrase(129),
        phrase(1024),
        "höhle über dünen ".repeat(50),
        " space around it ".to_owned(),
        "a\u{0}zero byte in it".to_owned(),
        "👩‍👩‍👧‍👦 a family in it".to_owned(),
    ] {
        let answer = change_password(&mut owner, &current, &new).await;
        assert_eq!(answer.status, 303, "{new:?}: {}", answer.body);
        let mut other_end = new.clone();
        other_end.pop();
        for wrong in [other_end.clone(), other_end + "b", format!("{new} ")] {
            let answer = app.anonymous().log_in(EMAIL, &wrong).await;
            assert_eq!(answer.status, 401, "{wrong:?}");
        }
        assert_eq!(app.anonymous().log_in(EMAIL, &new).await.status, 303);
        current = new;
    }
}

#[tokio::test]
async fn a_client_ends_sessions_one_by_one_or_all_others() {
    let app = TestApp::start().await;
    let mut first = app.logged_in().await;
    let mut second = app.logged_in().await;
    let mut third = app.logged_in().await;
    // The last to log in is the first in the list.
    let ids: Vec<String> = app
        .sessions_of(EMAIL)
        .await
        .iter()
        .map(|session| session.id.0.to_string())
        .collect();
    let ended = third
        .post("/profile/sessions/end", &[("id", &ids[1])])
        .await;
    assert_eq!(ended.status, 303);
    assert!(!is_signed_in(&mut second).await && is_signed_in(&mut first).await);
    let ended = third.post("/profile/sessions/end-others", &[]).await;
    assert_eq!(ended.status, 303);
    assert!(!is_signed_in(&mut first).await && is_signed_in(&mut third).await);
    let own = third
        .post("/profile/sessions/end", &[("id", &ids[0])])
        .await;
    assert_eq!(own.status, 303);
    assert!(!is_signed_in(&mut third).await, "also the one that asks");
}

#[tokio::test]
async fn a_foreign_session_cannot_be_ended_and_answers_like_a_missing_one() {
    // Pages say how many seconds the session has left.
    let app = TestApp::start_at(Clock::stopped(), &[]).await;
    app.add_client(OTHER).await;
    let mut owner = app.logged_in().await;
    let id = app.sessions_of(EMAIL).await[0].id.0.to_string();
    let mut other = app.logged_in_as(OTHER).await;
    let mut bodies = Vec::new();
    for id in [
        id.as_str(),
        "999999",
        "0",
        "-1",
        "",
        "x",
        "1 OR 1=1",
        "99999999999999999999",
    ] {
        let answer = other.post("/profile/sessions/end", &[("id", id)]).await;
        assert_eq!(answer.status, 404, "{id}");
        let nonce = answer.header("content-security-policy").to_owned();
        let nonce = nonce.split('\'').find(|part| part.starts_with("nonce-"));
        bodies.push(answer.body.replace(&nonce.unwrap()["nonce-".len()..], ""));
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(
        other.post("/profile/sessions/end-others", &[]).await.status,
        303
    );
    assert!(is_signed_in(&mut owner).await);
}

#[tokio::test]
async fn whoever_is_signed_out_is_led_to_the_log_in_and_back() {
    let app = TestApp::start().await;
    let mut anonymous = app.anonymous();
    for (path, location) in [
        ("/", "/login"),
        ("/profile", "/login?next=%2Fprofile"),
        ("/profile?x=y", "/login?next=%2Fprofile%3Fx%3Dy"),
    ] {
        let answer = anonymous.get(path).await;
        assert_eq!((answer.status, answer.header("location")), (303, location));
    }
    for (path, section) in [
        ("/profile/tokens", "api-tokens"),
        ("/profile/tokens/1/revoke", "api-tokens"),
        ("/profile/details", "details"),
        ("/profile/password", "password"),
        ("/profile/sessions/end-others", "sessions"),
    ] {
        let posted = anonymous.post(path, &[("name", "x")]).await;
        assert_eq!(posted.status, 303);
        let location = format!("/login?next=%2Fprofile%23{section}");
        assert_eq!(posted.header("location"), location);
    }
}
