//! What a client does on the Profile page without WebAssembly, beside making and revoking a token.

mod long;
mod said;
mod sessions;
mod tokens;
mod unchanged;

use opentill::model::{
    activity::Event,
    client::ClientStatus,
    timestamp::{DAY, MINUTE},
};

use crate::support::{EMAIL, TestApp, eventually};

#[tokio::test]
async fn details_that_are_changed_are_those_the_api_answers() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("A").await;
    let fields = [
        ("name", " Ada King "),
        ("company", ""),
        ("phone", "+44 20 7946 0000"),
        ("address1", "12 St James's Square"),
        ("city", "London"),
        ("country", "GB"),
    ];
    let answer = owner.post("/profile/details", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(answer.header("location"), "/profile#details");
    let page = owner.follow(&answer).await;
    assert!(page.body.contains("Details saved."));
    assert!(page.body.contains("Details changed"), "in the activity");
    let me: serde_json::Value = serde_json::from_str(&app.me(&token).await.body).unwrap();
    assert_eq!(me["data"]["name"], "Ada King");
    assert_eq!(me["data"]["company"], serde_json::Value::Null);
    assert_eq!(me["data"]["country"], "GB");
    assert_eq!(me["data"]["email"], EMAIL);
}

#[tokio::test]
async fn details_that_are_refused_are_kept_to_be_corrected_and_change_nothing() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let fields = [("name", "A"), ("city", "Lon<don"), ("country", "England")];
    let answer = owner.post("/profile/details", &fields).await;
    assert_eq!(answer.status, 422);
    for text in [
        "Use two capital letters, like US.",
        "value=\"Lon&lt;don\"",
        "value=\"England\"",
    ] {
        assert!(answer.body.contains(text), "{text}: {}", answer.body);
    }
    let page = owner.get("/profile").await;
    assert!(page.body.contains("Jane Smith") && !page.body.contains("England"));
}

#[tokio::test]
async fn details_that_hold_a_token_are_not_kept() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("Mine").await;
    for field in ["name", "company", "phone", "address2", "city", "postcode"] {
        let typed = format!("my {token}");
        let mut fields = vec![("name", "Jane"), ("country", "US")];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, &typed));
        let answer = owner.post("/profile/details", &fields).await;
        assert_eq!(answer.status, 422, "{field}");
        assert!(answer.body.contains("This is an API token"), "{field}");
    }
    assert!(!app.me(&token).await.body.contains(&token));
}

#[tokio::test]
async fn a_token_is_renamed_and_goes_on_working() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("Old").await;
    owner.create_token("Taken").await;
    let id = app.tokens_of(EMAIL).await[1].id;
    let path = format!("/profile/tokens/{id}");
    let answer = owner
        .post(&format!("{path}/rename"), &[("name", "New")])
        .await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), path);
    let page = owner.follow(&answer).await;
    assert!(page.body.contains("Token renamed."));
    assert_eq!(app.me(&token).await.status, 200);
    for (typed, why) in [
        ("taken", "You already have an active token named “taken”."),
        ("", "Enter a name for the token."),
        (token.as_str(), "That looks like a token."),
    ] {
        let answer = owner
            .post(&format!("{path}/rename"), &[("name", typed)])
            .await;
        assert_eq!(answer.status, 422, "{why}");
        assert!(answer.body.contains(why), "{}", answer.body);
    }
    assert_eq!(app.tokens_of(EMAIL).await[1].name.as_str(), "New");
}

#[tokio::test]
async fn a_suspended_client_changes_no_name_and_no_details() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    owner.create_token("A").await;
    let id = app.tokens_of(EMAIL).await[0].id;
    app.set_status(EMAIL, ClientStatus::Suspended).await;
    let details = [("name", "Other"), ("country", "US")];
    for (path, fields) in [
        (
            format!("/profile/tokens/{id}/rename"),
            &[("name", "B")] as &[_],
        ),
        ("/profile/details".to_owned(), &details as &[_]),
    ] {
        assert_eq!(owner.post(&path, fields).await.status, 403, "{path}");
    }
    assert_eq!(app.tokens_of(EMAIL).await[0].name.as_str(), "A");
    let page = owner.get("/profile").await;
    assert!(!page.body.contains("Save details") && !page.body.contains(">Other<"));
    let page = owner.get(&format!("/profile/tokens/{id}")).await;
    assert!(page.status == 200 && !page.body.contains("Rename"));
}

