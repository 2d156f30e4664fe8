//! Where a form was sent from: only pages of our own change anything.

use std::collections::BTreeSet;

use opentill::{
    http::portal::{self, FormRoute},
    server::clock::Clock,
};
use reqwest::Method;
use sqlx::{Connection, SqliteConnection};

use crate::support::{
    Answer, EMAIL, PASSWORD, TestApp,
    database::only_on_sqlite,
    mutations::{self, NEW_PASSWORD, Scene, WRITES_NOTHING},
    routes,
};

const FORM: &str = "application/x-www-form-urlencoded";
const ORIGINS: [&str; 4] = ["own", "foreign", "null", "absent"];
const SITES: [&str; 5] = ["same-origin", "same-site", "cross-site", "none", "absent"];
const KINDS: [&str; 4] = [
    FORM,
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/json",
];

/// What a browser says of where a request comes from.
fn provenance<'a>(own: &'a str, origin: &str, site: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut headers = Vec::new();
    match origin {
        "own" => headers.push(("origin", own)),
        "foreign" => headers.push(("origin", "https://evil.example")),
        "null" => headers.push(("origin", "null")),
        _ => {}
    }
    if site != "absent" {
        headers.push(("sec-fetch-site", site));
    }
    headers
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

/// The fields as a body of this kind.
fn body(kind: &str, fields: &[(&str, &str)]) -> String {
    // Nothing at all has no kind, so that a form without fields gets one.
    let fields = if fields.is_empty() {
        &[("x", "y")]
    } else {
        fields
    };
    if kind.contains("json") {
        let object: serde_json::Map<_, _> = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).into()))
            .collect();
        return serde_json::Value::from(object).to_string();
    }
    if kind.contains("multipart") {
        let part = |(name, value): &(&str, &str)| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        return fields.iter().map(part).collect::<String>() + "--x--\r\n";
    }
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// Sees every write to the database, whatever it was.
struct Watch(SqliteConnection);

impl Watch {
    async fn on(app: &TestApp) -> Self {
        let connection = SqliteConnection::connect(&app.state.config.database_url).await;
        Self(connection.unwrap())
    }

    /// A number that changes with every commit of anybody else
    /// (<https://sqlite.org/pragma.html#pragma_data_version>).
    async fn version(&mut self) -> i64 {
        sqlx::query_scalar("PRAGMA data_version")
            .fetch_one(&mut self.0)
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn no_address_that_takes_a_post_is_left_out() {
    let app = TestApp::start().await;
    let known: BTreeSet<String> = mutations::routes().into_iter().map(str::to_owned).collect();
    let there = routes(&app.state);
    let posts = there.iter().filter(|(_, method)| method == "post");
    let posts: BTreeSet<String> = posts.map(|(path, _)| path.clone()).collect();
    assert_eq!(posts, known);
    // Nothing listens to a method that is not attacked.
    for (path, method) in there {
        let is_known = ["get", "head", "post", "any"].contains(&method.as_str());
        // What a token does to itself needs the token, and no page: see `api/token.rs`.
        let is_of_tokens = (path.as_str(), method.as_str()) == ("/api/v1/token", "delete");
        assert!(is_known || is_of_tokens, "{method} {path}");
    }
}

#[tokio::test]
async fn nothing_but_a_form_from_our_own_pages_writes_anything() {
    only_on_sqlite!("it counts the commits of others, by which a write is seen");
    let app = TestApp::start_at(Clock::stopped(), &[]).await;
    let own = app.state.config.public_url.origin().to_owned();
    let mut scene = Scene::of(&app).await;
    let mut watch = Watch::on(&app).await;
    let before = watch.version().await;
    // To read a form's address leads to its section.
    let forms = FormRoute::ALL.into_iter().map(FormRoute::path);
    let readable: Vec<_> = portal::pages()
        .iter()
        .map(|(path, _)| *path)
        .chain(forms)
        .collect();
    let mut refused = 0;
    for mutation in scene.mutations() {
        for (origin, site) in ORIGINS.iter().flat_map(|o| SITES.map(|site| (*o, site))) {
            for (kind, method) in KINDS
                .iter()
                .flat_map(|k| [(*k, Method::GET), (*k, Method::POST)])
            {
                let ours = is_ours(origin, site);
                let context = format!(
                    "{method} {} from {origin}, {site}, as {kind}",
                    mutation.path
                );
                let expected = match method {
                    Method::GET if readable.contains(&mutation.route) => 200..304,
                    Method::GET => 405..406,
                    _ if !ours => 403..404,
                    _ if kind != FORM => 415..416,
                    // This one would be done.
                    _ => continue,
                };
                let mut headers = provenance(&own, origin, site);
                headers.push(("content-type", kind));
                let request = scene
                    .owner
                    .request(method, &mutation.path, &headers)
                    .body(body(kind, &mutation.fields()));
                let answer = scene.owner.send(request).await;
                assert!(expected.contains(&answer.status), "{context}: {answer:?}");
                assert_eq!(answer.header("set-cookie"), "", "{context}");
                assert_eq!(watch.version().await, before, "{context} wrote something");
                refused += 1;
            }
        }
    }
    assert!(refused > 1_000, "{refused}");
    // The control: without the attack each of them is done, and that is seen.
    let mut before = before;
    for mutation in scene.mutations() {
        let answer = scene.owner.post(&mutation.path, &mutation.fields()).await;
        assert_eq!(
            answer.status, mutation.done,
            "{}: {answer:?}",
            mutation.path
        );
        let after = watch.version().await;
        let is_written = !WRITES_NOTHING.contains(&mutation.route);
        assert_eq!(after != before, is_written, "{}", mutation.path);
        before = after;
    }
}

/// Does everything with these headers and returns the answers, each with what it would be if it was done.
async fn do_all(app: &TestApp, headers: &[(&str, &str)]) -> Vec<(String, u16, Answer)> {
    let mut scene = Scene::of(app).await;
    let mut answers = Vec::new();
    for mutation in scene.mutations() {
        // Logging in has a session of its own, so that the scene keeps the one it began with.
        let mut anonymous = app.anonymous();
        let browser = match mutation.route {
            "/login" => &mut anonymous,
            _ => &mut scene.owner,
        };
        let fields = mutation.fields();
        let answer = browser.post_with(&mutation.path, &fields, headers).await;
        answers.push((mutation.path.clone(), mutation.done, answer));
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

#[tokio::test]
async fn every_mutation_is_done_for_our_own_pages_and_refused_for_all_others() {
    for (origin, site) in ORIGINS.iter().flat_map(|o| SITES.map(|site| (*o, site))) {
        let app = TestApp::start().await;
        let own = app.state.config.public_url.origin().to_owned();
        let headers = provenance(&own, origin, site);
        let ours = is_ours(origin, site);
        for (path, done, answer) in do_all(&app, &headers).await {
            let expected = if ours { done } else { 403 };
            let context = format!("{path} from {origin}, {site}: {}", answer.body);
            assert_eq!(answer.status, expected, "{context}");
            if !ours {
                assert_eq!(answer.header("set-cookie"), "", "{context}");
                assert_eq!(answer.header("location"), "", "{context}");
            }
        }
        let expected = if ours {
            "0 tokens [], 0 sessions"
        } else {
            "2 tokens [\"Two\", \"One\"], 3 sessions"
        };
        assert_eq!(picture(&app).await, expected, "{origin}, {site}");
        let password = if ours { NEW_PASSWORD } else { PASSWORD };
        let control = app.anonymous().log_in(EMAIL, password).await;
        assert_eq!(control.status, 303, "the password is as expected");
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
