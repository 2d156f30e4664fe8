//! Each server function, as the public endpoint that it is.

use std::collections::BTreeSet;

use opentill::model::error::AppError;
use reqwest::Method;

use crate::support::{Answer, Browser, EMAIL, TestApp, find_token, raw};

mod foreign;

const OTHER: &str = "other@example.com";
const FORM: &str = "application/x-www-form-urlencoded";

/// One server function, and what it answers to each kind of caller.
struct Row {
    path: &'static str,
    /// Its arguments; `ID` stands for a token of the owner.
    arguments: &'static [(&'static str, &'static str)],
    anonymous: u16,
    owner: u16,
    other: u16,
    expired: u16,
    bearer_only: u16,
}

const TABLE: [Row; 4] = [
    Row {
        path: "/rpc/session/keep",
        arguments: &[],
        anonymous: 401,
        owner: 200,
        other: 200,
        expired: 401,
        bearer_only: 401,
    },
    Row {
        path: "/rpc/tokens/list",
        arguments: &[],
        anonymous: 401,
        owner: 200,
        other: 200,
        expired: 401,
        bearer_only: 401,
    },
    Row {
        path: "/rpc/tokens/create",
        arguments: &[
            ("name", "Made by a call"),
            ("idempotency_key", ""),
            ("replace_unseen", "false"),
        ],
        anonymous: 401,
        owner: 200,
        other: 200,
        expired: 401,
        bearer_only: 401,
    },
    Row {
        path: "/rpc/tokens/revoke",
        arguments: &[("id", "ID")],
        anonymous: 401,
        owner: 200,
        other: 404,
        expired: 401,
        bearer_only: 401,
    },
];

async fn call(browser: &mut Browser, row: &Row, id: &str, extra: &[(&str, &str)]) -> Answer {
    let fields: Vec<_> = row
        .arguments
        .iter()
        .map(|(name, value)| (*name, if *value == "ID" { id } else { *value }))
        .collect();
    browser.post_with(row.path, &fields, extra).await
}

fn assert_json(answer: &Answer, context: &str) {
    assert_eq!(
        answer.header("content-type"),
        "application/json",
        "{context}: {answer:?}"
    );
    assert_eq!(answer.header("cache-control"), "no-store", "{context}");
    assert_eq!(answer.header("location"), "", "{context}");
}

/// An error in the closed set, with the status that goes with it.
fn assert_error(answer: &Answer, status: u16, context: &str) {
    assert_eq!(answer.status, status, "{context}: {answer:?}");
    assert_json(answer, context);
    let error: AppError = serde_json::from_str(&answer.body).expect(context);
    assert_eq!(error.status(), status, "{context}");
}

#[test]
fn every_server_function_has_a_row_in_the_table() {
    let registered: BTreeSet<_> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, method)| (path, method.to_string()))
        .collect();
    let rows: BTreeSet<_> = TABLE
        .iter()
        .map(|row| (row.path, "POST".to_owned()))
        .collect();
    assert_eq!(registered, rows);
}

#[tokio::test]
async fn each_caller_gets_what_the_table_says() {
    for row in &TABLE {
        let app = TestApp::start().await;
        app.add_client(OTHER).await;
        let mut owner = app.logged_in().await;
        let token = owner.create_token("Mine").await;
        let id = app.tokens_of(EMAIL).await[0].id.to_string();
        let bearer = format!("Bearer {token}");
        let mut other = app.logged_in_as(OTHER).await;
        let mut expired = app.logged_in().await;
        app.clock.advance(31 * 60);
        let mut owner_again = app.logged_in().await;
        owner.cookie.clone_from(&owner_again.cookie);
        other
            .cookie
            .clone_from(&app.logged_in_as(OTHER).await.cookie);

        let before = app.tokens_of(EMAIL).await;
        let authorization = [("authorization", bearer.as_str())];
        let mut anonymous = app.anonymous();
        for (who, browser, extra, status) in [
            ("anonymous", &mut anonymous, &[][..], row.anonymous),
            ("expired", &mut expired, &[], row.expired),
            (
                "bearer only",
                &mut app.anonymous(),
                &authorization,
                row.bearer_only,
            ),
            ("other", &mut other, &[], row.other),
        ] {
            let context = format!("{} {who}", row.path);
            let answer = call(browser, row, &id, extra).await;
            assert_eq!(answer.status, status, "{context}: {answer:?}");
            assert_json(&answer, &context);
            assert_eq!(app.tokens_of(EMAIL).await, before, "{context}");
            assert!(!answer.body.contains("Mine"), "{context}: {}", answer.body);
        }
        assert_eq!(app.me(&token).await.status, 200);
        let answer = call(&mut owner_again, row, &id, &[]).await;
        assert_eq!(answer.status, row.owner, "{}: {answer:?}", row.path);
        assert_json(&answer, row.path);
    }
}

