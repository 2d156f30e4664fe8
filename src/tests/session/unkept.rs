//! Browsers that keep no cookie.

use crate::support::{EMAIL, PASSWORD, TestApp};

const UNKEPT: &str = "your browser didn't keep the cookie";

#[tokio::test]
async fn a_browser_that_keeps_no_cookie_is_told_so_after_the_right_password() {
    let app = TestApp::start().await;
    let mut browser = app.anonymous();
    let fields = [
        ("email", EMAIL),
        ("password", PASSWORD),
        ("next", "/profile"),
    ];
    let answer = browser.post("/login", &fields).await;
    let path = answer.header("location").to_owned();
    assert_eq!(path, "/login?next=%2Fprofile&began=1");

    let public = app.state.config.public_url.origin().to_owned();
    let from = format!("{public}/login");
    let mut blocked = app.anonymous();
    let page = blocked.get_with(&path, &[("referer", &from)]).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains(UNKEPT), "{}", page.body);
    assert!(page.body.contains(&public), "where it works");
    assert_eq!(page.field("next"), "/profile");

    for elsewhere in ["", "https://evil.example/login", "nonsense"] {
        let page = blocked.get_with(&path, &[("referer", elsewhere)]).await;
        assert!(!page.body.contains(UNKEPT), "{elsewhere}: no link says it");
    }
    let page = blocked.get_with("/login", &[("referer", &from)]).await;
    assert!(!page.body.contains(UNKEPT));
    assert_eq!(browser.get(&path).await.header("location"), "/profile");
}

#[tokio::test]
async fn a_log_in_without_the_database_keeps_the_form() {
    let app = TestApp::start().await;
    let mut browser = app.anonymous();
    let faults = app.state.store.faults();
    faults.fail_at(0);
    let answer = browser.log_in(EMAIL, PASSWORD).await;
    faults.stop();
    assert_eq!(answer.status, 503);
    assert_eq!(answer.field("email"), EMAIL);
    assert!(answer.body.contains("We're having trouble right now."));
    assert!(!answer.body.contains(PASSWORD));
    assert_eq!(answer.header("retry-after"), "1");
}
