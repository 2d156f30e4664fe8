//! Thousands of names for tokens: each is refused, or stored and shown as what it is.

use opentill::{model::token::TokenName, server::actor::Actor};
use proptest::{prelude::*, sample::select, strategy::ValueTree, test_runner::TestRunner};

use unicode_normalization::is_nfc;

use crate::support::{EMAIL, TestApp, find_token, rounds};

/// What breaks pages, logs, queries and lines elsewhere.
const PIECES: [&str; 40] = [
    "\u{0}",
    "\u{1}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\r\n",
    "\n",
    "\t",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{202a}",
    "\u{2066}",
    "\u{2069}",
    "\u{200f}",
    "\u{61c}",
    "\u{200b}",
    "\u{200c}",
    "\u{200d}",
    "\u{feff}",
    "\u{ad}",
    "\u{3164}",
    "\u{fe0f}",
    "\u{301}",
    "\u{e000}",
    "\u{378}",
    "\u{10ffff}",
    "</script>",
    "<script>alert(1)</script>",
    "<!--",
    "-->",
    "&amp;",
    "&lt;b&gt;",
    "\"><img src=x onerror=alert(1)>",
    "' OR 1=1 --",
    "'; DROP TABLE tokens; --",
    "%00%0d%0a",
    "👩\u{200d}👩\u{200d}👧\u{200d}👦",
    "{{7*7}}",
    "</leptos-island>",
];

fn names(count: usize) -> Vec<String> {
    let pieces = prop::collection::vec(
        prop_oneof![
            select(PIECES.to_vec()).prop_map(str::to_owned),
            "[ -~]{0,12}",
            "\\PC{0,8}",
        ],
        1..6,
    );
    let any_name = prop_oneof![
        4 => pieces.prop_map(|pieces| pieces.concat()),
        2 => any::<String>(),
        1 => "[a-z]{98,102}",
        1 => "é{98,102}",
        1 => Just("long ".repeat(2_000)),
        1 => "[ \u{a0}\u{3000}]{0,5}[A-Za-z0-9 ]{0,20}[ \t\n]{0,3}",
    ];
    let mut runner = TestRunner::deterministic();
    (0..count)
        .map(|_| any_name.new_tree(&mut runner).unwrap().current())
        .collect()
}

/// As text stands in HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The elements of a page, by name and in order: what a name must never add to.
fn elements(page: &str) -> Vec<&str> {
    page.split('<')
        .skip(1)
        .map(|tag| {
            tag.split(|c: char| !c.is_ascii_alphanumeric() && c != '/' && c != '-')
                .next()
                .unwrap()
        })
        .collect()
}

/// A page without what tells of the past there, which grows with everything that is done. Names
/// stand in that part, too; they bring no element that does not belong there.
fn present(page: &str) -> String {
    // Nothing at all is the framework's own mark, `<!>`.
    const OF_THE_PAST: [&str; 12] = [
        "", "bdi", "code", "details", "li", "ol", "p", "span", "strong", "summary", "time", "ul",
    ];
    let mut page = page.to_owned();
    for (begin, end) in [
        ("<details class=\"revoked\"", "</details>"),
        ("<ol class=\"activity\"", "</ol>"),
    ] {
        let Some(from) = page.find(begin) else {
            continue;
        };
        let to = from + page[from..].find(end).expect("an end") + end.len();
        for element in elements(&page[from..to]) {
            let name = element.trim_start_matches('/');
            assert!(
                OF_THE_PAST.contains(&name),
                "{element} in {}",
                &page[from..to]
            );
        }
        page.replace_range(from..to, "");
    }
    page
}

/// Moves what stands beside it to where it does not belong, or hides it.
fn misleads(c: char) -> bool {
    let is_bidi = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || is_bidi || matches!(c, '\u{2028}' | '\u{2029}')
}

