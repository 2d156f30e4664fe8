//! The operator's own name, logo, color and links: on the pages, and with values that nobody should set.

use std::{fs, path::PathBuf};

use crate::support::{
    TestApp, WITHOUT_MAIL,
    process::{Finished, Workplace},
};

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 40\" onload=\"alert(1)\">\
    <script>alert(document.domain)</script></svg>";

/// A file of a test's own.
fn file(dir: &tempfile::TempDir, name: &str, content: &[u8]) -> PathBuf {
    let path = dir.path().join(name);
    fs::write(&path, content).unwrap();
    path
}

/// The value of an attribute after `mark`.
fn after<'p>(page: &'p str, mark: &str) -> &'p str {
    let (_, rest) = page
        .split_once(mark)
        .unwrap_or_else(|| panic!("{mark} in {page}"));
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn the_name_the_links_and_the_color_are_on_every_page() {
    let app = TestApp::start_with(&[
        ("OPENTILL_NAME", "Acme </title><b>&\"Hosting\"</b>"),
        (
            "OPENTILL_SUPPORT_URL",
            "mailto:help@acme.example?subject=Portal",
        ),
        (
            "OPENTILL_LEGAL_LINKS",
            "Terms=https://acme.example/terms,<i>Privacy=https://acme.example/p?a=b",
        ),
        ("OPENTILL_ACCENT", "#b45309"),
    ])
    .await;
    let mut owner = app.logged_in().await;
    for path in ["/", "/profile", "/activity", "/docs/api", "/nowhere"] {
        let body = owner.get(path).await.body;
        assert!(
            body.contains(" · Acme &lt;/title>&lt;b>&amp;\"Hosting\"&lt;/b></title>"),
            "{path}: {body}"
        );
        assert!(
            !body.contains("</title><b>") && !body.contains("<i>Privacy"),
            "{path}"
        );
        assert!(
            !body.contains("Opentill client portal") && !body.contains("mark-tile"),
            "{path}"
        );
        for url in [
            "mailto:help@acme.example?subject=Portal",
            "https://acme.example/terms",
            "https://acme.example/p?a=b",
        ] {
            assert!(body.contains(&format!("href=\"{url}\"")), "{path}: {url}");
        }
    }
    let login = app.anonymous().get("/login").await;
    assert!(login.body.contains("Forgot your password?"));
    let css = format!(
        "/brand/accent-{}",
        after(&login.body, "href=\"/brand/accent-")
    );
    let answer = app.anonymous().get(&css).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/css; charset=utf-8")
    );
    assert!(answer.header("cache-control").contains("immutable"));
    assert!(
        answer.body.contains("--accent: light-dark(oklch("),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn without_settings_everything_is_as_it_was() {
    let app = TestApp::start_with(&[WITHOUT_MAIL]).await;
    let login = app.anonymous().get("/login").await.body;
    assert!(
        login.contains("<title>Log in · Opentill</title>"),
        "{login}"
    );
    assert!(login.contains("mark-tile") && !login.contains("/brand/"));
    assert!(login.contains("Contact your provider"));
    for path in [
        "/brand/",
        "/brand/logo.svg",
        "/brand/accent-0000000000000000.css",
    ] {
        assert_eq!(app.anonymous().get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_logo_is_a_picture_in_which_nothing_runs() {
    let dir = tempfile::tempdir().unwrap();
    let logo = file(&dir, "logo.svg", SVG.as_bytes());
    let settings = [
        ("OPENTILL_LOGO", logo.to_str().unwrap()),
        ("OPENTILL_NAME", "פורטל הלקוחות"),
    ];
    let app = TestApp::start_with(&settings).await;
    let login = app.anonymous().get("/login").await.body;
    assert!(login.contains("פורטל הלקוחות</bdi>"), "{login}");
    assert!(!login.contains("alert(1)"), "it is no part of the page");
    let url = format!("/brand/logo-{}", after(&login, " src=\"/brand/logo-"));
    let icon = format!("<link rel=\"icon\" type=\"image/svg+xml\" href=\"{url}\"");
    assert!(login.contains(&icon), "{login}");
    let answer = app.anonymous().get(&url).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "image/svg+xml")
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.ends_with("sandbox"),
        "{policy}"
    );
    assert_eq!(answer.body, SVG);

    // It is served from memory, and is no part of what commands need.
    fs::remove_file(&logo).unwrap();
    assert_eq!(app.anonymous().get(&url).await.status, 200);
}

#[track_caller]
fn assert_refused(finished: &Finished, setting: &str) {
    let Finished { code, stderr, .. } = finished;
    assert_eq!(*code, Some(1), "{setting}: {stderr}");
    assert_eq!(stderr.trim_end().lines().count(), 1, "{stderr}");
    assert!(
        stderr.starts_with(&format!("opentill: {setting}: ")),
        "{stderr}"
    );
    assert!(!stderr.contains("hunter2"), "{stderr}");
}

#[test]
fn values_that_cannot_be_shown_stop_the_start_with_one_line() {
    let long = "n".repeat(61);
    for (setting, value) in [
        ("OPENTILL_NAME", long.as_str()),
        ("OPENTILL_NAME", "hunter2\u{202E}acme"),
        ("OPENTILL_SUPPORT_URL", "javascript:alert('hunter2')"),
        ("OPENTILL_SUPPORT_URL", "http://example.com/hunter2"),
        ("OPENTILL_LEGAL_LINKS", "hunter2=javascript:alert(1)"),
        ("OPENTILL_LEGAL_LINKS", "https://example.com/hunter2"),
        ("OPENTILL_ACCENT", "hunter2"),
        ("OPENTILL_ACCENT", "#fff; } body { display: none"),
    ] {
        let operator = Workplace::on_file().set(setting, value);
        assert_refused(&operator.run(&["serve"]), setting);
    }
}

#[test]
fn a_file_that_is_no_logo_stops_the_server_and_no_command() {
    let dir = tempfile::tempdir().unwrap();
    for logo in [
        file(&dir, "large.png", &vec![0; 10 << 20]),
        file(&dir, "false.png", b"\x89PNG\r\n\x1a\nhunter2"),
        file(&dir, "page.svg", b"<html><body>hunter2</body></html>"),
        dir.path().join("missing.svg"),
        dir.path().to_owned(),
        PathBuf::from("/dev/zero"),
    ] {
        let operator = Workplace::on_file().set("OPENTILL_LOGO", &logo);
        assert_refused(&operator.run(&["serve"]), "OPENTILL_LOGO");
        operator.say(&["migrate"], "");
    }
}