#[tokio::test]
async fn all_tokens_are_revoked_after_a_question_that_names_them() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let tokens = [
        owner.create_token("One").await,
        owner.create_token("Two").await,
    ];
    let question = owner.get("/profile/tokens/revoke-all").await;
    for text in ["Revoke all 2 tokens?", "One", "Two"] {
        assert!(question.body.contains(text), "{text}");
    }
    for typed in ["", "revoke", "all", "revoke all tokens"] {
        let fields = [("confirmation", typed)];
        let answer = owner.post("/profile/tokens/revoke-all", &fields).await;
        assert_eq!(answer.status, 422, "{typed}");
        assert!(
            answer
                .body
                .contains("Type “revoke all” to revoke all tokens.")
        );
    }
    assert_eq!(app.me(&tokens[0]).await.status, 200);
    let fields = [("confirmation", " Revoke  ALL ")];
    let answer = owner.post("/profile/tokens/revoke-all", &fields).await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), "/profile#api-tokens");
    for token in &tokens {
        assert!(app.me(token).await.is_exact_401());
    }
    let page = owner.follow(&answer).await;
    assert!(page.body.contains("All tokens revoked."));
    assert!(page.body.contains("Recently revoked (2)"));
    app.clock.advance(31 * DAY);
    let mut later = app.logged_in().await;
    let page = later.get("/profile").await;
    assert!(!page.body.contains("Recently revoked"));
}

#[tokio::test]
async fn the_page_of_a_token_shows_its_use_to_its_owner_alone() {
    let app = TestApp::start().await;
    app.add_client("other@example.com").await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("A").await;
    let path = format!("/profile/tokens/{}", app.tokens_of(EMAIL).await[0].id);
    let page = owner.get(&path).await;
    assert!(page.body.contains("No calls in the last 30 days"));
    assert!(page.body.contains("No calls were made with this token."));
    for _ in 0..3 {
        assert_eq!(app.me(&token).await.status, 200);
    }
    app.state.usage.flush().await;
    let page = owner.get(&path).await;
    assert!(page.body.contains("3 calls in the last 30 days"));
    assert!(page.body.contains("127.0.0.1"));
    assert_eq!(page.body.matches("class=\"bar").count(), 30);
    assert!(!page.body.contains(&token));
    let mut other = app.logged_in_as("other@example.com").await;
    assert_eq!(other.get(&path).await.status, 404);
    assert_eq!(owner.get("/profile/tokens/none").await.status, 404);
}

#[tokio::test]
async fn a_call_that_does_not_say_what_it_is_made_by_leaves_no_empty_line() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("A").await;
    let path = format!("/profile/tokens/{}", app.tokens_of(EMAIL).await[0].id);
    assert_eq!(app.me(&token).await.status, 200);
    app.state.usage.flush().await;
    let is_shown = async || owner.get(&path).await.body.contains("Unknown device");
    eventually("the use is written down", is_shown).await;
    let page = owner.get(&path).await;
    assert!(!page.body.contains("quiet agent"));
}

#[tokio::test]
async fn sessions_on_devices_alike_are_told_apart_by_when_they_were_last_seen() {
    let app = TestApp::start().await;
    for _ in 0..2 {
        app.logged_in().await;
        app.clock.advance(5 * MINUTE);
    }
    let page = app.logged_in().await.get("/profile").await;
    for minutes in [5, 10] {
        let name = format!("Log out Unknown device, last active {minutes} minutes ago");
        assert!(page.body.contains(&name), "{name}: {}", page.body);
    }
    assert!(page.body.contains("Log out Unknown device (this device)"));
}

#[tokio::test]
async fn recent_activity_tells_what_was_done_and_from_where() {
    let app = TestApp::start().await;
    let wrong = app.anonymous().log_in(EMAIL, "not the password").await;
    assert_eq!(wrong.status, 401);
    let mut owner = app.logged_in().await;
    let token = owner.create_token("<i>A</i>").await;
    // A failed login is written down beside its answer.
    let client = app.id_of(EMAIL).await;
    eventually("the failure is written down", async || {
        let trail = app.state.store.activity_of(client, 10).await.unwrap();
        trail.iter().any(|line| line.event == Event::LoginFailed)
    })
    .await;
    let page = owner.get("/profile").await;
    for text in [
        "Login failed",
        "Logged in",
        "Token created",
        "&lt;i&gt;A&lt;/i&gt;",
        "127.0.0.1",
    ] {
        assert!(page.body.contains(text), "{text}");
    }
    assert!(!page.body.contains(&token));
}
