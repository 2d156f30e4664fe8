//! Every method on every address below `/api`.

use axum::{body::Body, http::Request};
use opentill::http::{self, health::Health};
use reqwest::{Client, Method};
use serde_json::Value;
use tower::ServiceExt;

use crate::support::{Answer, TestApp, raw};

const METHODS: [&str; 20] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "PURGE", "FOO", "get",
    "QUERY", "Get", "head", "MKCOL", "LOCK", "M-SEARCH", "LINK", "G", "PRI",
];

/// Below `/api/v1`, and nothing is there.
const UNKNOWN: [&str; 30] = [
    "/api/v1/me/",
    "/api/v1//me",
    "/api/v1/ME",
    "/api/v1/Me",
    "/api/v1/%6de",
    "/api/v1/me%2e",
    "/api/v1/me%2f",
    "/api/v1/%2e/me",
    "/api/v1/%2e%2e/v1/me",
    "/api/v1/./me",
    "/api/v1/../v1/me",
    "/api/v1/me/me",
    "/api/v1/me.json",
    "/api/v1/me;x",
    "/api/v1/%00",
    "/api/v1///",
    "/api/v1//",
    "/api/v1/me//",
    "/api/v1/m%65",
    "/api/v1/%4de",
    "/api/v1/me%20",
    "/api/v1/me%00",
    "/api/v1/me%0d%0a",
    "/api/v1/me%2f..%2fme",
    "/api/v1/%2fme",
    "/api/v1/me/..",
    "/api/v1/me/.",
    "/api/v1/me\\",
    "/api/v1/me:80",
    "/api/v1/users/1",
];

async fn send(app: &TestApp, method: &str, path: &str, extra: &str) -> Answer {
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{extra}\r\n",
        app.addr
    );
    raw(app.addr, request.as_bytes()).await
}

fn assert_json_error(answer: &Answer, context: &str) {
    assert_eq!(
        answer.header("content-type"),
        "application/json",
        "{context}: {answer:?}"
    );
    assert_eq!(answer.header("cache-control"), "no-store", "{context}");
    assert_eq!(answer.header("location"), "", "{context}");
    if !context.starts_with("HEAD") {
        let body: Value = serde_json::from_str(&answer.body).expect(context);
        assert!(body["message"].is_string(), "{context}");
    }
}

#[tokio::test]
async fn only_get_and_head_read_me_and_all_other_methods_are_told_so() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Valid").await;
    let bearer = format!("Authorization: Bearer {token}\r\n");
    let full = send(&app, "GET", "/api/v1/me", &bearer).await;
    assert_eq!(full.status, 200);
    let head = send(&app, "HEAD", "/api/v1/me", &bearer).await;
    assert_eq!(head.status, 200);
    assert_eq!(head.body, "");
    assert_eq!(head.header("content-type"), "application/json");
    for method in METHODS
        .into_iter()
        .filter(|method| !["GET", "HEAD"].contains(method))
    {
        let answer = send(&app, method, "/api/v1/me", &bearer).await;
        assert_eq!(answer.status, 405, "{method}");
        assert_json_error(&answer, method);
        let mut allowed: Vec<_> = answer.header("allow").split(',').map(str::trim).collect();
        allowed.sort_unstable();
        assert_eq!(allowed, ["GET", "HEAD"], "{method}");
        let unauthenticated = send(&app, method, "/api/v1/me", "").await;
        assert!(
            matches!(unauthenticated.status, 401 | 405),
            "{method}: {unauthenticated:?}"
        );
        assert_json_error(&unauthenticated, method);
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_401_for_strangers_and_a_json_404_for_tokens() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Valid").await;
    let bearer = format!("Authorization: Bearer {token}\r\n");
    for path in UNKNOWN {
        for method in METHODS {
            let context = format!("{method} {path}");
            let known = send(&app, method, path, &bearer).await;
            assert_eq!(known.status, 404, "{context}");
            assert_json_error(&known, &context);
            let stranger = send(&app, method, path, "").await;
            assert_eq!(stranger.status, 401, "{context}");
            assert_json_error(&stranger, &context);
            if method != "HEAD" {
                assert!(stranger.is_exact_401(), "{context}: {stranger:?}");
            }
        }
    }
}

#[tokio::test]
async fn below_api_there_is_never_a_page() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Valid").await;
    let bearer = format!("Authorization: Bearer {token}\r\nAccept: text/html\r\n");
    for path in [
        "/api",
        "/api/v1",
        "/api/v2/me",
        "/api//v1/me",
        "/api/login",
        "/api/../login",
        "/api/%2e%2e/login",
        // A base URL with a slash at its end.
        "//api",
        "//api/v1/me",
        "///api/v1/me",
    ] {
        for method in METHODS {
            let context = format!("{method} {path}");
            let answer = send(&app, method, path, &bearer).await;
            assert!(matches!(answer.status, 401 | 404), "{context}: {answer:?}");
            assert_json_error(&answer, &context);
        }
    }
}

