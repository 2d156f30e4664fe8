//! By which name the portal is asked: by its own, or not at all.

use reqwest::{Client, Method, Version};

use crate::support::{EMAIL, PASSWORD, TestApp, raw, routes};

const OPEN: [&str; 2] = ["/healthz", "/readyz"];
const PORTAL: &str = "https://portal.example";

fn request(line: &str, hosts: &[&str]) -> Vec<u8> {
    let hosts: Vec<_> = hosts
        .iter()
        .map(|host| format!("Host: {host}\r\n"))
        .collect();
    let hosts = hosts.concat();
    format!("{line}\r\n{hosts}Content-Length: 0\r\nConnection: close\r\n\r\n").into_bytes()
}

#[tokio::test]
async fn whatever_is_asked_for_by_another_name_is_refused() {
    let app = TestApp::start().await;
    let there = routes(&app.state);
    let unknown = ["/none", "/api/none", "/rpc/none", "/pkg/none.css"]
        .map(|path| (path.to_owned(), "get".to_owned()));
    let mut refused = 0;
    for (route, method) in there.into_iter().chain(unknown) {
        let path = route.replace("{id}", "1").replace("{*unknown}", "none");
        let method = if method == "any" { "get" } else { &method };
        let line = format!("{} {path} HTTP/1.1", method.to_uppercase());
        let answer = raw(app.addr, &request(&line, &["evil.example"])).await;
        if OPEN.contains(&path.as_str()) {
            assert_eq!(answer.status, 200, "{line}");
            continue;
        }
        assert_eq!(answer.status, 421, "{line}");
        for header in ["set-cookie", "location", "access-control-allow-origin"] {
            assert_eq!(answer.header(header), "", "{line}: {header}");
        }
        assert_ne!(answer.header("x-request-id"), "", "{line}");
        assert_eq!(answer.header("cache-control"), "no-store", "{line}");
        let is_for_programs = path.starts_with("/api") || path.starts_with("/rpc/");
        let kind = if is_for_programs {
            "application/json"
        } else {
            "text/html; charset=utf-8"
        };
        assert_eq!(answer.header("content-type"), kind, "{line}");
        let said = if method == "head" {
            ""
        } else if path.starts_with("/rpc/") {
            "misdirected"
        } else {
            "This isn't the portal's address."
        };
        assert!(answer.body.contains(said), "{line}: {}", answer.body);
        refused += 1;
    }
    assert!(refused > 30, "{refused}");
}

#[tokio::test]
async fn a_name_that_was_made_to_lead_here_opens_nothing() {
    let app = TestApp::start().await;
    let mut visitor = app.anonymous();
    let fields = [("email", EMAIL), ("password", PASSWORD)];
    // What a browser sends for a page of that name, which it takes for one of ours.
    let port = app.addr.port();
    for name in [
        "evil.example",
        &format!("evil.example:{port}"),
        &format!("{port}.evil.example"),
    ] {
        let origin = format!("http://{name}");
        let headers = [
            ("host", name),
            ("origin", origin.as_str()),
            ("sec-fetch-site", "same-origin"),
        ];
        let answer = visitor.post_with("/login", &fields, &headers).await;
        assert_eq!(answer.status, 421, "{name}");
        assert!(visitor.cookie.is_none(), "{name}");
    }
    // The control: by the names of this machine it is let in.
    for name in ["127.0.0.1", "localhost", "[::1]"] {
        let host = format!("{name}:{port}");
        let origin = format!("http://{host}");
        let headers = [("host", host.as_str()), ("origin", &origin)];
        let answer = app.anonymous().post_with("/login", &fields, &headers).await;
        assert_eq!(answer.status, 303, "{name}");
    }
}

#[tokio::test]
async fn a_request_says_once_whom_it_is_for() {
    let app = TestApp::start().await;
    let ours = app.addr.to_string();
    let ours = ours.as_str();
    for path in ["/healthz", "/login", "/api/v1/me", "/docs/api", "/none"] {
        for hosts in [&[][..], &[ours, ours], &[ours, "evil.example"]] {
            let answer = raw(app.addr, &request(&format!("GET {path} HTTP/1.1"), hosts)).await;
            assert_eq!(answer.status, 400, "{path} {hosts:?}");
            let is_page = answer.header("content-type").starts_with("text/html");
            assert_eq!(is_page, !path.starts_with("/api"), "{path}");
        }
    }
    for (line, hosts, status) in [
        ("GET /login HTTP/1.1", &[ours][..], 200),
        // From before there was such a header.
        ("GET /login HTTP/1.0", &[], 200),
        ("GET /login HTTP/1.0", &["evil.example"], 421),
        ("GET /login HTTP/1.1", &[""], 421),
        // What stands in the target counts.
        (&format!("GET http://{ours}/login HTTP/1.1"), &[ours], 200),
        (
            &format!("GET http://{ours}/login HTTP/1.1"),
            &["evil.example"],
            200,
        ),
        ("GET http://evil.example/login HTTP/1.1", &[ours], 421),
        ("GET http://evil.example/api/v1/me HTTP/1.1", &[ours], 421),
        (
            &format!("GET http://{ours}@evil.example/login HTTP/1.1"),
            &[ours],
            421,
        ),
        (
            &format!("GET http://evil@{ours}/login HTTP/1.1"),
            &[ours],
            421,
        ),
        (
            &format!("GET http://{ours}/api/v1/me HTTP/1.1"),
            &[ours],
            401,
        ),
        (&format!("GET http://{ours}/login HTTP/1.1"), &[], 400),
    ] {
        let answer = raw(app.addr, &request(line, hosts)).await;
        assert_eq!(answer.status, status, "{line} {hosts:?}: {}", answer.body);
    }
}

