//! The `Authorization` header: what opens the API, and the many things that do not.

use std::collections::BTreeSet;

use opentill::{model::secret::TokenSecret, server::tokens};
use reqwest::{Client, Version};

use crate::support::{Answer, EMAIL, TestApp, raw};

/// `GET /api/v1/me` with these lines in its head.
async fn get_me(app: &TestApp, version: &str, header_lines: &[u8]) -> Answer {
    let mut request = format!(
        "GET /api/v1/me {version}\r\nHost: {}\r\nConnection: close\r\n",
        app.addr
    )
    .into_bytes();
    request.extend_from_slice(header_lines);
    request.extend_from_slice(b"\r\n");
    raw(app.addr, &request).await
}

fn header(value: &[u8]) -> Vec<u8> {
    [b"Authorization: ", value, b"\r\n"].concat()
}

const BASE62: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Values for the header that come close to `token`, or do not.
fn bad_values(token: &str, revoked: &str) -> BTreeSet<Vec<u8>> {
    let mut values = BTreeSet::new();
    let mut add = |value: &[u8]| {
        values.insert(value.to_vec());
    };
    for value in other_schemes(token) {
        add(value.as_bytes());
    }
    // Between the scheme and the token stands a space and nothing else.
    for byte in (0x21..=0x7e).chain(0x80..=0xff).chain([b'\t']) {
        add(&[b"Bearer", &[byte][..], token.as_bytes()].concat());
        add(&[b"Bearer ", &[byte][..], token.as_bytes()].concat());
    }
    // In the token stand letters and digits and nothing else.
    let (start, end) = token.split_at(20);
    for byte in (0x20..=0x2f).chain(0x80..=0xff).chain([b'\t']) {
        add(&[b"Bearer ", start.as_bytes(), &[byte], end.as_bytes()].concat());
        add(&[b"Bearer ", token.as_bytes(), &[byte], b"x"].concat());
    }
    let mut present = |value: &str| add(format!("Bearer {value}").as_bytes());
    for at in 0..token.len() {
        present(&token[..at]);
        present(&format!("{}{}", &token[..at], &token[at + 1..]));
        let own = char::from(token.as_bytes()[at]);
        for other in BASE62.chars().filter(|other| *other != own).step_by(3) {
            present(&format!("{}{other}{}", &token[..at], &token[at + 1..]));
        }
        for other in BASE62.chars().step_by(4) {
            present(&format!("{}{other}{}", &token[..at], &token[at..]));
        }
        let (before, after) = token.split_at(at);
        present(&format!("{after}{before}x"));
        // A space before the first character is one between scheme and token.
        if at > 0 {
            present(&format!("{before} {after}"));
        }
    }
    for more in BASE62.chars() {
        present(&format!("{token}{more}"));
        present(&format!("{more}{token}"));
    }
    let secret = &token["ot_live_".len()..];
    for prefix in [
        "OT_LIVE_", "Ot_live_", "ot_LIVE_", "ot_test_", "ot-live-", "otlive_", "ot_live", "ot__",
        "sk_live_", "ghp_", "", "_",
    ] {
        present(&format!("{prefix}{secret}"));
    }
    present(&token.to_uppercase());
    present(&token.to_lowercase());
    for checksum in ["000000", "zzzzzz", "ZZZZZZ", "0aB1cD"] {
        present(&format!("{}{checksum}", &token[..40]));
    }
    for power in 0..=14 {
        let len = 1 << power;
        present(&"a".repeat(len));
        present(&format!("ot_live_{}", "0".repeat(len)));
        present(&format!("{token}{}", " x".repeat(len / 2 + 1)));
    }
    for _ in 0..50 {
        // Well formed, and known to nobody.
        present(TokenSecret::generate().expose());
    }
    present(revoked);
    values
}

fn other_schemes(token: &str) -> Vec<String> {
    let mut values: Vec<String> = [
        "",
        "Bearer",
        "bearer",
        "Bearer ",
        "Bearer    ",
        ",",
        "=",
        "\"",
    ]
    .map(str::to_owned)
    .into();
    for scheme in [
        "Basic",
        "Token",
        "Digest",
        "Negotiate",
        "ApiKey",
        "Api-Key",
        "JWT",
        "OAuth",
        "DPoP",
        "HOBA",
        "Bear",
        "Bearers",
        "Bearer:",
        "Bearer,",
        "Bearer=",
        "Bearer Bearer",
        "Basic Bearer",
        "BEARER_TOKEN",
        "Authorization: Bearer",
    ] {
        values.push(scheme.to_owned());
        values.push(format!("{scheme} {token}"));
        values.push(format!("{scheme}{token}"));
    }
    for (before, after) in [
        ("", ""),
        ("Bearer \"", "\""),
        ("Bearer '", "'"),
        ("Bearer <", ">"),
        ("Bearer {", "}"),
        ("Bearer [", "]"),
        ("Bearer token=", ""),
        ("Bearer token=\"", "\""),
        ("Bearer ", ","),
        ("Bearer ,", ""),
        ("Bearer ", ";"),
        ("Bearer ", ", Bearer"),
        ("Bearer ", "\\r\\n"),
        ("Bearer ", "%20"),
        ("Bearer ", "\u{a0}"),
        ("Bearer\u{a0}", ""),
        ("Bearer\u{200b} ", ""),
        ("Bearer \u{200b}", ""),
        ("\u{feff}Bearer ", ""),
        ("realm=\"api\", Bearer ", ""),
    ] {
        values.push(format!("{before}{token}{after}"));
    }
    values.push(format!("Bearer {token} {token}"));
    values.push(format!("Bearer {token},{token}"));
    values.push(format!("Bearer {token}, Bearer {token}"));
    values.push(format!("Basic {token}, Bearer {token}"));
    values
}

