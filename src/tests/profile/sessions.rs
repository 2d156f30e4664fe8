//! The sessions on the Profile page, and what it says after something was done about them.

use crate::support::{Answer, Browser, EMAIL, PASSWORD, TestApp};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const SAFARI: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1";
const NEW_PASSWORD: &str = "another horse battery staple";

/// A browser that calls itself `user_agent`, and that [`EMAIL`] has logged in with.
async fn logged_in_with(app: &TestApp, user_agent: &str) -> Browser {
    let mut browser = app.anonymous();
    let origin = app.state.config.public_url.origin().to_owned();
    let headers = [
        ("origin", origin.as_str()),
        ("sec-fetch-site", "same-origin"),
        ("user-agent", user_agent),
    ];
    let fields = [("email", EMAIL), ("password", PASSWORD)];
    let answer = browser.post_with("/login", &fields, &headers).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    browser
}

/// The Profile page, after `answer` if that led there.
async fn shown(browser: &mut Browser, answer: Option<&Answer>) -> String {
    let page = match answer {
        Some(answer) => browser.follow(answer).await,
        None => browser.get("/profile").await,
    };
    assert_eq!(page.status, 200);
    page.body
}

#[tokio::test]
async fn each_session_is_named_by_its_device_and_one_of_them_is_this_one() {
    let app = TestApp::start().await;
    let mut owner = logged_in_with(&app, FIREFOX).await;
    let alone = shown(&mut owner, None).await;
    assert!(alone.contains("Log out Firefox on Linux (this device)"));
    assert!(
        !alone.contains("Log out all other sessions"),
        "there are none"
    );

    let mut phone = logged_in_with(&app, SAFARI).await;
    for (browser, own, other) in [
        (&mut owner, "Firefox on Linux", "Safari on iPhone"),
        (&mut phone, "Safari on iPhone", "Firefox on Linux"),
    ] {
        let body = shown(browser, None).await;
        assert_eq!(body.matches(">This device<").count(), 1, "{own}");
        assert!(
            body.contains(&format!("Log out {own} (this device)")),
            "{own}"
        );
        assert!(body.contains(&format!("Log out {other}")), "{other}");
        assert!(!body.contains(&format!("Log out {other} (this device)")));
        assert!(body.contains("Log out all other sessions"));
    }
}

#[tokio::test]
async fn what_was_done_about_sessions_is_said_in_words() {
    let app = TestApp::start().await;
    let mut owner = logged_in_with(&app, FIREFOX).await;

    logged_in_with(&app, SAFARI).await;
    let sessions = app.sessions_of(EMAIL).await;
    let phone = sessions.iter().find(|session| session.user_agent == SAFARI);
    let id = phone.expect("it is in the list").id.0.to_string();
    let ended = owner.post("/profile/sessions/end", &[("id", &id)]).await;
    assert_eq!(ended.status, 303);
    assert_eq!(ended.header("location"), "/profile#sessions");
    let body = shown(&mut owner, Some(&ended)).await;
    assert!(body.contains("Session logged out."));
    assert!(!body.contains("Log out Safari on iPhone"));

    logged_in_with(&app, SAFARI).await;
    let ended = owner.post("/profile/sessions/end-others", &[]).await;
    assert_eq!(ended.status, 303);
    assert_eq!(ended.header("location"), "/profile#sessions");
    let body = shown(&mut owner, Some(&ended)).await;
    assert!(body.contains("All other sessions logged out."));
    assert!(!body.contains("Log out Safari on iPhone"));

    logged_in_with(&app, SAFARI).await;
    let fields = [
        ("current_password", PASSWORD),
        ("new_password", NEW_PASSWORD),
    ];
    let changed = owner.post("/profile/password", &fields).await;
    assert_eq!(changed.status, 303, "{}", changed.body);
    assert_eq!(changed.header("location"), "/profile#password");
    let body = shown(&mut owner, Some(&changed)).await;
    assert!(body.contains("Password changed. You've been logged out everywhere else."));
    assert!(!body.contains("Log out Safari on iPhone"));
}