#[tokio::test]
async fn over_http_2_the_authority_is_the_name() {
    let app = TestApp::start().await;
    let client = |host: &'static str| {
        let client = Client::builder().http2_prior_knowledge().no_proxy();
        client.resolve(host, app.addr).build().unwrap()
    };
    for (host, path, status) in [
        ("localhost", "/login", 200),
        ("localhost", "/api/v1/me", 401),
        ("evil.example", "/login", 421),
        ("evil.example", "/api/v1/me", 421),
        ("evil.example", "/healthz", 200),
    ] {
        let url = format!("http://{host}:{}{path}", app.addr.port());
        let answer = client(host).get(url).send().await.unwrap();
        assert_eq!(answer.version(), Version::HTTP_2);
        assert_eq!(answer.status().as_u16(), status, "{host}{path}");
    }
}

#[tokio::test]
async fn behind_a_proxy_it_is_the_public_name_with_or_without_its_port() {
    let app = TestApp::start_with(&[("OPENTILL_PUBLIC_URL", PORTAL)]).await;
    let own = app.addr.to_string();
    for (host, status) in [
        ("portal.example", 200),
        ("portal.example:443", 200),
        ("Portal.Example", 200),
        ("portal.example:80", 421),
        ("portal.example.", 421),
        ("portal.example.evil.example", 421),
        ("localhost", 421),
        (&own, 421),
    ] {
        let answer = app.anonymous().get_with("/login", &[("host", host)]).await;
        assert_eq!(answer.status, status, "{host}");
        if status == 421 {
            assert!(
                answer.body.contains("href=\"https://portal.example/\""),
                "{}",
                answer.body
            );
        }
    }
}

#[tokio::test]
async fn a_page_of_the_same_name_over_plain_http_is_not_ours() {
    let app = TestApp::start_with(&[("OPENTILL_PUBLIC_URL", PORTAL)]).await;
    let fields = [("email", EMAIL), ("password", PASSWORD)];
    for (origin, status) in [
        ("http://portal.example", 403),
        ("http://portal.example:443", 403),
        ("https://portal.example:443", 403),
        (PORTAL, 303),
    ] {
        let answer = app
            .anonymous()
            .post_with("/login", &fields, &[("origin", origin)])
            .await;
        assert_eq!(answer.status, status, "{origin}");
    }
    // The target names the host, too.
    let body = "email=a&password=b";
    let head = |origin: &str| {
        format!(
            "POST https://portal.example/login HTTP/1.1\r\nHost: portal.example\r\nOrigin: {origin}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    assert_eq!(
        raw(app.addr, head("http://portal.example").as_bytes())
            .await
            .status,
        403
    );
    assert_eq!(raw(app.addr, head(PORTAL).as_bytes()).await.status, 401);
}

#[tokio::test]
async fn a_refusal_by_origin_says_no_more_than_is_known() {
    let app = TestApp::start().await;
    let fields = [("email", EMAIL), ("password", PASSWORD)];
    // From a page of ours that a proxy gave `Referrer-Policy: no-referrer`, over http.
    let answer = app
        .anonymous()
        .post_with("/login", &fields, &[("origin", "null")])
        .await;
    assert_eq!(answer.status, 403);
    assert!(
        answer
            .body
            .contains("We blocked this request because it may have come from another website.")
    );
    assert!(!answer.body.contains("another site"), "{}", answer.body);
}

#[tokio::test]
async fn other_methods_of_a_foreign_name_are_no_way_round() {
    let app = TestApp::start().await;
    for method in ["OPTIONS", "HEAD", "PUT", "TRACE", "BREW"] {
        for path in ["/", "/login", "/api/v1/me"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let mut visitor = app.anonymous();
            let request = visitor.request(method.clone(), path, &[("host", "evil.example")]);
            assert_eq!(visitor.send(request).await.status, 421, "{method} {path}");
        }
    }
}