#[tokio::test]
async fn everything_but_one_valid_bearer_token_gets_the_exact_401() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let revoked = owner.create_token("Revoked").await;
    let id = app.tokens_of(EMAIL).await[0].id;
    tokens::revoke_any(&app.state, id).await.unwrap();
    let token = owner.create_token("Valid").await;
    let values = bad_values(&token, &revoked);
    assert!(values.len() >= 2_000, "{} distinct values", values.len());
    for value in values {
        let answer = get_me(&app, "HTTP/1.1", &header(&value)).await;
        assert!(
            answer.is_exact_401(),
            "{:?}: {answer:?}",
            String::from_utf8_lossy(&value)
        );
    }
    assert_eq!(app.me(&token).await.status, 200, "the server goes on");
}

#[tokio::test]
async fn two_authorization_headers_get_the_exact_401_whatever_is_in_them() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Valid").await;
    let valid = format!("Bearer {token}");
    for (first, second) in [
        (valid.as_str(), valid.as_str()),
        (&valid, "Bearer x"),
        ("Bearer x", &valid),
        (&valid, ""),
        ("", &valid),
        (&valid, "Basic eDp5"),
        ("Basic eDp5", &valid),
    ] {
        let lines = [header(first.as_bytes()), header(second.as_bytes())].concat();
        let answer = get_me(&app, "HTTP/1.1", &lines).await;
        assert!(answer.is_exact_401(), "{first:?}, {second:?}: {answer:?}");
    }
}

#[tokio::test]
async fn the_challenge_names_an_invalid_token_only_if_a_bearer_token_was_presented() {
    let app = TestApp::start().await;
    let plain = r#"Bearer realm="api""#;
    let invalid = r#"Bearer realm="api", error="invalid_token""#;
    let none = get_me(&app, "HTTP/1.1", b"").await;
    assert!(none.is_exact_401());
    assert_eq!(none.header("www-authenticate"), plain);
    for (value, challenge) in [
        ("", plain),
        ("Bearer", plain),
        ("Basic eDp5", plain),
        ("Bearer x", invalid),
        ("bearer ot_live_", invalid),
    ] {
        let answer = get_me(&app, "HTTP/1.1", &header(value.as_bytes())).await;
        assert_eq!(answer.header("www-authenticate"), challenge, "{value}");
    }
}

#[tokio::test]
async fn what_is_no_http_is_refused_before_the_api_and_harms_nobody() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Valid").await;
    // CR and LF end a header, and a tab is white space; all other control bytes are no header value.
    let control = (0x00..0x20).chain([0x7f]);
    for byte in control.filter(|byte| !b"\t\r\n".contains(byte)) {
        let value = [b"Bearer ", &[byte][..], token.as_bytes()].concat();
        let answer = get_me(&app, "HTTP/1.1", &header(&value)).await;
        assert_eq!(answer.status, 400, "{byte:#x}");
    }
    let too_long = header(&[b"Bearer ", vec![b'a'; 600_000].as_slice()].concat());
    assert_eq!(get_me(&app, "HTTP/1.1", &too_long).await.status, 431);
    let too_many = header(b"Bearer x").repeat(200);
    assert_eq!(get_me(&app, "HTTP/1.1", &too_many).await.status, 431);
    assert_eq!(app.me(&token).await.status, 200, "the server goes on");
}

#[tokio::test]
async fn the_scheme_in_any_case_and_spaces_around_the_token_are_fine() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Valid").await;
    let expected = app.me(&token).await.body;
    for (before, after) in [
        ("Bearer ", ""),
        ("bearer ", ""),
        ("BEARER ", ""),
        ("bEaReR ", ""),
        ("Bearer   ", ""),
        ("Bearer ", "   "),
        ("   Bearer  ", " "),
    ] {
        for version in ["HTTP/1.0", "HTTP/1.1"] {
            let value = format!("{before}{token}{after}");
            let answer = get_me(&app, version, &header(value.as_bytes())).await;
            assert_eq!(answer.status, 200, "{value:?} {version}");
            assert_eq!(answer.body, expected);
        }
    }
    for name in ["authorization", "AUTHORIZATION", "aUTHORIZATION"] {
        let line = format!("{name}: Bearer {token}\r\n");
        let answer = get_me(&app, "HTTP/1.1", line.as_bytes()).await;
        assert_eq!(answer.status, 200, "{name}");
    }
}

#[tokio::test]
async fn http_2_is_spoken_with_prior_knowledge() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Valid").await;
    let client = Client::builder().http2_prior_knowledge().build().unwrap();
    let response = client
        .get(app.url("/api/v1/me"))
        .bearer_auth(&token)
        .send()
        .await
        .unwrap();
    assert_eq!(response.version(), Version::HTTP_2);
    assert_eq!(response.status(), 200);
    assert_eq!(response.text().await.unwrap(), app.me(&token).await.body);
    let refused = client.get(app.url("/api/v1/me")).send().await.unwrap();
    assert_eq!(refused.status(), 401);
    let body = refused.text().await.unwrap();
    assert_eq!(body, r#"{"message":"Unauthenticated."}"#);
}
