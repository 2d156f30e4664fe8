//! What the database promises of looking tokens up, many at a time.

use std::{sync::Arc, time::Duration};

use opentill::model::token::TokenId;
use tokio::{task::JoinSet, time::timeout};

use super::{NOW, Place, actor, created, hash, tokens::is_valid};

pub async fn whoever_asks_at_the_same_time_gets_the_answer_to_their_own_question(place: Place) {
    const TOKENS: usize = 40;
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    let mut tokens: Vec<Option<TokenId>> = Vec::new();
    for n in 0..TOKENS {
        let owner = if n % 2 == 0 { jane } else { joe };
        let id = created(&place, owner, &format!("Token {n}"), &n.to_string()).await;
        let is_revoked = n % 5 == 0;
        if is_revoked {
            let revoked = place.store.revoke_token(None, id, &actor(), NOW).await;
            revoked.unwrap();
        }
        tokens.push((!is_revoked).then_some(id));
    }
    let place = Arc::new(place);
    let mut questions = JoinSet::new();
    // Every token several times, and some that never were.
    for n in (0..TOKENS + 10).cycle().take(600) {
        let place = Arc::clone(&place);
        questions.spawn(async move { (n, place.store.token_by_hash(hash(&n.to_string())).await) });
    }
    for (n, found) in questions.join_all().await {
        let expected = tokens.get(n).copied().flatten();
        assert_eq!(found.unwrap().map(|token| token.id), expected, "token {n}");
    }
}

pub async fn whoever_leaves_before_the_answer_takes_nobody_elses_with_them(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    created(&place, jane, "Token", "secret").await;
    for _ in 0..50 {
        let (leaves, stays) = (hash("another"), hash("secret"));
        let leaves = timeout(Duration::ZERO, place.store.token_by_hash(leaves));
        let (_, stays) = tokio::join!(leaves, place.store.token_by_hash(stays));
        assert!(stays.unwrap().is_some());
    }
}

pub async fn what_another_program_changes_is_seen_by_whoever_asks_next(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    created(&place, jane, "Token", "secret").await;
    let whose = async || {
        let found = place.store.token_by_hash(hash("secret")).await.unwrap();
        found.map(|token| token.client.contact.name.clone())
    };
    assert_eq!(whose().await.as_deref(), Some("Jane Smith"));
    for (change, expected) in [
        ("UPDATE clients SET name = 'Jane Jones'", Some("Jane Jones")),
        ("UPDATE clients SET status = 'closed'", None),
        ("UPDATE clients SET status = 'active'", Some("Jane Jones")),
        ("UPDATE tokens SET revoked_at = 1", None),
        ("UPDATE tokens SET revoked_at = NULL", Some("Jane Jones")),
    ] {
        place.raw(change).await.unwrap();
        for _ in 0..3 {
            assert_eq!(whose().await.as_deref(), expected, "{change}");
        }
    }
}

pub async fn what_is_committed_late_is_seen_by_whoever_asks_then(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    created(&place, jane, "Token", "secret").await;
    let is_valid = async || is_valid(&place, "secret").await;
    for (change, was_valid) in [
        ("UPDATE tokens SET revoked_at = 1", true),
        ("UPDATE tokens SET revoked_at = NULL", false),
        (
            "SAVEPOINT a; UPDATE tokens SET revoked_at = 1; RELEASE a",
            true,
        ),
    ] {
        let meanwhile = async || {
            for _ in 0..3 {
                assert_eq!(is_valid().await, was_valid, "{change}");
            }
            // In a file one waits for the other.
            if !place.url.starts_with("sqlite:") {
                let other = "UPDATE clients SET city = 'Dallas'";
                place.raw(other).await.unwrap();
                assert_eq!(is_valid().await, was_valid, "{change}, {other}");
            }
        };
        place.raw_and_commit_after(change, meanwhile).await;
        for _ in 0..3 {
            assert_eq!(is_valid().await, !was_valid, "{change}");
        }
    }
}
