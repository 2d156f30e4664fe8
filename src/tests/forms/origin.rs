//! Where a form was sent from: only pages of our own change anything.

use std::collections::BTreeSet;

use crate::support::{Answer, EMAIL, PASSWORD, TestApp};

const NEW_PASSWORD: &str = "another horse battery staple";

/// One thing that can be changed, and what the answer is if it was.
struct Mutation {
    path: String,
    fields: Vec<(&'static str, String)>,
    done: u16,
}

fn mutation(path: &str, fields: &[(&'static str, &str)], done: u16) -> Mutation {
    Mutation {
        path: path.to_owned(),
        fields: fields
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect(),
        done,
    }
}

/// Every mutation there is, in an order in which each can be done; the last one logs out.
fn mutations(by_form: &str, by_call: &str, session: &str) -> Vec<Mutation> {
    vec![
        mutation("/profile/tokens", &[("name", "By form")], 200),
        mutation(
            "/rpc/tokens/create",
            &[
                ("name", "By call"),
                ("idempotency_key", ""),
                ("replace_unseen", "false"),
            ],
            200,
        ),
        mutation("/rpc/tokens/list", &[], 200),
        mutation(&format!("/profile/tokens/{by_form}/revoke"), &[], 303),
        mutation("/rpc/tokens/revoke", &[("id", by_call)], 200),
        mutation("/profile/sessions/end", &[("id", session)], 303),
        mutation("/profile/sessions/end-others", &[], 303),
        mutation(
            "/profile/password",
            &[
                ("current_password", PASSWORD),
                ("new_password", NEW_PASSWORD),
            ],
            303,
        ),
        mutation("/logout", &[], 303),
    ]
}

#[test]
fn no_mutation_is_left_out() {
    let known: BTreeSet<String> = mutations("{id}", "1", "1")
        .into_iter()
        .map(|mutation| mutation.path)
        .chain(["/login".to_owned()])
        .collect();
    let source = include_str!("../../http/portal/mod.rs");
    let mut there: BTreeSet<String> = source
        .split(".route(\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert!(there.len() > 5, "the routes were read");
    let functions = leptos::server_fn::axum::server_fn_paths();
    there.extend(functions.map(|(path, _)| path.to_owned()));
    assert_eq!(known, there);
}

/// Does everything with these headers and returns the answers, each with what it would be if it was done.
async fn do_all(app: &TestApp, headers: &[(&str, &str)]) -> Vec<(String, u16, Answer)> {
    let mut owner = app.logged_in().await;
    let _first = app.logged_in().await;
    let _second = app.logged_in().await;
    owner.create_token("One").await;
    owner.create_token("Two").await;
    let tokens = app.tokens_of(EMAIL).await;
    let (one, two) = (tokens[1].id.to_string(), tokens[0].id.to_string());
    let session = app.sessions_of(EMAIL).await[0].id.0.to_string();
    let mut answers = Vec::new();
    for mutation in mutations(&one, &two, &session) {
        let fields: Vec<_> = mutation
            .fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let answer = owner.post_with(&mutation.path, &fields, headers).await;
        answers.push((mutation.path, mutation.done, answer));
    }
    answers
}

/// What all of the above changes, in words.
async fn picture(app: &TestApp) -> String {
    let tokens = app.tokens_of(EMAIL).await;
    let names: Vec<_> = tokens.iter().map(|token| token.name.as_str()).collect();
    let sessions = app.sessions_of(EMAIL).await.len();
    format!("{} tokens {names:?}, {sessions} sessions", names.len())
}

/// Whether a request with these headers comes from a page of ours, or from no page at all.
///
/// A page cannot forge `Sec-Fetch-Site`, so what it says counts; `none` is a person at the address
/// bar. Our own origin is trusted whatever stands beside it. With neither header it is no browser
/// of today, and the cookie's `SameSite` keeps the pages of others out.
fn is_ours(origin: &str, site: &str) -> bool {
    matches!(
        (origin, site),
        ("own", _) | (_, "same-origin" | "none") | ("absent", "absent")
    )
}

#[tokio::test]
async fn every_mutation_is_done_for_our_own_pages_and_refused_for_all_others() {
    for origin in ["own", "foreign", "null", "absent"] {
        for site in ["same-origin", "same-site", "cross-site", "none", "absent"] {
            let app = TestApp::start().await;
            let own = app.state.config.public_url.origin().to_owned();
            let mut headers = Vec::new();
            match origin {
                "own" => headers.push(("origin", own.as_str())),
                "foreign" => headers.push(("origin", "https://evil.example")),
                "null" => headers.push(("origin", "null")),
                _ => {}
            }
            if site != "absent" {
                headers.push(("sec-fetch-site", site));
            }
            let answers = do_all(&app, &headers).await;
            let ours = is_ours(origin, site);
            for (path, done, answer) in answers {
                let expected = if ours { done } else { 403 };
                let context = format!("{path} from {origin}, {site}: {}", answer.body);
                assert_eq!(answer.status, expected, "{context}");
                if !ours {
                    assert_eq!(answer.header("set-cookie"), "", "{context}");
                    assert_eq!(answer.header("location"), "", "{context}");
                }
            }
            let expected = if ours {
                "2 tokens [\"By call\", \"By form\"], 0 sessions"
            } else {
                "2 tokens [\"Two\", \"One\"], 3 sessions"
            };
            assert_eq!(picture(&app).await, expected, "{origin}, {site}");

            let password = if ours { NEW_PASSWORD } else { PASSWORD };
            let fields = [("email", EMAIL), ("password", password)];
            let mut anonymous = app.anonymous();
            let answer = anonymous.post_with("/login", &fields, &headers).await;
            let expected = if ours { 303 } else { 403 };
            assert_eq!(answer.status, expected, "/login from {origin}, {site}");
            assert_eq!(anonymous.cookie.is_some(), ours);
            let control = app.anonymous().log_in(EMAIL, password).await;
            assert_eq!(control.status, 303, "the password is as expected");
        }
    }
}

#[tokio::test]
async fn origins_that_resemble_ours_are_not_ours() {
    let settings = [("OPENTILL_PUBLIC_URL", "https://portal.example")];
    let app = TestApp::start_with(&settings).await;
    for origin in [
        "http://portal.example",
        "https://portal.example:444",
        "https://portal.example.evil.example",
        "https://evil.example/https://portal.example",
        "https://portal.example@evil.example",
        "https://sub.portal.example",
        "https://portal.exampl",
        "portal.example",
        "https://",
        "null",
        "nonsense",
        "file://",
    ] {
        for site in [
            None,
            Some("cross-site"),
            Some("same-site"),
            Some("nonsense"),
        ] {
            let mut headers = vec![("origin", origin)];
            headers.extend(site.map(|site| ("sec-fetch-site", site)));
            let fields = [("email", EMAIL), ("password", PASSWORD)];
            let mut anonymous = app.anonymous();
            let answer = anonymous.post_with("/login", &fields, &headers).await;
            assert_eq!(answer.status, 403, "{origin} {site:?}");
            assert!(anonymous.cookie.is_none());
        }
    }
}

#[tokio::test]
async fn what_changes_something_is_never_done_by_a_link() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    owner.create_token("One").await;
    let id = app.tokens_of(EMAIL).await[0].id.to_string();
    let before = picture(&app).await;
    for mutation in mutations(&id, &id, "1") {
        let answer = owner.get(&mutation.path).await;
        let is_page = matches!(
            mutation.path.as_str(),
            path if path == "/profile/tokens" || path.ends_with("/revoke")
        ) && !mutation.path.starts_with("/rpc/");
        if !is_page {
            assert_eq!(answer.status, 405, "{}", mutation.path);
        }
        assert_eq!(picture(&app).await, before, "{}", mutation.path);
    }
}
