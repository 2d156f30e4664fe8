//! Using tokens, and guessing them.

use opentill::model::timestamp::DAY;

use super::{behind_a_proxy, in_words};
use crate::support::{Answer, EMAIL, TestApp, eventually};

const HERE: &str = "203.0.113.7";
const ELSEWHERE: &str = "198.51.100.9";
const BAD: &str = "ot_live_thisisnotatoken";

async fn me_from(app: &TestApp, address: &str, token: &str) -> Answer {
    let authorization = format!("Bearer {token}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("x-forwarded-for", address),
    ];
    app.anonymous().get_with("/api/v1/me", &headers).await
}

/// The 429 of the API, and the seconds that it asks to wait.
fn retry_after(refused: &Answer) -> i64 {
    assert_eq!(refused.status, 429, "{refused:?}");
    assert_eq!(refused.header("content-type"), "application/json");
    assert_eq!(refused.header("cache-control"), "no-store");
    let seconds = refused.header("retry-after");
    let wait = in_words(seconds);
    let body = format!(r#"{{"message":"Too many requests. Try again in {wait}."}}"#);
    assert_eq!(refused.body, body);
    seconds.parse().unwrap()
}

#[tokio::test]
async fn each_answer_says_how_many_requests_are_left() {
    let app = behind_a_proxy(&[("OPENTILL_TOKEN_LIMIT", "60")]).await;
    let token = app.logged_in().await.create_token("A").await;
    for left in [59, 58, 57] {
        let answer = me_from(&app, HERE, &token).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy"), r#""token";q=60;w=60"#);
        let expected = format!(r#""token";r={left};t={}"#, 60 - left);
        assert_eq!(answer.header("ratelimit"), expected);
    }
}

#[tokio::test]
async fn a_token_used_too_often_waits_as_long_as_it_is_told_and_the_others_do_not() {
    let app = behind_a_proxy(&[("OPENTILL_TOKEN_LIMIT", "6")]).await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("A").await;
    let other = owner.create_token("B").await;
    for address in [HERE, ELSEWHERE].iter().cycle().take(6) {
        assert_eq!(me_from(&app, address, &token).await.status, 200);
    }
    let refused = me_from(&app, HERE, &token).await;
    let wait = retry_after(&refused);
    assert_eq!(wait, 10);
    assert_eq!(
        refused.header("ratelimit"),
        r#""token";r=0;t=60"#,
        "seconds until all may again, as in every other response"
    );
    assert_eq!(me_from(&app, HERE, &other).await.status, 200);
    app.clock.advance(wait);
    assert_eq!(me_from(&app, HERE, &token).await.status, 200);
}

#[tokio::test]
async fn whoever_goes_on_with_a_wrong_token_is_told_to_wait_and_nobody_else_is() {
    let app = behind_a_proxy(&[("OPENTILL_BAD_TOKEN_LIMIT", "5")]).await;
    let token = app.logged_in().await.create_token("A").await;
    for _ in 0..5 {
        assert!(me_from(&app, HERE, BAD).await.is_exact_401());
    }
    let wait = retry_after(&me_from(&app, HERE, BAD).await);
    let none = app
        .anonymous()
        .get_with("/api/v1/me", &[("x-forwarded-for", HERE)])
        .await;
    assert!(none.is_exact_401(), "{none:?}");
    let last = if token.ends_with('x') { 'y' } else { 'x' };
    let mistyped = format!("{}{last}", &token[..token.len() - 1]);
    assert!(me_from(&app, HERE, &mistyped).await.is_exact_401());
    assert_eq!(me_from(&app, HERE, &token).await.status, 200);
    assert!(me_from(&app, ELSEWHERE, BAD).await.is_exact_401());
    app.clock.advance(wait);
    assert!(me_from(&app, HERE, BAD).await.is_exact_401());
}

#[tokio::test]
async fn what_is_refused_is_neither_a_call_nor_a_use_and_its_owner_sees_how_much_it_was() {
    let app = behind_a_proxy(&[("OPENTILL_TOKEN_LIMIT", "2")]).await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("A").await;
    for status in [200, 200, 429, 429] {
        assert_eq!(me_from(&app, HERE, &token).await.status, status);
    }
    app.state.usage.flush().await;
    let client = app.id_of(EMAIL).await;
    let id = app.tokens_of(EMAIL).await[0].id;
    eventually("the calls are written down", async || {
        let usage = app.state.store.usage_of(client, id, app.clock.now()).await;
        let calls = usage.unwrap().total();
        assert!(calls <= 2, "{calls}");
        calls == 2
    })
    .await;
    let page = format!("/profile/tokens/{id}");
    let overview = owner.get("/").await.body;
    assert!(overview.contains("2 refused API calls in the last 7 days"));
    assert!(overview.contains(&format!("href=\"{page}\"")));
    let told = "2 calls refused in the last 7 days";
    assert!(owner.get(&page).await.body.contains(told));
    app.clock.advance(7 * DAY);
    let mut owner = app.logged_in().await;
    assert!(!owner.get(&page).await.body.contains(told));
    assert!(!owner.get("/").await.body.contains("2 refused"));
}

#[tokio::test]
async fn another_way_to_write_the_path_is_another_answer_but_no_other_count() {
    let app = behind_a_proxy(&[("OPENTILL_BAD_TOKEN_LIMIT", "4")]).await;
    for path in ["/api/v1/me", "/api/v1/me/", "/api/v1//me", "/api/v1/ME"] {
        let answer = app
            .anonymous()
            .get_with(path, &[("x-forwarded-for", HERE)])
            .await;
        assert!(answer.is_exact_401(), "{path}: {answer:?}");
    }
    for path in ["/api/v1/me", "/api/v1/", "/api/v1/x?y=z", "/api/v1/m%65"] {
        let answer = app
            .anonymous()
            .get_with(path, &[("x-forwarded-for", HERE)])
            .await;
        retry_after(&answer);
    }
}

#[tokio::test]
async fn a_browser_elsewhere_may_read_what_is_left() {
    let app = behind_a_proxy(&[]).await;
    let token = app.logged_in().await.create_token("A").await;
    let authorization = format!("Bearer {token}");
    let from_a_page = [
        ("authorization", authorization.as_str()),
        ("origin", "https://app.example"),
    ];
    let answer = app.anonymous().get_with("/api/v1/me", &from_a_page).await;
    let exposed = answer
        .header("access-control-expose-headers")
        .to_lowercase();
    for name in [
        "ratelimit",
        "ratelimit-policy",
        "retry-after",
        "www-authenticate",
    ] {
        assert!(
            exposed.split(',').any(|exposed| exposed == name),
            "{name}: {exposed}"
        );
    }
}
