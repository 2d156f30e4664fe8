//! A token is made once for each form, and shown once.

use opentill::server::tokens;

use crate::support::{Answer, Browser, EMAIL, TestApp, find_token};

async fn create(owner: &mut Browser, name: &str, key: &str, replace: bool) -> Answer {
    let mut fields = vec![("name", name), ("idempotency_key", key)];
    if replace {
        fields.push(("replace_unseen", "true"));
    }
    let answer = owner.post("/profile/tokens", &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.assert_kept_nowhere();
    assert_eq!(answer.header("location"), "");
    answer
}

fn offers_a_new_secret(answer: &Answer) -> bool {
    answer.body.contains("name=\"replace_unseen\"")
}

#[tokio::test]
async fn the_answer_to_the_form_shows_the_token_once_and_leads_nowhere() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let key = owner.get("/profile").await.field("idempotency_key");
    let answer = create(&mut owner, "My Integration", &key, false).await;
    let token = find_token(&answer.body).unwrap();
    // As itself, and in the line for the environment's file.
    assert_eq!(answer.body.matches("ot_live_").count(), 2);
    assert_eq!(answer.body.matches(&token).count(), 2);
    assert!(
        answer.body.contains("be able to see it again"),
        "it says so"
    );
    assert_eq!(app.me(&token).await.status, 200);
    for path in ["/profile/tokens", "/profile", "/"] {
        let later = owner.get(path).await;
        assert!(!later.body.contains(&token), "{path}");
        assert!(!later.header("location").contains("ot_live_"), "{path}");
    }
}

#[tokio::test]
async fn every_form_has_a_key_of_its_own() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let mut keys = std::collections::HashSet::new();
    for _ in 0..10 {
        let key = owner.get("/profile").await.field("idempotency_key");
        assert!(key.len() >= 22, "128 bits or more");
        assert!(keys.insert(key));
    }
    let again = owner.post("/profile/tokens", &[("name", "")]).await;
    assert!(keys.insert(again.field("idempotency_key")));
}

#[tokio::test]
async fn the_same_form_again_makes_no_second_token_and_shows_none() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let first = create(&mut owner, "My Integration", "key", false).await;
    let token = find_token(&first.body).unwrap();
    for name in ["My Integration", "Another name"] {
        let again = create(&mut owner, name, "key", false).await;
        assert_eq!(find_token(&again.body), None);
        assert!(again.body.contains("already created"));
        assert!(again.body.contains("My Integration"));
        assert!(offers_a_new_secret(&again));
    }
    assert_eq!(app.tokens_of(EMAIL).await.len(), 1);
    assert_eq!(app.me(&token).await.status, 200, "the first stays valid");
}

#[tokio::test]
async fn a_token_that_nobody_saw_gets_a_new_secret_in_the_same_row() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let unseen = create(&mut owner, "My Integration", "key", false).await;
    let unseen = find_token(&unseen.body).unwrap();
    let row = app.tokens_of(EMAIL).await.remove(0);
    let again = create(&mut owner, "My Integration", "key", false).await;
    // The button sends what the page holds.
    assert_eq!(again.field("idempotency_key"), "key");
    assert_eq!(again.field("replace_unseen"), "true");
    let seen = create(&mut owner, &again.field("name"), "key", true).await;
    let seen = find_token(&seen.body).unwrap();
    assert_ne!(seen, unseen);
    assert!(app.me(&unseen).await.is_exact_401());
    assert_eq!(app.me(&seen).await.status, 200);
    let rows = app.tokens_of(EMAIL).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].id, row.id);
    assert_eq!(rows[0].last_four, seen[42..]);
}

#[tokio::test]
async fn a_used_token_keeps_its_secret_and_no_new_one_is_offered() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let first = create(&mut owner, "My Integration", "key", false).await;
    let token = find_token(&first.body).unwrap();
    app.me(&token).await;
    app.state.usage.flush().await;
    for replace in [false, true] {
        let again = create(&mut owner, "My Integration", "key", replace).await;
        assert_eq!(find_token(&again.body), None);
        assert!(!offers_a_new_secret(&again));
    }
    assert_eq!(app.me(&token).await.status, 200);
}