#[tokio::test]
async fn answers_hold_the_documented_fields_and_no_others() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let fields = [
        ("name", "A"),
        ("idempotency_key", "k"),
        ("replace_unseen", "false"),
    ];
    let created = owner.rpc("tokens/create", &fields).await;
    let secret = find_token(&created.body).unwrap();
    assert_eq!(app.me(&secret).await.status, 200);
    let token = app.tokens_of(EMAIL).await.remove(0);
    app.state.usage.flush().await;
    let summary = |last_used: &str| {
        format!(
            r#"{{"id":{},"name":"A","last_four":"{}","scopes":"everything","created_at":{},"last_used_at":{last_used}}}"#,
            token.id,
            &secret[42..],
            token.created_at.unix()
        )
    };
    let expected = format!(r#"{{"token":{},"secret":"{secret}"}}"#, summary("null"));
    assert_eq!(created.body, expected);
    let used = app.tokens_of(EMAIL).await[0].last_used_at.unwrap();
    let listed = owner.rpc("tokens/list", &[]).await;
    let expected = format!("[{}]", summary(&used.unix().to_string()));
    assert_eq!(listed.body, expected);
    let id = token.id.to_string();
    let revoked = owner.rpc("tokens/revoke", &[("id", &id)]).await;
    assert_eq!((revoked.status, revoked.body.as_str()), (200, "true"));
    let again = owner.rpc("tokens/revoke", &[("id", &id)]).await;
    assert_eq!((again.status, again.body.as_str()), (200, "false"));
    let same_key = owner.rpc("tokens/create", &fields).await;
    assert_error(&same_key, 409, "the same key again");
}

#[tokio::test]
async fn what_is_no_call_is_a_client_error_in_json_and_never_a_redirect() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let origin = app.state.config.public_url.origin().to_owned();
    let browser_like = [
        ("origin", origin.as_str()),
        ("accept", "text/html,application/xhtml+xml"),
        ("referer", "https://elsewhere.example/page"),
    ];
    for headers in [&browser_like[..1], &browser_like] {
        for path in ["/rpc/none", "/rpc/tokens", "/rpc/tokens/list/x", "/rpc/"] {
            let answer = owner.post_with(path, &[], headers).await;
            assert_error(&answer, 404, path);
        }
        for row in &TABLE {
            for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH] {
                let context = format!("{method} {}", row.path);
                let request = owner.request(method, row.path, headers);
                let answer = owner.send(request).await;
                assert_error(&answer, 405, &context);
                assert_eq!(answer.header("allow"), "POST", "{context}");
            }
        }
        for (path, fields) in [
            ("/rpc/tokens/create", &[][..]),
            ("/rpc/tokens/create", &[("name", "x")]),
            (
                "/rpc/tokens/create",
                &[("name", "x"), ("idempotency_key", "")],
            ),
            (
                "/rpc/tokens/create",
                &[
                    ("name", "x"),
                    ("idempotency_key", ""),
                    ("replace_unseen", "maybe"),
                ],
            ),
            ("/rpc/tokens/revoke", &[]),
            ("/rpc/tokens/revoke", &[("id", "")]),
            ("/rpc/tokens/revoke", &[("id[x]", "1")]),
        ] {
            let answer = owner.post_with(path, fields, headers).await;
            assert_error(&answer, 400, &format!("{path} {fields:?}"));
        }
        let nameless = [
            ("name", ""),
            ("idempotency_key", ""),
            ("replace_unseen", "false"),
        ];
        let answer = owner
            .post_with("/rpc/tokens/create", &nameless, headers)
            .await;
        assert_error(&answer, 422, "no name");
    }
    assert!(app.tokens_of(EMAIL).await.is_empty());
}

#[tokio::test]
async fn a_body_that_is_too_large_is_a_413_with_and_without_its_length() {
    let app = TestApp::start().await;
    let owner = app.logged_in().await;
    let origin = app.state.config.public_url.origin().to_owned();
    let cookie = owner.cookie.clone().unwrap();
    for row in &TABLE {
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nOrigin: {origin}\r\n\
             Cookie: {cookie}\r\nContent-Type: {FORM}\r\n",
            row.path, app.addr
        );
        let body = format!("name={}", "a".repeat(64 * 1024));
        let with_length = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        assert_error(&raw(app.addr, with_length.as_bytes()).await, 413, row.path);
        let len = body.len();
        let chunked =
            format!("{head}Transfer-Encoding: chunked\r\n\r\n{len:x}\r\n{body}\r\n0\r\n\r\n");
        assert_error(&raw(app.addr, chunked.as_bytes()).await, 413, row.path);
    }
    assert!(app.tokens_of(EMAIL).await.is_empty());
}

#[tokio::test]
async fn a_body_of_another_type_is_a_415_and_does_nothing() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let origin = app.state.config.public_url.origin().to_owned();
    let body = "name=Smuggled&idempotency_key=&replace_unseen=false";
    for kind in [
        "text/plain",
        "text/plain; x=application/x-www-form-urlencoded",
        "application/json",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
    ] {
        let headers = [("origin", origin.as_str()), ("content-type", kind)];
        let request = owner
            .request(Method::POST, "/rpc/tokens/create", &headers)
            .body(body);
        let answer = owner.send(request).await;
        assert!(app.tokens_of(EMAIL).await.is_empty(), "{kind}");
        assert_error(&answer, 415, kind);
    }
}

#[tokio::test]
async fn an_argument_that_is_not_utf_8_is_a_400() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let origin = app.state.config.public_url.origin().to_owned();
    let headers = [("origin", origin.as_str()), ("content-type", FORM)];
    for name in [&b"%ff"[..], b"\xff", b"a%C3", b"%ed%a0%80"] {
        let rest = b"&idempotency_key=&replace_unseen=false";
        let body = [b"name=", name, rest].concat();
        let request = owner
            .request(Method::POST, "/rpc/tokens/create", &headers)
            .body(body);
        let answer = owner.send(request).await;
        assert_error(&answer, 400, &String::from_utf8_lossy(name));
    }
    assert!(app.tokens_of(EMAIL).await.is_empty());
}
