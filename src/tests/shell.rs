//! What every page has: the navigation, the state of the account, and a way out.

use opentill::model::client::ClientStatus;

use crate::support::{EMAIL, TestApp};

/// The pages of a client, and the link of the navigation that is marked on each.
const PAGES: [(&str, &str); 6] = [
    ("/", "Dashboard"),
    ("/profile", "API tokens"),
    ("/profile/tokens/all", "API tokens"),
    ("/activity", "Activity"),
    ("/activity?event=logged_in", "Activity"),
    ("/docs/api", "API docs"),
];
const SUSPENDED: &str = "Your account is suspended.";

#[tokio::test]
async fn the_navigation_marks_where_one_is() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    for (path, marked) in PAGES {
        let page = owner.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        let (_, nav) = page.body.split_once("<nav aria-label=\"Main\">").unwrap();
        let nav = nav.split("</nav>").next().unwrap();
        assert_eq!(nav.matches("<a ").count(), 4, "{nav}");
        assert_eq!(nav.matches("aria-current=\"page\"").count(), 1, "{nav}");
        let (_, current) = nav.split_once("aria-current=\"page\"").unwrap();
        assert!(
            current.split("</a>").next().unwrap().contains(marked),
            "{path}: {nav}"
        );
    }
    let (_, nav) = app
        .anonymous()
        .get("/docs/api")
        .await
        .body
        .split_once("<nav aria-label=\"Main\">")
        .map(|(before, nav)| (before.to_owned(), nav.to_owned()))
        .unwrap();
    assert_eq!(
        nav.split("</nav>").next().unwrap().matches("<a ").count(),
        1
    );
}

#[tokio::test]
async fn a_suspended_client_is_told_on_every_page_and_whom_to_ask() {
    let support = "https://acme.example/support";
    let app = TestApp::start_with(&[("OPENTILL_SUPPORT_URL", support)]).await;
    let mut owner = app.logged_in().await;
    for (path, _) in PAGES {
        assert!(!owner.get(path).await.body.contains(SUSPENDED), "{path}");
    }
    app.set_status(EMAIL, ClientStatus::Suspended).await;
    for path in PAGES.iter().map(|(path, _)| *path).chain(["/nowhere"]) {
        let body = owner.get(path).await.body;
        let (_, banner) = body
            .split_once(SUSPENDED)
            .unwrap_or_else(|| panic!("{path}"));
        let banner = banner.split("</p>").next().unwrap();
        assert!(
            banner.contains(&format!("href=\"{support}\"")),
            "{path}: {banner}"
        );
    }
    assert!(
        !app.anonymous()
            .get("/docs/api")
            .await
            .body
            .contains(SUSPENDED)
    );
}

#[tokio::test]
async fn an_error_page_says_what_to_do() {
    let support = "https://acme.example/support";
    let app = TestApp::start_with(&[("OPENTILL_SUPPORT_URL", support)]).await;
    let mut owner = app.logged_in().await;
    let missing = owner.get("/nowhere").await;
    assert_eq!(missing.status, 404);
    assert!(
        missing.body.contains("doesn't exist or has moved"),
        "{}",
        missing.body
    );
    assert!(missing.body.contains("Go to the home page"));
    app.state.store.faults().fail_at(0);
    let failed = owner.get("/").await;
    assert!(failed.status >= 500, "{}", failed.status);
    for part in [
        "If you contact support, include this ID",
        support,
        "Try again",
    ] {
        assert!(failed.body.contains(part), "{part}: {}", failed.body);
    }
    // Whether somebody is logged in is not known.
    let header = failed.body.split("<main").next().unwrap();
    assert!(!header.contains("href=\"/login\""), "{header}");
}

#[tokio::test]
async fn what_people_type_leads_to_the_page_they_mean() {
    let app = TestApp::start().await;
    for (typed, page) in [("/dashboard", "/"), ("/tokens", "/profile#api-tokens")] {
        let answer = app.anonymous().get(typed).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, page),
            "{typed}"
        );
    }
}