#[test]
fn ten_thousand_names_are_each_refused_or_become_one_line_that_misleads_nobody() {
    let (mut stored, mut refused) = (0, 0);
    for typed in names(rounds("NAMES", 10_000)) {
        let Ok(name) = TokenName::parse(&typed) else {
            refused += 1;
            continue;
        };
        let text = name.as_str();
        assert!((1..=100).contains(&text.chars().count()), "{typed:?}");
        assert_eq!(text, text.trim(), "{typed:?}");
        assert!(is_nfc(text), "{typed:?}");
        assert!(!text.chars().any(misleads), "{typed:?}");
        assert!(text.chars().any(|c| !c.is_whitespace()), "{typed:?}");
        assert_eq!(TokenName::parse(text).unwrap(), name, "{typed:?}");
        assert_eq!(name.to_string().lines().count(), 1, "{typed:?}");
        stored += 1;
    }
    assert!(stored > 2_000 && refused > 2_000, "{stored}, {refused}");
}

#[tokio::test]
async fn a_thousand_names_are_each_refused_or_stored_and_shown_as_what_they_are() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    owner.create_token("Gone").await;
    owner
        .post(
            "/profile/tokens/revoke-all",
            &[("confirmation", "revoke all")],
        )
        .await;
    let plain = owner.post("/profile/tokens", &[("name", "Plain")]).await;
    let plain_elements = elements(&plain.body);
    let refused = owner.post("/profile/tokens", &[("name", " ")]).await;
    assert_eq!(refused.status, 422);
    let refused_elements = elements(&present(&refused.body)).len();
    let (mut stored, mut not_stored) = (0, 0);
    let operator = Actor::operator();
    for name in names(rounds("SENT_NAMES", 1_000)) {
        let answer = owner.post("/profile/tokens", &[("name", &name)]).await;
        let Ok(expected) = TokenName::parse(&name) else {
            assert_eq!(answer.status, 422, "{name:?}");
            assert_eq!(find_token(&answer.body), None, "{name:?}");
            assert_eq!(
                elements(&present(&answer.body)).len(),
                refused_elements,
                "{name:?}"
            );
            not_stored += 1;
            continue;
        };
        assert_eq!(answer.status, 200, "{name:?}: {}", answer.body);
        assert_eq!(elements(&answer.body), plain_elements, "{name:?}");
        let shown = format!("<bdi>{}</bdi>", escaped(expected.as_str()));
        assert!(answer.body.contains(&shown), "{name:?}: {}", answer.body);
        let tokens = app.tokens_of(EMAIL).await;
        assert_eq!(tokens[0].name, expected, "{name:?}");
        // Revoked again, so that neither the limit nor the name stands in the next one's way.
        let id = tokens[0].id;
        let revoked = app
            .state
            .store
            .revoke_token(None, id, &operator, app.clock.now());
        revoked.await.unwrap().unwrap();
        stored += 1;
    }
    assert!(stored > 200 && not_stored > 200, "{stored}, {not_stored}");
}

#[tokio::test]
async fn names_are_shown_as_text_on_every_page_that_shows_them() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    owner.create_token("Gone").await;
    let revoked = owner
        .post(
            "/profile/tokens/revoke-all",
            &[("confirmation", "revoke all")],
        )
        .await;
    owner.follow(&revoked).await;
    let long = "w".repeat(100);
    owner.create_token(&long).await;
    let one = owner.get("/profile").await;
    let id = app.tokens_of(EMAIL).await[0].id;
    let question = owner.get(&format!("/profile/tokens/{id}/revoke")).await;
    let (one, question) = (
        elements(&present(&one.body)).len(),
        elements(&question.body).len(),
    );
    let operator = Actor::operator();
    for name in PIECES {
        if TokenName::parse(name).is_err() {
            continue;
        }
        let shown = format!("<bdi>{}</bdi>", escaped(name));
        let id = app.tokens_of(EMAIL).await[0].id;
        let revoked = app
            .state
            .store
            .revoke_token(None, id, &operator, app.clock.now());
        revoked.await.unwrap();
        owner.create_token(name).await;
        let page = owner.get("/profile").await;
        assert!(page.body.contains(&shown), "{name:?}");
        assert_eq!(elements(&present(&page.body)).len(), one, "{name:?}");
        let id = app.tokens_of(EMAIL).await[0].id;
        let page = owner.get(&format!("/profile/tokens/{id}/revoke")).await;
        assert!(page.body.contains(&shown), "{name:?}");
        assert_eq!(elements(&page.body).len(), question, "{name:?}");
    }
}
