//! What the pages tell of a token: that it lies unused, and what uses it.

use opentill::model::timestamp::{DAY, MINUTE};

use crate::support::{EMAIL, TestApp};

const STALE: &str = "Not used for 3 months";

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
