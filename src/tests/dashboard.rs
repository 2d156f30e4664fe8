//! What the dashboard tells of the way to the first call, and of the last one.

use crate::support::{Browser, EMAIL, TestApp, eventually};

const FIRST_CALL: &str = "Make your first API call";

async fn page(owner: &mut Browser) -> String {
    let answer = owner.get("/").await;
    assert_eq!(answer.status, 200);
    answer.body
}

#[tokio::test]
async fn the_steps_tick_themselves_and_a_call_is_not_forgotten_with_its_token() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let body = page(&mut owner).await;
    assert!(body.contains(FIRST_CALL) && body.contains("3 steps"));
    assert!(body.contains("None yet"));

    let token = owner.create_token("A").await;
    let body = page(&mut owner).await;
    assert!(body.contains(FIRST_CALL) && body.contains("1 of 3 done"));

    assert_eq!(app.me(&token).await.status, 200);
    app.state.usage.flush().await;
    let is_known = async || app.tokens_of(EMAIL).await[0].last_used_at.is_some();
    eventually("the use is written down", is_known).await;
    let body = page(&mut owner).await;
    assert!(!body.contains(FIRST_CALL) && !body.contains("None yet"));

    let path = format!(
        "/profile/tokens/{}/revoke",
        app.tokens_of(EMAIL).await[0].id
    );
    assert_eq!(owner.post(&path, &[]).await.status, 303);
    let body = page(&mut owner).await;
    assert!(!body.contains(FIRST_CALL) && !body.contains("None yet"));
}
