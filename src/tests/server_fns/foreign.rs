//! Tokens of other clients: their numbers answer like numbers of no token at all.

use opentill::{model::token::TokenId, server::clock::Clock};
use proptest::{prelude::*, sample::select, strategy::ValueTree, test_runner::TestRunner};
use reqwest::header::HeaderMap;

use super::OTHER;
use crate::support::{Answer, EMAIL, Line, TestApp, rounds};

/// What differs from one answer to the next for everybody: taken out, so that the rest can be compared.
fn comparable(answer: &Answer) -> (u16, HeaderMap, String) {
    let policy = answer.header("content-security-policy");
    let nonce = policy
        .split_once("'nonce-")
        .and_then(|(_, rest)| rest.split('\'').next());
    let without_nonce = |text: &str| match nonce {
        Some(nonce) => text.replace(nonce, "NONCE"),
        None => text.to_owned(),
    };
    let mut headers = answer.headers.clone();
    headers.remove("x-request-id");
    headers.remove("date");
    let policy = without_nonce(policy).parse().unwrap();
    headers.insert("content-security-policy", policy);
    (answer.status, headers, without_nonce(&answer.body))
}

/// Ids that are nobody's, written as no id of ours is, or not ids at all.
fn strange_ids() -> Vec<String> {
    let mut ids: Vec<String> = [
        "0",
        "-0",
        "-1",
        "00",
        "+1",
        "1.0",
        "1e1",
        "0x1",
        "%31",
        "%00",
        "%20",
        "null",
        "NaN",
        "true",
        "id",
        "self",
        "*",
        "%27%20OR%201=1--",
        "1;DROP%20TABLE%20tokens",
        "1,2",
        "\u{661}",
        "\u{ff11}",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "340282366920938463463374607431768211456",
    ]
    .map(str::to_owned)
    .into();
    ids.extend((1..=100).map(|n| (1_000_000 + n * 7919).to_string()));
    ids.extend((1..=100).map(|n| (-n * n * n).to_string()));
    ids.extend((1..=40).map(|n| "9".repeat(n)));
    ids
}

#[tokio::test]
async fn a_foreign_token_answers_like_one_that_never_was_and_stays_valid() {
    // Pages say how many seconds the session has left.
    let app = TestApp::start_at(Clock::stopped(), &[]).await;
    app.add_client(OTHER).await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("Mine").await;
    let TokenId(foreign) = app.tokens_of(EMAIL).await[0].id;
    let missing = foreign + 1_000;
    let mut other = app.logged_in_as(OTHER).await;

    let mut answers = Vec::new();
    for id in [foreign, missing] {
        let path = format!("/profile/tokens/{id}/revoke");
        let id = id.to_string();
        answers.push([
            comparable(&other.get(&path).await),
            comparable(&other.post(&path, &[]).await),
            comparable(&other.rpc("tokens/revoke", &[("id", &id)]).await),
        ]);
    }
    for (of_foreign, of_missing) in answers[0].iter().zip(&answers[1]) {
        assert_eq!(of_foreign.0, 404);
        assert_eq!(of_foreign, of_missing);
        assert!(!of_foreign.2.contains("Mine"));
    }
    assert_eq!(app.me(&token).await.status, 200);
    assert_eq!(app.tokens_of(EMAIL).await.len(), 1);
}

#[tokio::test]
async fn no_spelling_of_an_id_reaches_another_clients_token() {
    let app = TestApp::start().await;
    app.add_client(OTHER).await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("Mine").await;
    let before = app.tokens_of(EMAIL).await;
    let mut other = app.logged_in_as(OTHER).await;
    let ids = strange_ids();
    assert!(ids.len() > 250);
    for id in ids {
        let path = format!("/profile/tokens/{id}/revoke");
        assert_eq!(other.get(&path).await.status, 404, "GET {path}");
        assert_eq!(other.post(&path, &[]).await.status, 404, "POST {path}");
        let called = other.rpc("tokens/revoke", &[("id", &id)]).await;
        assert!(matches!(called.status, 400 | 404), "{id}: {called:?}");
        assert_eq!(called.header("content-type"), "application/json", "{id}");
    }
    assert_eq!(app.tokens_of(EMAIL).await, before);
    assert_eq!(app.me(&token).await.status, 200);
}

/// Ids of every kind, none of them a token of the one who asks.
fn ids(count: usize, foreign: &[String]) -> Vec<String> {
    let any = prop_oneof![
        4 => select(foreign.to_vec()),
        3 => any::<i64>().prop_filter("far from those there are", |id| *id > 1_000).prop_map(|id| id.to_string()),
        2 => (i64::MIN..1).prop_map(|id| id.to_string()),
        2 => any::<u128>().prop_map(|id| id.to_string()),
        1 => any::<f64>().prop_map(|id| id.to_string()),
        2 => "\\PC{0,12}",
        1 => "[0-9]{1,3}[a-z \t\n'\";,.]{1,4}",
        1 => "[0-9]{19,400}",
        1 => any::<String>(),
    ];
    let mut runner = TestRunner::deterministic();
    (0..count)
        .map(|_| any.new_tree(&mut runner).unwrap().current())
        .collect()
}

#[tokio::test]
async fn ten_thousand_ids_of_others_or_nobody_answer_alike_and_change_nothing() {
    let app = TestApp::start().await;
    app.add_client(OTHER).await;
    let mut owner = app.logged_in().await;
    for n in 0..10 {
        owner.create_token(&format!("Mine {n}")).await;
    }
    let before = app.tokens_of(EMAIL).await;
    let foreign: Vec<_> = before.iter().map(|token| token.id.to_string()).collect();
    let other = app.logged_in_as(OTHER).await;
    let cookie = format!("cookie: {}\r\n", other.cookie.unwrap());
    let mut line = Line::to(app.addr);
    let mut revoke = async |id: &str| {
        line.post("/rpc/tokens/revoke", &cookie, &[("id", id)])
            .await
    };
    let missing = revoke("1000000").await;
    assert_eq!(missing.status, 404);
    let unreadable = revoke("x").await;
    assert_eq!(unreadable.status, 400);
    for id in ids(rounds("FOREIGN_IDS", 10_000), &foreign) {
        let expected = match id.parse::<i64>() {
            Ok(_) => &missing,
            Err(_) => &unreadable,
        };
        assert_eq!(&revoke(&id).await, expected, "{id:?}");
    }
    assert_eq!(app.tokens_of(EMAIL).await, before);
}

#[tokio::test]
async fn the_owner_sees_and_revokes_the_same_token_by_every_door() {
    // The control: the refusals above are not refusals of everything.
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    for door in ["page", "form", "function"] {
        let token = owner.create_token(door).await;
        let id = app.tokens_of(EMAIL).await[0].id.to_string();
        let path = format!("/profile/tokens/{id}/revoke");
        let page = owner.get(&path).await;
        assert!(page.status == 200 && page.body.contains(door));
        let answer = if door == "function" {
            owner.rpc("tokens/revoke", &[("id", &id)]).await
        } else {
            owner.post(&path, &[]).await
        };
        assert!(matches!(answer.status, 200 | 303), "{door}");
        assert!(app.me(&token).await.is_exact_401(), "{door}");
        assert_eq!(owner.get(&path).await.status, 303, "nothing to ask");
    }
}
