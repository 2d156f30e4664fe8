//! What a browser sends twice by itself: the answer to the first was lost on the way, cookies and all. What the second
//! is told has to be true.

use crate::support::{
    Answer, Browser, EMAIL, TestApp,
    mutations::{NEW_PASSWORD, Scene},
};

const OWN_FIELD: &str = "client";

/// What is said to whoever sent it twice, on the page where they end up.
const SAID: [(&str, &str); 12] = [
    ("/profile/tokens", "This token has already been shown"),
    ("/profile/tokens/{id}/rename", "Token renamed."),
    (
        "/profile/tokens/{id}/revoke",
        "Token is revoked. It no longer works.",
    ),
    ("/profile/tokens/revoke-all", "You have no active tokens."),
    ("/profile/sessions/end", "That session has already ended."),
    (
        "/profile/sessions/end-others",
        "You have no other sessions.",
    ),
    ("/profile/details", "Details saved."),
    (
        "/profile/password",
        "If you were changing your password, it may have changed: try the new one first.",
    ),
    ("/forgot-password", "a link is on its way"),
    (
        "/set-password/{secret}",
        "If you have just set your password with it, log in.",
    ),
    ("/login", "Dashboard"),
    ("/logout", "Log in"),
];

/// What a call answers the second time, and the error in it.
const ANSWERED: [(&str, u16, &str); 4] = [
    ("/rpc/tokens/revoke", 200, "false"),
    ("/rpc/tokens/create", 409, "already_created"),
    ("/rpc/session/keep", 200, ""),
    ("/rpc/tokens/list", 200, "By call"),
];

/// The form as its page has it: with what it was made with.
async fn as_rendered(owner: &mut Browser, path: &str, fields: &mut Vec<(&str, String)>) {
    let page = if path.ends_with("/rename") {
        owner.get(path.trim_end_matches("/rename")).await
    } else {
        owner.get("/profile").await
    };
    match path {
        "/profile/details" => fields.push(("version", page.field("version"))),
        _ if path.starts_with("/profile/tokens/") && path.ends_with("/rename") => {
            fields.push(("old_name", page.field("old_name")));
        }
        "/profile/tokens" => fields.push(("idempotency_key", page.field("idempotency_key"))),
        _ => {}
    }
    if path.starts_with("/rpc/tokens/create") {
        fields.retain(|(name, _)| *name != "idempotency_key");
        fields.push(("idempotency_key", page.field("idempotency_key")));
    }
}

async fn post(browser: &mut Browser, path: &str, fields: &[(&str, String)]) -> Answer {
    let fields = fields.iter();
    let fields: Vec<_> = fields
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    browser.post(path, &fields).await
}

#[tokio::test]
async fn whoever_sends_a_form_or_a_call_twice_is_told_what_is_so() {
    let app = TestApp::start().await;
    let mut scene = Scene::of(&app).await;
    let own = app.id_of(EMAIL).await.0.to_string();
    for mutation in scene.mutations() {
        let path = mutation.path.as_str();
        let mut fields = mutation.fields.clone();
        as_rendered(&mut scene.owner, path, &mut fields).await;
        if path != "/login" {
            fields.push((OWN_FIELD, own.clone()));
        }
        let before = (scene.owner.cookie.clone(), scene.owner.said.clone());
        let first = post(&mut scene.owner, path, &fields).await;
        assert_eq!(first.status, mutation.done, "{path}: {first:?}");
        let tokens = app.tokens_of(EMAIL).await;
        let trail = app.state.store.activity_of(app.id_of(EMAIL).await, 1_000);
        let events = trail.await.unwrap().len();
        // Nothing of the answer arrived.
        (scene.owner.cookie, scene.owner.said) = before;
        let second = post(&mut scene.owner, path, &fields).await;
        assert_eq!(app.tokens_of(EMAIL).await, tokens, "{path}");
        if path != "/login" {
            let trail = app.state.store.activity_of(app.id_of(EMAIL).await, 1_000);
            assert_eq!(trail.await.unwrap().len(), events, "{path} writes nothing");
        }
        if let Some((_, status, text)) = ANSWERED.iter().find(|(route, ..)| *route == path) {
            assert_eq!(second.status, *status, "{path}: {second:?}");
            assert!(second.body.contains(text), "{path}: {second:?}");
            continue;
        }
        let page = match second.status {
            303 => scene.owner.follow(&second).await,
            _ => second,
        };
        let is_used_up = mutation.route == "/set-password/{secret}";
        let expected = if is_used_up { 404 } else { 200 };
        assert_eq!(page.status, expected, "{path}: {page:?}");
        if path == "/theme" {
            continue;
        }
        let said = SAID.iter().find(|(route, _)| *route == mutation.route);
        let (_, said) = said.unwrap_or_else(|| panic!("{path}: what is the second told?"));
        assert!(page.body.contains(said), "{path}: {}", page.body);
        if path == "/profile/password" {
            let logged_in = scene.owner.log_in(EMAIL, NEW_PASSWORD).await;
            assert_eq!(logged_in.status, 303, "the new one holds");
        }
    }
}
