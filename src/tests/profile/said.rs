//! What was done is said once, to whoever did it, and by no link.

use crate::support::{Browser, EMAIL, TestApp};

const OTHER: &str = "other@example.com";

fn says_something(page: &str) -> bool {
    page.contains("class=\"saved\"")
}

async fn end_others(owner: &mut Browser) {
    let answer = owner.post("/profile/sessions/end-others", &[]).await;
    assert_eq!(answer.status, 303);
}

#[tokio::test]
async fn it_is_said_on_the_next_page_and_not_again() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    end_others(&mut owner).await;
    assert!(
        !says_something(&owner.get("/").await.body),
        "not a page that says it"
    );
    let page = owner.get("/profile").await;
    assert_eq!(page.body.matches("class=\"saved\"").count(), 1);
    assert!(page.body.contains("You have no other sessions."));
    assert!(
        page.header("set-cookie").contains("Max-Age=0"),
        "it is forgotten"
    );
    assert!(
        !says_something(&owner.get("/profile").await.body),
        "a reload"
    );
}

#[tokio::test]
async fn no_address_makes_a_page_say_something() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    owner.create_token("A").await;
    let token = format!("/profile/tokens/{}", app.tokens_of(EMAIL).await[0].id);
    for path in ["/profile", "/profile/tokens", &token] {
        for query in [
            "done=all-revoked",
            "done=renamed",
            "said=password.1",
            "signed_out=1",
        ] {
            let page = owner.get(&format!("{path}?{query}")).await;
            assert!(!says_something(&page.body), "{path}?{query}");
        }
    }
    for query in [
        "signed_out=1",
        "done=password-unclear",
        "next=%2Fprofile%23password",
    ] {
        let page = app.anonymous().get(&format!("/login?{query}")).await;
        assert!(!page.body.contains("session has ended"), "{query}");
        assert!(!page.body.contains("role=\"status\""), "{query}");
    }
}

#[tokio::test]
async fn it_is_said_to_the_client_who_did_it_alone() {
    let app = TestApp::start().await;
    app.add_client(OTHER).await;
    let mut owner = app.logged_in().await;
    end_others(&mut owner).await;
    let said = owner.said.clone();
    let mut other = app.logged_in_as(OTHER).await;
    for foreign in [
        said,
        Some("said=all-revoked".to_owned()),
        Some("said=all-revoked.".to_owned()),
        Some("said=all-revoked.0".to_owned()),
        Some("said=<b>.1".to_owned()),
        Some("__Host-said=all-revoked.2".to_owned()),
    ] {
        other.said.clone_from(&foreign);
        let page = other.get("/profile").await;
        assert!(!says_something(&page.body), "{foreign:?}");
    }
}

#[tokio::test]
async fn over_https_the_cookie_that_says_it_is_bound_to_the_host() {
    let settings = [("OPENTILL_PUBLIC_URL", "https://portal.example")];
    let app = TestApp::start_with(&settings).await;
    let mut owner = app.logged_in().await;
    let answer = owner.post("/profile/sessions/end-others", &[]).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-said="), "{cookie}");
    let attributes = "; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60";
    assert!(cookie.ends_with(attributes), "{cookie}");
    assert!(says_something(&owner.get("/profile").await.body));
}

#[tokio::test]
async fn whose_session_is_over_is_told_so_at_the_login_until_they_are_back() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    app.set_password(EMAIL, crate::support::PASSWORD).await;
    let answer = owner.get("/profile").await;
    assert_eq!(answer.header("location"), "/login?next=%2Fprofile");
    let page = owner.follow(&answer).await;
    assert!(
        page.body
            .contains("Your session has ended. Log in to continue.")
    );
    owner.log_in(EMAIL, crate::support::PASSWORD).await;
    owner.post("/logout", &[]).await;
    let page = owner.get("/login").await;
    assert!(
        !page.body.contains("session has ended"),
        "they logged out themselves"
    );
}