#[tokio::test]
async fn a_revoked_token_is_not_brought_back_by_its_form() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let first = create(&mut owner, "My Integration", "key", false).await;
    let token = find_token(&first.body).unwrap();
    let id = app.tokens_of(EMAIL).await[0].id;
    tokens::revoke_any(&app.state, id).await.unwrap();
    for replace in [false, true] {
        let again = create(&mut owner, "My Integration", "key", replace).await;
        assert_eq!(find_token(&again.body), None);
        assert!(again.body.contains("has been revoked since"));
        assert!(!offers_a_new_secret(&again));
    }
    assert!(app.tokens_of(EMAIL).await.is_empty());
    assert!(app.me(&token).await.is_exact_401());
}

#[tokio::test]
async fn a_key_of_another_client_is_nothing_to_this_one() {
    const OTHER: &str = "other@example.com";
    let app = TestApp::start().await;
    app.add_client(OTHER).await;
    let mut owner = app.logged_in().await;
    let first = create(&mut owner, "Mine", "key", false).await;
    let token = find_token(&first.body).unwrap();
    let mut other = app.logged_in_as(OTHER).await;
    let theirs = create(&mut other, "Theirs", "key", true).await;
    assert!(find_token(&theirs.body).is_some());
    assert!(!theirs.body.contains("Mine"));
    assert_eq!(app.me(&token).await.status, 200);
    assert_eq!(app.tokens_of(EMAIL).await.len(), 1);
}

#[tokio::test]
async fn a_hundred_double_clicks_make_a_hundred_tokens_each_of_which_was_seen() {
    let app = TestApp::start().await;
    let mut tabs = [
        app.logged_in().await,
        app.logged_in().await,
        app.logged_in().await,
    ];
    for round in 0..100 {
        let name = format!("Round {round}");
        let key = format!("key-{round}");
        let [one, two, three] = &mut tabs;
        let (one, two, three) = tokio::join!(
            create(one, &name, &key, false),
            create(two, &name, &key, false),
            create(three, &name, &key, false),
        );
        let shown: Vec<_> = [one, two, three]
            .iter()
            .filter_map(|answer| find_token(&answer.body))
            .collect();
        assert_eq!(shown.len(), 1, "one answer shows it");
        let rows = app.tokens_of(EMAIL).await;
        assert_eq!(rows.len(), 1, "one row");
        assert_eq!(app.me(&shown[0]).await.status, 200, "the row's secret");
        tokens::revoke_any(&app.state, rows[0].id).await.unwrap();
    }
}

#[tokio::test]
async fn whoever_asks_for_new_secrets_at_the_same_time_is_left_with_one_that_was_shown() {
    let app = TestApp::start().await;
    let mut tabs = [app.logged_in().await, app.logged_in().await];
    for round in 0..20 {
        let name = format!("Round {round}");
        let key = format!("key-{round}");
        create(&mut tabs[0], &name, &key, false).await;
        let [one, two] = &mut tabs;
        let (one, two) = tokio::join!(
            create(one, &name, &key, true),
            create(two, &name, &key, true),
        );
        let shown: Vec<_> = [one, two]
            .iter()
            .filter_map(|answer| find_token(&answer.body))
            .collect();
        let mut valid = 0;
        for token in &shown {
            valid += usize::from(app.me(token).await.status == 200);
        }
        assert_eq!(valid, 1, "of {} shown", shown.len());
        let rows = app.tokens_of(EMAIL).await;
        assert_eq!(rows.len(), 1);
        tokens::revoke_any(&app.state, rows[0].id).await.unwrap();
    }
}

#[tokio::test]
async fn a_token_that_was_just_used_keeps_its_secret_or_nothing_is_done() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let fields = [
        ("name", "A"),
        ("idempotency_key", "key"),
        ("replace_unseen", "true"),
    ];
    let first = create(&mut owner, "A", "key", false).await;
    let token = find_token(&first.body).unwrap();
    // Written down within a second, which is not waited for.
    assert_eq!(app.me(&token).await.status, 200);
    let faults = app.state.store.faults();
    // The session is looked up; then comes the use.
    faults.fail_at(1);
    let unavailable = owner.post("/profile/tokens", &fields).await;
    faults.stop();
    assert_eq!(unavailable.status, 503, "whether it was used is not known");
    for _ in 0..2 {
        let again = create(&mut owner, "A", "key", true).await;
        assert_eq!(find_token(&again.body), None);
        assert!(!offers_a_new_secret(&again));
        assert_eq!(app.me(&token).await.status, 200);
    }
}
