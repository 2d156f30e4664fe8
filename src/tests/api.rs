//! The API: who gets in, what it answers, and what it never does.

mod authorization;
mod elsewhere;
mod lists;
mod openapi;
mod paths;
mod scopes;
mod sync;
mod token;

use opentill::{
    model::client::ClientStatus,
    server::{clock::Clock, config::Config, state::AppState, tokens},
};
use serde_json::Value;

use crate::support::{Answer, EMAIL, TestApp, eventually};

const OTHER: &str = "other@example.com";

#[tokio::test]
async fn me_answers_the_owner_in_exactly_the_documented_fields() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Reader").await;
    let answer = app.me(&token).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    let me: Value = serde_json::from_str(&answer.body).unwrap();
    let created_at = me["data"]["created_at"].as_str().unwrap();
    let shape: String = created_at
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    assert_eq!(shape, "0000-00-00T00:00:00Z");
    let today = app.clock.now().rfc3339();
    assert_eq!(created_at[..7], today[..7], "it is the time of creation");
    let id = app.id_of(EMAIL).await.0;
    let expected = format!(
        concat!(
            r#"{{"data":{{"id":{id},"name":"Jane Smith","email":"jane@example.com","#,
            r#""company":"Acme Hosting Ltd","phone":null,"address1":"500 Congress Avenue","#,
            r#""address2":null,"city":"Austin","state":"TX","postcode":"78701","country":"US","#,
            r#""currency_code":"USD","status":"active","created_at":"{created_at}"}}}}"#
        ),
        id = id,
        created_at = created_at
    );
    assert_eq!(answer.body, expected);
}

#[tokio::test]
async fn each_token_reads_its_own_owner_and_nobody_else() {
    let app = TestApp::start().await;
    app.add_client(OTHER).await;
    let mine = app.logged_in().await.create_token("Same name").await;
    let theirs = app
        .logged_in_as(OTHER)
        .await
        .create_token("Same name")
        .await;
    for (token, email) in [(&mine, EMAIL), (&theirs, OTHER)] {
        let me: Value = serde_json::from_str(&app.me(token).await.body).unwrap();
        assert_eq!(me["data"]["email"], email);
        assert_eq!(me["data"]["id"], app.id_of(email).await.0);
    }
}

#[tokio::test]
async fn a_token_works_from_the_moment_it_is_shown_until_the_moment_it_is_revoked() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let kept = owner.create_token("Kept").await;
    for round in 0..10 {
        let token = owner.create_token(&format!("Token {round}")).await;
        assert_eq!(app.me(&token).await.status, 200);
        let id = app.tokens_of(EMAIL).await[0].id;
        let revoked = owner
            .post(&format!("/profile/tokens/{id}/revoke"), &[])
            .await;
        assert_eq!(revoked.status, 303);
        assert!(app.me(&token).await.is_exact_401());
    }
    assert_eq!(app.me(&kept).await.status, 200, "the others go on");
}

#[tokio::test]
async fn a_revocation_by_another_process_counts_at_once() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Shared").await;
    let config = Config::clone(&app.state.config);
    let elsewhere = AppState::start(config, Clock::default()).await.unwrap();
    assert_eq!(app.me(&token).await.status, 200);
    let id = app.tokens_of(EMAIL).await[0].id;
    tokens::revoke_any(&elsewhere, id).await.unwrap();
    assert!(app.me(&token).await.is_exact_401());
}

#[tokio::test]
async fn a_closed_client_gets_the_exact_401_and_a_suspended_one_may_read() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Reader").await;
    app.set_status(EMAIL, ClientStatus::Suspended).await;
    let suspended = app.me(&token).await;
    assert_eq!(suspended.status, 200);
    let me: Value = serde_json::from_str(&suspended.body).unwrap();
    assert_eq!(me["data"]["status"], "suspended");
    app.set_status(EMAIL, ClientStatus::Closed).await;
    assert!(app.me(&token).await.is_exact_401());
    app.set_status(EMAIL, ClientStatus::Active).await;
    assert_eq!(app.me(&token).await.status, 200);
}

#[tokio::test]
async fn last_use_is_written_down_soon_and_at_most_once_a_minute() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Reader").await;
    let recorded = async || app.tokens_of(EMAIL).await[0].last_used_at;
    assert_eq!(recorded().await, None, "never used");
    app.me(&token).await;
    eventually("the use is recorded", async || recorded().await.is_some()).await;
    let first = recorded().await;

    app.clock.advance(30);
    app.me(&token).await;
    app.state.usage.write_due(app.clock.now()).await;
    assert_eq!(recorded().await, first, "half a minute later nothing is");

    app.clock.advance(31);
    app.me(&token).await;
    app.state.usage.write_due(app.clock.now()).await;
    assert!(recorded().await > first, "after a minute it is");

    let latest = recorded().await;
    app.clock.advance(-3600);
    app.me(&token).await;
    app.state.usage.flush().await;
    assert_eq!(recorded().await, latest, "it never goes back");
}

