//! Changing things without end, signed in.

use opentill::model::activity::Activity;

use super::{behind_a_proxy, in_words};
use crate::support::{
    Answer, Browser, EMAIL, TestApp,
    mutations::{Scene, WRITES_NOTHING},
};

/// These have limits of their own or change nothing that grows.
const UNCOUNTED: [&str; 5] = [
    "/login",
    "/logout",
    "/theme",
    "/rpc/session/keep",
    "/rpc/tokens/list",
];

/// What can be changed, in words.
async fn picture(app: &TestApp) -> String {
    let client = app.id_of(EMAIL).await;
    let trail: Vec<Activity> = app.state.store.activity_of(client, 1000).await.unwrap();
    let (tokens, sessions) = (app.tokens_of(EMAIL).await, app.sessions_of(EMAIL).await);
    format!("{tokens:?} {sessions:?} {trail:?}")
}

/// Takes away what is not there, so that nothing is changed but the count.
async fn withdraw_nothing(browser: &mut Browser) -> u16 {
    let answer = browser.rpc("tokens/revoke", &[("id", "999999")]).await;
    answer.status
}

fn is_told_when_to_try_again(refused: &Answer) -> bool {
    let wait = refused.header("retry-after");
    let told = format!("Too many requests. Try again in {}.", in_words(wait));
    refused.status == 429
        && (refused.body.contains(&told) || refused.body.contains(&format!(":{wait}}}")))
}

#[tokio::test]
async fn everything_that_a_client_changes_is_counted_before_it_is_done() {
    let app = behind_a_proxy(&[("OPENTILL_CHANGE_LIMIT", "2")]).await;
    // Making its two tokens takes the client's changes, and these take the session's withdrawals.
    let mut scene = Scene::of(&app).await;
    for _ in 0..2 {
        assert_eq!(withdraw_nothing(&mut scene.owner).await, 404);
    }
    let before = picture(&app).await;
    let mut refused = 0;
    for mutation in scene.mutations() {
        if UNCOUNTED.contains(&mutation.route) {
            continue;
        }
        for _ in 0..3 {
            let answer = scene.owner.post(&mutation.path, &mutation.fields()).await;
            assert!(
                is_told_when_to_try_again(&answer),
                "{}: {answer:?}",
                mutation.path
            );
        }
        refused += 1;
    }
    assert_eq!(picture(&app).await, before, "nothing was done");
    assert_eq!(refused, scene.mutations().len() - UNCOUNTED.len());
    assert!(WRITES_NOTHING.iter().all(|path| UNCOUNTED.contains(path)));
    // What was refused costs nothing.
    app.clock.advance(30);
    scene.owner.create_token("Three").await;
    for mutation in scene.mutations() {
        if UNCOUNTED.contains(&mutation.route) {
            let answer = scene.owner.post(&mutation.path, &mutation.fields()).await;
            assert_eq!(answer.status, mutation.done, "{}", mutation.path);
        }
    }
}

#[tokio::test]
async fn whoever_uses_up_a_stolen_session_does_not_keep_the_owner_from_revoking() {
    let app = behind_a_proxy(&[("OPENTILL_CHANGE_LIMIT", "3")]).await;
    app.add_client("joe@example.com").await;
    let mut owner = app.logged_in().await;
    owner.create_token("A").await;
    let mut thief = app.logged_in().await;
    while withdraw_nothing(&mut thief).await != 429 {}
    thief.create_token("B").await;
    thief.create_token("C").await;
    let refused = thief.post("/profile/tokens", &[("name", "D")]).await;
    assert!(is_told_when_to_try_again(&refused), "{refused:?}");
    let refused = owner.post("/profile/tokens", &[("name", "D")]).await;
    assert_eq!(
        refused.status, 429,
        "the changes of a client count together"
    );
    for path in ["/profile/tokens/revoke-all", "/profile/sessions/end-others"] {
        let answer = owner.post(path, &[("confirmation", "revoke all")]).await;
        assert_eq!(answer.status, 303, "{path}");
    }
    assert!(app.tokens_of(EMAIL).await.is_empty());
    let mut joe = app.logged_in_as("joe@example.com").await;
    joe.create_token("each client has a count of its own").await;
}

#[tokio::test]
async fn a_form_that_was_refused_comes_back_with_what_was_typed() {
    let app = behind_a_proxy(&[("OPENTILL_CHANGE_LIMIT", "1")]).await;
    let mut owner = app.logged_in().await;
    owner.create_token("A").await;
    let id = app.tokens_of(EMAIL).await[0].id;
    let rename = format!("/profile/tokens/{id}/rename");
    let name: &[_] = &[("name", "Typed with care")];
    let details: &[_] = &[("name", "Typed with care"), ("country", "US")];
    for (path, fields) in [
        ("/profile/tokens", name),
        (&rename, name),
        ("/profile/details", details),
    ] {
        let refused = owner.post(path, fields).await;
        assert!(is_told_when_to_try_again(&refused), "{path}: {refused:?}");
        let typed = "value=\"Typed with care\"";
        assert!(refused.body.contains(typed), "{path}: {}", refused.body);
        assert!(refused.body.contains("role=\"alert\""), "{path}");
    }
    assert_eq!(withdraw_nothing(&mut owner).await, 404);
    let refused = owner.post("/profile/password", &[]).await;
    assert!(is_told_when_to_try_again(&refused), "{refused:?}");
    assert!(refused.body.contains("name=\"current_password\""));
}

#[tokio::test]
async fn a_page_of_another_site_uses_up_no_changes() {
    let app = behind_a_proxy(&[("OPENTILL_CHANGE_LIMIT", "1")]).await;
    let mut owner = app.logged_in().await;
    let headers = [("sec-fetch-site", "cross-site")];
    for _ in 0..5 {
        let fields = [("name", "A")];
        let refused = owner.post_with("/profile/tokens", &fields, &headers).await;
        assert_eq!(refused.status, 403);
    }
    owner.create_token("A").await;
}
