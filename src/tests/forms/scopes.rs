//! What a new token may read is chosen in its form, or by its call.

use opentill::model::scopes::{Scope, Scopes};

use crate::support::{Answer, Browser, EMAIL, TestApp, find_token};

const CHOICE: [(&str, &str); 2] = [("invoices", "on"), ("orders", "on")];

fn chosen() -> Scopes {
    Scopes::chosen([Scope::Invoices, Scope::Orders])
}

async fn post(owner: &mut Browser, name: &str, others: &[(&str, &str)]) -> Answer {
    let fields: Vec<_> = [("name", name)].iter().chain(others).copied().collect();
    owner.post("/profile/tokens", &fields).await
}

async fn scopes(app: &TestApp) -> Vec<Scopes> {
    let tokens = app.tokens_of(EMAIL).await;
    tokens.into_iter().map(|token| token.scopes).collect()
}

/// The names of the ticked boxes of a page.
fn ticked(page: &Answer) -> Vec<String> {
    let boxes = page.body.split("type=\"checkbox\"").skip(1);
    let boxes = boxes.map(|rest| rest.split('>').next().unwrap());
    let name = |tag: &str| {
        tag.split("name=\"")
            .nth(1)?
            .split('"')
            .next()
            .map(str::to_owned)
    };
    boxes
        .filter(|tag| tag.contains("checked"))
        .filter_map(name)
        .collect()
}

#[tokio::test]
async fn nothing_ticked_means_everything_and_what_is_ticked_is_all_that_a_token_reads() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    assert_eq!(post(&mut owner, "All of it", &[]).await.status, 200);
    let limited = post(&mut owner, "Some of it", &CHOICE).await;
    assert_eq!(scopes(&app).await, [chosen(), Scopes::EVERYTHING]);
    let token = find_token(&limited.body).unwrap();
    assert_eq!(
        app.me(&token).await.status,
        200,
        "every token reads its owner"
    );

    let profile = owner.get("/profile").await;
    assert!(ticked(&profile).is_empty());
    let id = app.tokens_of(EMAIL).await[0].id;
    let pages = [
        "/profile".to_owned(),
        format!("/profile/tokens/{id}"),
        "/activity".to_owned(),
    ];
    for path in pages {
        let page = owner.get(&path).await;
        assert!(page.body.contains("Invoices, orders"), "{path}");
    }
}

#[tokio::test]
async fn a_call_chooses_by_words_and_one_that_is_none_is_refused() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    for (words, done) in [
        ("everything", 200),
        ("invoices orders", 200),
        ("", 400),
        ("tickets", 400),
    ] {
        let fields = [
            ("name", words),
            ("scopes", words),
            ("idempotency_key", ""),
            ("replace_unseen", "false"),
        ];
        let answer = owner.rpc("tokens/create", &fields).await;
        assert_eq!(answer.status, done, "{words}: {}", answer.body);
    }
    assert_eq!(scopes(&app).await, [chosen(), Scopes::EVERYTHING]);
}

#[tokio::test]
async fn a_form_that_is_refused_keeps_its_ticks() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    owner.create_token("Taken").await;
    let again = post(&mut owner, "Taken", &CHOICE).await;
    assert_eq!(again.status, 422);
    assert_eq!(ticked(&again), ["invoices", "orders"]);
}

#[tokio::test]
async fn a_form_sent_again_with_another_choice_shows_no_token_that_reads_more() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let key = ("idempotency_key", "key");
    let replace = ("replace_unseen", "true");
    post(&mut owner, "A", &[key]).await;
    let fields = [key, replace, CHOICE[0], CHOICE[1]];
    let again = post(&mut owner, "A", &fields).await;
    assert_eq!(find_token(&again.body), None);
    assert!(again.body.contains("It can read: <!>Everything"));
    assert_eq!(scopes(&app).await, [Scopes::EVERYTHING]);
}

#[tokio::test]
async fn the_button_for_a_new_secret_repeats_the_choice() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let key = ("idempotency_key", "key");
    post(&mut owner, "A", &[key, CHOICE[0], CHOICE[1]]).await;
    let page = post(&mut owner, "A", &[key, CHOICE[0], CHOICE[1]]).await;
    let replace = page.field("replace_unseen");
    let (invoices, orders) = (page.field("invoices"), page.field("orders"));
    let fields = [
        key,
        ("replace_unseen", &*replace),
        ("invoices", &*invoices),
        ("orders", &*orders),
    ];
    let shown = post(&mut owner, "A", &fields).await;
    assert!(find_token(&shown.body).is_some(), "{}", shown.body);
    assert_eq!(scopes(&app).await, [chosen()]);
}
