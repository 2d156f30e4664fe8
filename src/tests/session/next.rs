//! Where one gets to after logging in: always on this site.

use url::Url;

use crate::support::{Answer, EMAIL, PASSWORD, TestApp};

/// What attackers put there, and what people do.
const ASKED: [&str; 66] = [
    "",
    "/",
    "/profile",
    "/profile#api-tokens",
    "/profile?x=y",
    "/docs/api#curl",
    "/%2f%2fevil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    "\n//evil.example",
    " //evil.example",
    "/ /evil.example",
    "/\u{0}/evil.example",
    "/%09/evil.example",
    "/%5cevil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/./\\evil.example",
    "/a/..//evil.example",
    "/a/../..//evil.example",
    "/%2e//evil.example",
    "/%2e%2e//evil.example",
    "/;//evil.example",
    "/@evil.example",
    "/:@evil.example",
    "@evil.example",
    ":80",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "http://evil.example",
    "https://127.0.0.1@evil.example/",
    "https://127.0.0.1.evil.example/",
    "https:///evil.example",
    "ht\ntps://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "/javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://evil.example/x",
    "ftp://evil.example",
    "mailto:x@evil.example",
    "//xn--evl-2na.example",
    "//\u{435}vil.example",
    "/\u{2215}evil.example",
    "\u{ff0f}\u{ff0f}evil.example",
    "/\u{3002}evil.example",
    "/a\r\nSet-Cookie: injected=1",
    "/a\r\n\r\n<script>alert(1)</script>",
    "/a%0d%0aX-Injected:%201",
    "?next=//evil.example",
    "#//evil.example",
    "/profile?next=//evil.example",
];

/// Where a browser gets to from here.
fn assert_stays(answer: &Answer, asked: &str) {
    assert_eq!(answer.status, 303, "{asked:?}");
    let location = answer.header("location");
    assert_eq!(answer.headers.get_all("location").iter().count(), 1);
    assert!(
        location.starts_with('/') && !location.starts_with("//"),
        "{asked:?} leads to {location:?}"
    );
    assert!(
        location.bytes().all(|b| b.is_ascii_graphic()) && !location.contains('\\'),
        "{asked:?} leads to {location:?}"
    );
    for base in [
        "https://portal.example/login",
        "http://127.0.0.1:3000/login",
    ] {
        let base = Url::parse(base).unwrap();
        let landed = base.join(location).unwrap();
        assert_eq!(landed.origin(), base.origin(), "{asked:?}: {landed}");
    }
    assert_eq!(answer.header("x-injected"), "", "{asked:?}");
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert!(cookies.len() <= 2, "{asked:?}: {cookies:?}");
    assert!(!format!("{cookies:?}").contains("injected"), "{asked:?}");
}

#[tokio::test]
async fn logging_in_never_leads_off_this_site() {
    let app = TestApp::start().await;
    let mut signed_in = app.logged_in().await;
    let mut logs_in = app.anonymous();
    for asked in ASKED {
        let fields = [("email", EMAIL), ("password", PASSWORD), ("next", asked)];
        let answer = logs_in.post("/login", &fields).await;
        assert_stays(&answer, asked);
        assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 2);

        let query: String = url::form_urlencoded::byte_serialize(asked.as_bytes()).collect();
        let answer = signed_in.get(&format!("/login?next={query}")).await;
        assert_stays(&answer, asked);
    }
}

#[tokio::test]
async fn logging_in_leads_to_the_page_that_was_asked_for() {
    let app = TestApp::start().await;
    for asked in [
        "/profile",
        "/profile#api-tokens",
        "/profile?x=y",
        "/docs/api",
    ] {
        let query: String = url::form_urlencoded::byte_serialize(asked.as_bytes()).collect();
        let page = app.anonymous().get(&format!("/login?next={query}")).await;
        assert_eq!(page.field("next"), asked, "the form remembers it");
        let fields = [("email", EMAIL), ("password", PASSWORD), ("next", asked)];
        let mut owner = app.anonymous();
        let answer = owner.post("/login", &fields).await;
        let by_login = format!("/login?next={query}&began=1");
        assert_eq!(answer.header("location"), by_login, "a new browser");
        assert_eq!(owner.get(&by_login).await.header("location"), asked);
        let answer = owner.post("/login", &fields).await;
        assert_eq!(answer.header("location"), asked, "it keeps cookies");
        let wrong = [("email", EMAIL), ("password", "wrong"), ("next", asked)];
        let again = app.anonymous().post("/login", &wrong).await;
        assert_eq!(again.field("next"), asked, "also after a failure");
    }
}

#[tokio::test]
async fn the_log_in_form_keeps_no_address_of_another_site() {
    let app = TestApp::start().await;
    for asked in ASKED.iter().filter(|asked| asked.contains("evil")) {
        let query: String = url::form_urlencoded::byte_serialize(asked.as_bytes()).collect();
        let page = app.anonymous().get(&format!("/login?next={query}")).await;
        assert_eq!(page.status, 200);
        let kept = page.field("next");
        assert!(
            kept.is_empty() || (kept.starts_with('/') && !kept.starts_with("//")),
            "{asked:?}: {kept:?}"
        );
    }
}
