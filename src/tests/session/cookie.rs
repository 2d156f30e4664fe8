//! The session's cookie: who sets it, how, and which ones are believed.

use super::{NEW_PASSWORD, OTHER, change_password, is_signed_in};
use crate::support::{Answer, EMAIL, PASSWORD, TestApp};

/// A `Set-Cookie` header, apart: name, value, and the attributes in order of the alphabet.
fn parts(header: &str) -> (String, String, Vec<String>) {
    let mut parts = header.split(';').map(str::trim);
    let (name, value) = parts.next().unwrap().split_once('=').unwrap();
    let mut attributes: Vec<String> = parts.map(str::to_owned).collect();
    attributes.sort();
    (name.to_owned(), value.to_owned(), attributes)
}

#[tokio::test]
async fn over_http_the_cookie_is_for_the_server_alone_and_for_this_site_alone() {
    let app = TestApp::start().await;
    let mut owner = app.anonymous();
    let log_in = owner.log_in(EMAIL, PASSWORD).await;
    let (name, value, attributes) = parts(log_in.set_cookie("session"));
    assert_eq!(name, "session");
    assert_eq!(value.len(), 43);
    assert!(value.bytes().all(|b| b.is_ascii_alphanumeric()));
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax"]);
    assert_eq!(log_in.headers.get_all("set-cookie").iter().count(), 2);
    let (name, value, attributes) = parts(log_in.set_cookie("device"));
    assert_eq!(name, "device");
    assert_eq!(value.len(), 64);
    assert!(value.bytes().all(|b| b.is_ascii_hexdigit()));
    let kept = "Max-Age=31536000";
    assert_eq!(attributes, ["HttpOnly", kept, "Path=/", "SameSite=Lax"]);
    assert_eq!(log_in.header("cache-control"), "no-store");
    assert_eq!(log_in.header("strict-transport-security"), "");
    let log_out = owner.post("/logout", &[]).await;
    let (name, value, attributes) = parts(log_out.header("set-cookie"));
    assert_eq!((name.as_str(), value.as_str()), ("session", ""));
    assert_eq!(
        attributes,
        ["HttpOnly", "Max-Age=0", "Path=/", "SameSite=Lax"]
    );
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_the_host_and_https_is_promised() {
    let settings = [("OPENTILL_PUBLIC_URL", "https://portal.example")];
    let app = TestApp::start_with(&settings).await;
    let mut owner = app.anonymous();
    let log_in = owner.log_in(EMAIL, PASSWORD).await;
    let (name, value, attributes) = parts(log_in.set_cookie("__Host-session"));
    assert_eq!(name, "__Host-session");
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
    let (name, _, attributes) = parts(log_in.set_cookie("__Host-device"));
    assert_eq!(name, "__Host-device");
    assert!(attributes.contains(&"Secure".to_owned()), "{attributes:?}");
    assert!(is_signed_in(&mut owner).await);
    // The name without the prefix is what another host of the domain could set.
    owner.cookie = Some(format!("session={value}"));
    assert!(!is_signed_in(&mut owner).await);
    owner.cookie = Some(format!("__Host-session={value}"));
    let log_out = owner.post("/logout", &[]).await;
    let (name, _, attributes) = parts(log_out.header("set-cookie"));
    assert_eq!(name, "__Host-session");
    assert_eq!(
        attributes,
        ["HttpOnly", "Max-Age=0", "Path=/", "SameSite=Lax", "Secure"]
    );
    for path in ["/login", "/api/v1/me", "/none", "/healthz", "/icon.svg"] {
        let answer = app.anonymous().get(path).await;
        let promise = answer.header("strict-transport-security").to_owned();
        assert_eq!(promise, "max-age=63072000; includeSubDomains", "{path}");
    }
}

#[tokio::test]
async fn a_device_cookie_opens_nothing_and_changes_with_the_password() {
    let app = TestApp::start().await;
    let device = |answer: &Answer| parts(answer.set_cookie("device")).1;
    let mut owner = app.anonymous();
    let first = device(&owner.log_in(EMAIL, PASSWORD).await);
    let again = device(&app.anonymous().log_in(EMAIL, PASSWORD).await);
    assert_eq!(first, again, "one for each account");
    let changed = change_password(&mut owner, PASSWORD, NEW_PASSWORD).await;
    assert_ne!(device(&changed), first);
    let log_in = app.anonymous().log_in(EMAIL, NEW_PASSWORD).await;
    assert_eq!(device(&log_in), device(&changed));
    let mut visitor = app.anonymous();
    for name in ["device", "session", "__Host-device"] {
        visitor.cookie = Some(format!("{name}={}", device(&changed)));
        assert!(!is_signed_in(&mut visitor).await, "{name}");
    }
    visitor.cookie = Some(format!("device={}", device(&changed)));
    let wrong = visitor.log_in(EMAIL, "wrong horse battery staple").await;
    assert_eq!(wrong.status, 401);
    assert_eq!(wrong.header("set-cookie"), "");
}

#[tokio::test]
async fn no_other_answer_sets_a_cookie() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    for path in ["/", "/login", "/profile", "/docs/api", "/none", "/icon.svg"] {
        assert_eq!(owner.get(path).await.header("set-cookie"), "", "{path}");
        let answer = app.anonymous().get(path).await;
        assert_eq!(answer.header("set-cookie"), "", "{path}");
    }
    let refused = app.anonymous().log_in(EMAIL, "wrong").await;
    assert_eq!(refused.header("set-cookie"), "");
}