#[tokio::test]
async fn a_slash_after_the_prefix_changes_nothing() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Valid").await;
    let bearer = format!("Authorization: Bearer {token}\r\n");
    let with_slash = send(&app, "GET", "/api/v1/", &bearer).await;
    assert_eq!(with_slash.status, 404);
    assert_json_error(&with_slash, "GET /api/v1/");
    assert!(send(&app, "GET", "/api/v1/", "").await.is_exact_401());
    let root = send(&app, "GET", "/api/", &bearer).await;
    assert_eq!(root.status, 404);
    assert_json_error(&root, "GET /api/");
}

#[tokio::test]
async fn other_spellings_of_the_prefix_are_not_the_api() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Valid").await;
    let bearer = format!("Authorization: Bearer {token}\r\n");
    for path in [
        "//api/v1/me",
        "/API/v1/me",
        "/%61pi/v1/me",
        "/x/../api/v1/me",
        "/apiv1/me",
    ] {
        let answer = send(&app, "GET", path, &bearer).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.body.contains("currency_code"), "{path}");
    }
}

#[tokio::test]
async fn pages_of_any_origin_may_call_with_the_header_and_never_with_cookies() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Valid").await;
    let preflight = "Origin: https://app.example\r\nAccess-Control-Request-Method: GET\r\n\
                     Access-Control-Request-Headers: authorization,traceparent,x-requested-with\r\n";
    let answer = send(&app, "OPTIONS", "/api/v1/me", preflight).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let headers = answer.header("access-control-allow-headers").to_lowercase();
    assert_eq!(headers, "authorization,traceparent,x-requested-with");
    assert_eq!(answer.header("access-control-max-age"), "86400");
    let methods = answer.header("access-control-allow-methods");
    assert_eq!(methods.replace(' ', ""), "GET,HEAD,DELETE");
    assert_eq!(answer.header("access-control-allow-credentials"), "");

    let from_elsewhere =
        format!("Origin: https://app.example\r\nAuthorization: Bearer {token}\r\n");
    for (head, status) in [
        (from_elsewhere.as_str(), 200),
        ("Origin: https://app.example\r\n", 401),
    ] {
        let answer = send(&app, "GET", "/api/v1/me", head).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        let exposed = answer
            .header("access-control-expose-headers")
            .to_lowercase();
        assert!(exposed.contains("www-authenticate") && exposed.contains("retry-after"));
    }

    let from_a_program = format!("Authorization: Bearer {token}\r\n");
    let answer = send(&app, "GET", "/api/v1/me", &from_a_program).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), "");
    assert_eq!(answer.header("access-control-expose-headers"), "");
}

#[tokio::test]
async fn the_portal_lets_no_other_origin_read_it() {
    let app = TestApp::start().await;
    for path in ["/", "/login", "/profile", "/docs/api", "/rpc/tokens/list"] {
        for method in ["GET", "OPTIONS"] {
            let head = "Origin: https://app.example\r\nAccess-Control-Request-Method: GET\r\n";
            let answer = send(&app, method, path, head).await;
            let allowed = answer.header("access-control-allow-origin");
            assert_eq!(allowed, "", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn what_is_below_api_never_gets_to_the_portal() {
    let app = TestApp::start().await;
    let portal = http::app(app.state.clone(), Health::default()).portal;
    for path in [
        "/api",
        "/api/",
        "/api/v1/me",
        "/api/v1/none",
        "/api/openapi.json",
    ] {
        let by_app = send(&app, "GET", path, "").await;
        assert_json_error_or_document(&by_app, path);
        let request = Request::get(path).header("host", app.addr.to_string());
        let request = request.body(Body::empty()).unwrap();
        let by_portal = portal.clone().oneshot(request).await.unwrap();
        assert_eq!(by_portal.status(), 404, "{path} is no route of the portal");
        let kind = &by_portal.headers()["content-type"];
        assert_eq!(kind, "text/html; charset=utf-8", "{path}");
    }
}

fn assert_json_error_or_document(answer: &Answer, context: &str) {
    if answer.status == 200 {
        assert_eq!(
            answer.header("content-type"),
            "application/json",
            "{context}"
        );
    } else {
        assert_json_error(answer, context);
    }
}

#[tokio::test]
async fn with_http_2_too_the_answer_to_head_is_that_to_get_without_its_body() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Reader").await;
    let client = Client::builder().http2_prior_knowledge().build().unwrap();
    for path in ["/api/v1/me", "/api/v1/none", "/api/openapi.json"] {
        let ask = |method| client.request(method, app.url(path)).bearer_auth(&token);
        let get = ask(Method::GET).send().await.unwrap();
        let head = ask(Method::HEAD).send().await.unwrap();
        assert_eq!(head.version(), reqwest::Version::HTTP_2);
        assert_eq!(head.status(), get.status(), "{path}");
        let length = get.bytes().await.unwrap().len();
        let told = &head.headers()["content-length"];
        assert_eq!(told.to_str().unwrap(), length.to_string(), "{path}");
        assert!(head.bytes().await.unwrap().is_empty(), "{path}");
    }
}
