//! A token opens the API by its one header, and opens nothing else.

use opentill::server::tokens;
use reqwest::Method;

use crate::support::{Answer, Browser, EMAIL, PASSWORD, TestApp};

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_token_anywhere_but_in_its_header_gets_the_exact_401() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Valid").await;
    let mut anonymous = app.anonymous();
    for name in [
        "token",
        "access_token",
        "api_key",
        "apikey",
        "key",
        "bearer",
        "authorization",
    ] {
        let path = format!("/api/v1/me?{name}={token}");
        assert!(anonymous.get(&path).await.is_exact_401(), "{path}");
        let cookie = format!("{name}={token}");
        let answer = anonymous
            .get_with("/api/v1/me", &[("cookie", &cookie)])
            .await;
        assert!(answer.is_exact_401(), "{cookie}");
        let request = anonymous
            .request(Method::GET, "/api/v1/me", &[("content-type", FORM)])
            .body(format!("{name}={token}"));
        assert!(anonymous.send(request).await.is_exact_401(), "{name}");
    }
    for header in [
        "x-api-key",
        "x-auth-token",
        "x-access-token",
        "api-key",
        "proxy-authorization",
    ] {
        for value in [token.clone(), format!("Bearer {token}")] {
            let answer = anonymous
                .get_with("/api/v1/me", &[(header, value.as_str())])
                .await;
            assert!(answer.is_exact_401(), "{header}");
        }
    }
    for (user, password) in [(token.as_str(), ""), ("", &token), (EMAIL, &token)] {
        let request = anonymous
            .request(Method::GET, "/api/v1/me", &[])
            .basic_auth(user, Some(password));
        assert!(anonymous.send(request).await.is_exact_401());
    }
    let answer = anonymous
        .post("/api/v1/me", &[("access_token", token.as_str())])
        .await;
    assert_eq!(answer.status, 405);
}

#[tokio::test]
async fn a_session_and_even_the_password_open_nothing_in_the_api() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    assert!(owner.get("/api/v1/me").await.is_exact_401());
    assert!(owner.get("/api/v1/none").await.is_exact_401());
    let cookie = owner.cookie.clone().unwrap();
    let value = cookie.split_once('=').unwrap().1;
    let bearer = format!("Bearer {value}");
    let answer = owner
        .get_with("/api/v1/me", &[("authorization", &bearer)])
        .await;
    assert!(answer.is_exact_401());
    let request = owner
        .request(Method::GET, "/api/v1/me", &[])
        .basic_auth(EMAIL, Some(PASSWORD));
    assert!(owner.send(request).await.is_exact_401());
}

/// Sends a form that brings a bearer token and no session.
async fn post_with_token(integration: &mut Browser, token: &str, path: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let fields = [
        ("name", "Made by a token"),
        ("id", "1"),
        ("idempotency_key", ""),
        ("replace_unseen", "false"),
        ("current_password", PASSWORD),
        ("new_password", "another horse battery staple"),
    ];
    integration
        .post_with(path, &fields, &[("authorization", &bearer)])
        .await
}

#[tokio::test]
async fn a_token_alone_sees_no_page_and_creates_and_revokes_nothing() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("Valid").await;
    let id = app.tokens_of(EMAIL).await[0].id;
    let before = (app.tokens_of(EMAIL).await, app.sessions_of(EMAIL).await);
    let bearer = format!("Bearer {token}");
    let revoke = format!("/profile/tokens/{id}/revoke");
    let mut integration = app.anonymous();
    for path in ["/", "/profile", revoke.as_str()] {
        let headers = [("authorization", bearer.as_str())];
        let answer = integration.get_with(path, &headers).await;
        assert_eq!(answer.status, 303, "{path}");
        assert!(
            answer.header("location").starts_with("/login"),
            "{path}: {}",
            answer.header("location")
        );
    }
    for path in [
        "/profile/tokens",
        revoke.as_str(),
        "/profile/password",
        "/profile/sessions/end",
        "/profile/sessions/end-others",
        "/logout",
    ] {
        let answer = post_with_token(&mut integration, &token, path).await;
        assert_eq!(answer.status, 303, "{path}");
        assert!(answer.header("location").starts_with("/login"), "{path}");
    }
    let functions: Vec<_> = leptos::server_fn::axum::server_fn_paths().collect();
    assert!(!functions.is_empty());
    for (path, _) in functions {
        let answer = post_with_token(&mut integration, &token, path).await;
        assert_eq!(answer.status, 401, "{path}");
        assert_eq!(answer.header("location"), "", "{path}");
    }
    let after = (app.tokens_of(EMAIL).await, app.sessions_of(EMAIL).await);
    assert_eq!(before, after);
    assert_eq!(app.me(&token).await.status, 200);
    assert_eq!(app.anonymous().log_in(EMAIL, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn a_session_beside_a_revoked_token_does_not_help_it() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("Valid").await;
    let id = app.tokens_of(EMAIL).await[0].id;
    tokens::revoke_any(&app.state, id).await.unwrap();
    let bearer = format!("Bearer {token}");
    let answer = owner
        .get_with("/api/v1/me", &[("authorization", &bearer)])
        .await;
    assert!(answer.is_exact_401());
}