#[tokio::test]
async fn an_id_that_the_server_did_not_issue_is_never_adopted() {
    let app = TestApp::start().await;
    for planted in [
        "a".repeat(43),
        "0".repeat(43),
        "x".to_owned(),
        String::new(),
        "a".repeat(5000),
        "../../etc/passwd".to_owned(),
        "' OR 1=1 --".to_owned(),
        "\"quoted\"".to_owned(),
    ] {
        let mut victim = app.anonymous();
        victim.cookie = Some(format!("session={planted}"));
        assert!(!is_signed_in(&mut victim).await, "{planted}");
        let sessions = app.sessions_of(EMAIL).await.len();
        let log_in = victim.log_in(EMAIL, PASSWORD).await;
        assert_eq!(log_in.status, 303, "{planted}");
        assert_ne!(victim.cookie, Some(format!("session={planted}")));
        assert!(is_signed_in(&mut victim).await);
        assert_eq!(app.sessions_of(EMAIL).await.len(), sessions + 1);
        let mut attacker = app.anonymous();
        attacker.cookie = Some(format!("session={planted}"));
        assert!(!is_signed_in(&mut attacker).await, "{planted}");
    }
}

#[tokio::test]
async fn logging_in_takes_the_place_of_the_session_that_the_browser_had() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let old = owner.cookie.clone();
    owner.log_in(EMAIL, PASSWORD).await;
    assert_ne!(owner.cookie, old);
    assert_eq!(app.sessions_of(EMAIL).await.len(), 1);
    let mut frozen = app.anonymous();
    frozen.cookie = old;
    assert!(!is_signed_in(&mut frozen).await, "the old id is dead");
}

#[tokio::test]
async fn an_expired_session_and_anothers_session_are_not_taken_over_either() {
    let app = TestApp::start().await;
    app.add_client(OTHER).await;
    let mut browser = app.logged_in_as(OTHER).await;
    let of_other = browser.cookie.clone();
    browser.log_in(EMAIL, PASSWORD).await;
    let page = browser.get("/profile").await;
    assert!(page.body.contains(EMAIL) && !page.body.contains(OTHER));
    let mut frozen = app.anonymous();
    frozen.cookie = of_other;
    assert!(!is_signed_in(&mut frozen).await);

    let expired = browser.cookie.clone();
    app.clock.advance(31 * 60);
    browser.log_in(EMAIL, PASSWORD).await;
    assert_ne!(browser.cookie, expired);
    frozen.cookie = expired;
    assert!(!is_signed_in(&mut frozen).await);
    assert_eq!(app.sessions_of(EMAIL).await.len(), 1);
}

#[tokio::test]
async fn two_cookies_of_the_name_are_none() {
    let app = TestApp::start().await;
    app.add_client(OTHER).await;
    let mut owner = app.logged_in().await;
    let own = owner.cookie.clone().unwrap();
    let planted = app.logged_in_as(OTHER).await.cookie.unwrap();
    for pair in [format!("{own}; {planted}"), format!("{planted}; {own}")] {
        owner.cookie = Some(pair);
        assert!(!is_signed_in(&mut owner).await);
    }
    owner.cookie = Some(format!("theme=dark; {own}; sessions=x; Session=y"));
    assert!(is_signed_in(&mut owner).await, "other cookies do no harm");
}

#[tokio::test]
async fn every_log_in_has_an_id_of_its_own() {
    let app = TestApp::start().await;
    let mut ids = std::collections::HashSet::new();
    for _ in 0..20 {
        let cookie = app.logged_in().await.cookie.unwrap();
        assert!(ids.insert(cookie));
    }
}
