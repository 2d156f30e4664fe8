//! What other programs look for at paths that no page leads to: password managers, browsers, researchers, people who type.

use opentill::model::{
    secret::TokenSecret,
    timestamp::{DAY, Timestamp},
};
use reqwest::Client;

use crate::support::{Answer, EMAIL, TestApp, process::Workplace, raw};

const SECURITY_TXT: &str = "/.well-known/security.txt";

async fn get(app: &TestApp, path: &str) -> Answer {
    app.anonymous().get(path).await
}

#[tokio::test]
async fn a_password_manager_finds_the_form_and_whose_password_it_is() {
    let app = TestApp::start().await;
    let answer = get(&app, "/.well-known/change-password").await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), "/profile#password");
    // By which it knows that the other path is not there for every name.
    let control = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
    assert_eq!(get(&app, control).await.status, 404);

    let page = app.logged_in().await.get("/profile").await.body;
    let field = page
        .split("<input ")
        .find(|tag| tag.contains("autocomplete=\"username\""));
    let (field, _) = field.expect("there is a field").split_once('>').unwrap();
    // Chromium's sees no field of the type `hidden`.
    assert!(
        field.contains("type=\"text\"") && field.contains(" hidden"),
        "{field}"
    );
    assert!(field.contains(&format!("value=\"{EMAIL}\"")), "{field}");
}

#[tokio::test]
async fn whom_to_tell_of_a_vulnerability_is_said_if_it_is_set() {
    assert_eq!(get(&TestApp::start().await, SECURITY_TXT).await.status, 404);

    let app = TestApp::start_with(&[
        ("OPENTILL_SECURITY_CONTACT", "mailto:security@example.com"),
        ("OPENTILL_PUBLIC_URL", "https://portal.example"),
    ])
    .await;
    let answer = get(&app, SECURITY_TXT).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let lines: Vec<_> = answer.body.lines().collect();
    let [contact, expires, canonical] = lines[..] else {
        panic!("{}", answer.body)
    };
    assert_eq!(contact, "Contact: mailto:security@example.com");
    assert_eq!(
        canonical,
        "Canonical: https://portal.example/.well-known/security.txt"
    );
    let expires = Timestamp::parse_rfc3339(expires.strip_prefix("Expires: ").unwrap());
    let left = expires.unwrap().seconds_since(app.clock.now());
    assert!((89 * DAY..365 * DAY).contains(&left), "{left}");

    let wrong = Workplace::on_file().set("OPENTILL_SECURITY_CONTACT", "hunter2@example.com");
    let finished = wrong.run(&["serve"]);
    assert_eq!(finished.code, Some(1));
    assert!(
        finished
            .stderr
            .starts_with("opentill: OPENTILL_SECURITY_CONTACT: must be an address like")
            && !finished.stderr.contains("hunter2"),
        "{}",
        finished.stderr
    );
}

#[tokio::test]
async fn a_scanner_can_check_a_token_by_what_the_documentation_says() {
    let page = get(&TestApp::start().await, "/docs/api").await.body;
    let (_, section) = page.split_once("id=\"scanners\"").unwrap();
    let (_, example) = section
        .split_once("followed by 32 zeros is 3465960229, which is <code>")
        .unwrap();
    let token = format!("ot_live_{}{}", "0".repeat(32), &example[..6]);
    assert!(TokenSecret::parse(token.as_bytes()).is_some(), "{token}");
    assert!(section.contains("[[rules]]"), "{section}");
}

#[tokio::test]
async fn the_icons_are_where_browsers_look_for_them() {
    let app = TestApp::start().await;
    for (path, kind, magic) in [
        ("/favicon.ico", "image/", &[0, 0, 1, 0][..]),
        ("/apple-touch-icon.png", "image/png", b"\x89PNG"),
    ] {
        let answer = Client::new().get(app.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert!(header("content-type").starts_with(kind), "{path}");
        assert_eq!(header("cache-control"), "public, max-age=86400", "{path}");
        let tag = header("etag");
        assert!(answer.bytes().await.unwrap().starts_with(magic), "{path}");

        let again = app
            .anonymous()
            .get_with(path, &[("if-none-match", &tag)])
            .await;
        assert_eq!(again.status, 304, "{path}");
        assert_eq!(again.header("etag"), tag, "{path}");
    }
    let page = get(&app, "/login").await.body;
    assert!(
        page.contains("<meta name=\"theme-color\" content=\"#"),
        "{page}"
    );
}

#[tokio::test]
async fn a_path_as_people_type_it_leads_to_the_page() {
    let app = TestApp::start().await;
    for (typed, page) in [
        ("/login/", "/login"),
        ("/login/?next=%2Fprofile", "/login?next=%2Fprofile"),
        ("/profile/", "/profile"),
        ("/profile/tokens/all/", "/profile/tokens/all"),
        ("/activity/?before=7", "/activity?before=7"),
        ("/docs", "/docs/api"),
        ("/docs/", "/docs/api"),
        ("/docs/api/", "/docs/api"),
    ] {
        let answer = get(&app, typed).await;
        assert_eq!(answer.status, 308, "{typed}");
        assert_eq!(answer.header("location"), page, "{typed}");
        answer.assert_kept_nowhere();
    }
    // Only what has a page, and never another host.
    for typed in [
        "/nowhere/",
        "//evil.example/",
        "//login/",
        "/profile//",
        "/login/x",
    ] {
        let request = format!(
            "GET {typed} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            app.addr
        );
        let answer = raw(app.addr, request.as_bytes()).await;
        assert_eq!(answer.status, 404, "{typed}");
        assert_eq!(answer.header("location"), "", "{typed}");
    }
    // A query may hold anything.
    let mut request =
        b"GET /login/?next=/\xc3\xbc\xff HTTP/1.1\r\nConnection: close\r\nHost: ".to_vec();
    request.extend(format!("{}\r\n\r\n", app.addr).as_bytes());
    let answer = raw(app.addr, &request).await;
    assert!(matches!(answer.status, 308 | 400), "{answer:?}");
    let posted = app.anonymous().post("/login/", &[("email", EMAIL)]).await;
    assert_eq!(posted.status, 405);
}
