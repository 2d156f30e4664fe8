//! What the pages tell of a token: that it lies unused, and what uses it.

use opentill::model::timestamp::{DAY, MINUTE};

use crate::support::{EMAIL, TestApp};

const STALE: &str = "Unused for 90+ days";

#[tokio::test]
async fn a_token_that_lies_unused_for_three_months_says_so_until_it_is_used() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("A").await;
    let page = owner.get("/profile").await;
    assert!(page.body.contains("1 of 50"));
    assert!(page.body.contains("Never used") && !page.body.contains(STALE));

    app.clock.advance(91 * DAY);
    // The session is long over.
    let mut later = app.logged_in().await;
    let page = later.get("/profile").await;
    assert!(page.body.contains("1 of 50"), "it is active all the same");
    assert!(page.body.contains("Never used"));
    assert_eq!(page.body.matches(STALE).count(), 1);

    assert_eq!(app.me(&token).await.status, 200);
    app.state.usage.flush().await;
    let page = later.get("/profile").await;
    assert!(!page.body.contains(STALE) && !page.body.contains("Never used"));

    app.clock.advance(91 * DAY);
    let page = app.logged_in().await.get("/profile").await;
    assert_eq!(page.body.matches(STALE).count(), 1);
    assert!(!page.body.contains("Never used"), "it was, a while ago");
}

#[tokio::test]
async fn the_page_of_a_token_names_the_program_that_used_it_as_it_names_itself() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("A").await;
    let path = format!("/profile/tokens/{}", app.tokens_of(EMAIL).await[0].id);
    let bearer = format!("Bearer {token}");
    for (user_agent, shown) in [
        ("curl/8.14.1", "curl/8.14.1"),
        ("<b>Bold</b>/1", "&lt;b&gt;Bold&lt;/b&gt;/1"),
    ] {
        let headers = [
            ("authorization", bearer.as_str()),
            ("user-agent", user_agent),
        ];
        let answer = app.anonymous().get_with("/api/v1/me", &headers).await;
        assert_eq!(answer.status, 200);
        app.state.usage.flush().await;
        app.clock.advance(MINUTE);
        let page = owner.get(&path).await;
        assert!(page.body.contains("127.0.0.1"));
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
        assert!(!page.body.contains("<b>Bold"));
    }
}

#[tokio::test]
async fn a_revoked_token_keeps_its_page_to_be_read() {
    let app = TestApp::start().await;
    app.add_client("other@example.com").await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("Leaked").await;
    let path = format!("/profile/tokens/{}", app.tokens_of(EMAIL).await[0].id);
    assert_eq!(app.me(&token).await.status, 200);
    app.state.usage.flush().await;
    owner.post(&format!("{path}/revoke"), &[]).await;

    let profile = owner.get("/profile").await.body;
    assert!(profile.contains(&format!("href=\"{path}\"")), "{profile}");
    let page = owner.get(&path).await;
    assert_eq!(page.status, 200);
    for text in [
        ">Revoked<",
        "1 call in the last 30 days",
        "127.0.0.1",
        "<title>Leaked · API token · Opentill</title>",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    for gone in ["Revoke token", "Rename", "Revoke this token"] {
        assert!(!page.body.contains(gone), "{gone}");
    }
    let question = owner.get(&format!("{path}/revoke")).await;
    assert_eq!(question.status, 303, "there is nothing to ask");
    assert_eq!(question.header("location"), path);
    let rename = format!("{path}/rename");
    let renamed = owner.post(&rename, &[("name", "B")]).await;
    assert_eq!(renamed.status, 404);
    let mut other = app.logged_in_as("other@example.com").await;
    assert_eq!(other.get(&path).await.status, 404);
}

#[tokio::test]
async fn whoever_asks_to_revoke_gets_back_to_where_they_asked() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    owner.create_token("A").await;
    let path = format!("/profile/tokens/{}", app.tokens_of(EMAIL).await[0].id);
    for (query, back) in [
        ("", "/profile#api-tokens"),
        ("?from=token", path.as_str()),
        ("?from=//evil.example", "/profile#api-tokens"),
    ] {
        let page = owner.get(&format!("{path}/revoke{query}")).await.body;
        let cancel = format!("<a class=\"button\" href=\"{back}\">Cancel</a>");
        assert!(page.contains(&cancel), "{query}: {page}");
    }
}