#[tokio::test]
async fn a_refused_token_is_not_recorded_as_used() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Reader").await;
    app.set_status(EMAIL, ClientStatus::Closed).await;
    assert!(app.me(&token).await.is_exact_401());
    app.state.usage.flush().await;
    assert_eq!(app.tokens_of(EMAIL).await[0].last_used_at, None);
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_none_is_cached_unasked() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let bearer = format!("Bearer {}", owner.create_token("Reader").await);
    let mut anonymous = app.anonymous();
    let mut answers: Vec<(String, Answer)> = Vec::new();
    for path in ["/api/v1/me", "/api/v1/none", "/api/none"] {
        for authorization in ["", &bearer] {
            let headers = [("authorization", authorization)];
            let answer = anonymous.get_with(path, &headers).await;
            answers.push((path.to_owned(), answer));
        }
    }
    for path in [
        "/",
        "/login",
        "/profile",
        "/profile/tokens/1/revoke",
        "/profile/tokens/999/revoke",
        "/docs/api",
        "/none",
        "/healthz",
        "/readyz",
        "/rpc/none",
    ] {
        answers.push((path.to_owned(), anonymous.get(path).await));
        answers.push((format!("{path} signed in"), owner.get(path).await));
    }
    for path in [
        "/api/v1/me",
        "/login",
        "/docs/api",
        "/rpc/tokens/list",
        "/none",
    ] {
        answers.push((format!("POST {path}"), owner.post(path, &[]).await));
    }
    for (path, answer) in answers {
        assert_secured(&path, &answer);
    }
}

fn assert_secured(path: &str, answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        // Plain http: a promise of https would lock people out.
        ("strict-transport-security", ""),
    ] {
        assert_eq!(answer.header(name), value, "{path}: {name}");
    }
    // What has a tag is kept for its client alone, and never used without asking.
    if answer.header("etag").is_empty() {
        answer.assert_kept_nowhere();
    } else {
        assert_eq!(
            answer.header("cache-control"),
            "private, no-cache",
            "{path}"
        );
    }
    let permissions = answer.header("permissions-policy");
    assert!(permissions.contains("clipboard-write=(self)"), "{path}");
    let is_page = answer.header("content-type").starts_with("text/html");
    for feature in ["camera=()", "geolocation=()", "payment=()", "usb=()"] {
        assert_eq!(permissions.contains(feature), is_page, "{path}: {feature}");
    }
    let policy = answer.header("content-security-policy");
    for directive in [
        "default-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(directive), "{path}: {policy}");
    }
    assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
    assert!(!policy.contains("'unsafe-eval'"), "{path}: {policy}");
    assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
}

#[tokio::test]
async fn without_its_database_the_api_says_try_again_and_never_unauthenticated() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Reader").await;
    app.state.store.close().await;
    let answer = app.me(&token).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(answer.header("www-authenticate"), "");
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert!(body["message"].is_string() && body.as_object().unwrap().len() == 1);
    for word in ["sql", "SQL", "pool", "Pool", ".rs", "clients"] {
        assert!(!answer.body.contains(word), "{}", answer.body);
    }
    let no_token = app.anonymous().get("/api/v1/me").await;
    assert!(
        no_token.is_exact_401(),
        "that much is known without a database"
    );
    assert_eq!(app.anonymous().get("/healthz").await.status, 200);
    assert_eq!(app.anonymous().get("/readyz").await.status, 503);
}

#[tokio::test]
async fn without_its_database_the_portal_says_try_again_and_signs_nobody_out() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let cookie = owner.cookie.clone();
    app.state.store.close().await;
    for path in ["/", "/profile", "/profile/tokens/1/revoke", "/login"] {
        let answer = owner.get(path).await;
        assert_eq!(answer.status, 503, "{path}");
        assert_eq!(answer.header("retry-after"), "1", "{path}");
        assert_eq!(answer.header("set-cookie"), "", "{path}");
    }
    for path in [
        "/logout",
        "/profile/tokens",
        "/profile/tokens/1/revoke",
        "/rpc/tokens/list",
    ] {
        let answer = owner.post(path, &[("name", "x")]).await;
        assert_eq!(answer.status, 503, "{path}");
        assert_eq!(answer.header("set-cookie"), "", "{path}");
    }
    assert_eq!(owner.cookie, cookie);
    let log_in = app.anonymous().log_in(EMAIL, "whatever it was").await;
    assert_eq!(log_in.status, 503);
}
