//! What the dashboard tells of the way to the first call, and of the last one.

use opentill::model::timestamp::DAY;

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
    assert!(body.contains("No calls yet"));

    let token = owner.create_token("A").await;
    let body = page(&mut owner).await;
    assert!(body.contains(FIRST_CALL) && body.contains("1 of 3 done"));

    assert_eq!(app.me(&token).await.status, 200);
    app.state.usage.flush().await;
    let is_known = async || app.tokens_of(EMAIL).await[0].last_used_at.is_some();
    eventually("the use is written down", is_known).await;
    let body = page(&mut owner).await;
    assert!(!body.contains(FIRST_CALL) && !body.contains("No calls yet"));

    let path = format!(
        "/profile/tokens/{}/revoke",
        app.tokens_of(EMAIL).await[0].id
    );
    assert_eq!(owner.post(&path, &[]).await.status, 303);
    let body = page(&mut owner).await;
    assert!(!body.contains(FIRST_CALL) && !body.contains("No calls yet"));
}

/// The part of the page from this heading to the end of its card.
fn card<'p>(page: &'p str, heading: &str) -> &'p str {
    let (_, rest) = page.split_once(&format!(">{heading}</h2>")).expect(heading);
    rest.split("</section>").next().unwrap()
}

#[tokio::test]
async fn one_look_says_whether_anything_is_wrong_or_unused() {
    let app = TestApp::start().await;
    let token = app
        .logged_in()
        .await
        .create_token("Billing <Dashboard>")
        .await;
    let body = page(&mut app.logged_in().await).await;
    assert!(
        card(&body, "Needs attention").contains("Nothing."),
        "{body}"
    );
    assert_eq!(card(&body, "Recent activity").matches("<li").count(), 3);

    for _ in 0..2 {
        assert_eq!(app.me(&token).await.status, 200);
    }
    app.state.usage.flush().await;
    let wrong = app.anonymous().log_in(EMAIL, "not the password").await;
    assert_eq!(wrong.status, 401);
    app.state.failed_logins.flush().await;
    let body = page(&mut app.logged_in().await).await;
    let attention = card(&body, "Needs attention");
    assert!(
        attention.contains("1 failed login in the last 7 days"),
        "{attention}"
    );
    assert!(attention.contains("href=\"/activity?event=login_failed\""));
    let api = card(&body, "API");
    assert!(
        api.contains("<dt>Calls today</dt><dd><strong>2</strong>"),
        "{api}"
    );
    assert!(api.contains("2 calls in the last 30 days"), "{api}");
    assert!(api.contains("Billing &lt;Dashboard&gt;</bdi>"), "{api}");
    assert_eq!(card(&body, "Recent activity").matches("<li").count(), 5);

    app.clock.advance(90 * DAY);
    let body = page(&mut app.logged_in().await).await;
    let attention = card(&body, "Needs attention");
    assert!(
        attention.contains("1 active token not used for 90 days or more"),
        "{attention}"
    );
    assert!(!attention.contains("failed login"), "{attention}");
    assert!(card(&body, "API").contains("No calls in the last 30 days"));
    assert!(card(&body, "Account").contains("Active"));
}
