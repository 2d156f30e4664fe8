//! What the database promises of until when and from where tokens work.

use opentill::{
    model::{
        activity::Event,
        client::ClientId,
        scopes::Scopes,
        timestamp::DAY,
        token_limits::{AllowedAddresses, TokenLimits},
    },
    server::store::{Creation, NewToken, StoreError},
};

use super::{NOW, Place, actor, created, hash, name};

fn limits() -> TokenLimits {
    TokenLimits {
        expires_at: Some(NOW.minus(-DAY)),
        allowed: AllowedAddresses::checked(&["10.0.0.0/8".into(), "2001:db8::1".into()]),
    }
}

async fn create_limited(place: &Place, owner: ClientId, secret: &str) {
    let new = NewToken {
        name: &name(secret),
        hash: hash(secret),
        last_four: "a1B2",
        scopes: Scopes::EVERYTHING,
        limits: limits(),
        idempotency_key: None,
        replace_unseen: false,
        limit: 50,
    };
    let by = actor();
    let created = place.store.create_token(owner, &new, &by, NOW);
    assert!(matches!(created.await.unwrap(), Creation::Created(_)));
}

pub async fn a_token_is_found_with_its_limits_and_so_is_its_line_in_the_trail(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    create_limited(&place, jane, "limited").await;
    created(&place, jane, "Always", "unlimited").await;
    for _twice in ["read", "cached"] {
        let found = place
            .store
            .token_by_hash(hash("limited"))
            .await
            .unwrap()
            .unwrap();
        let found = found.limits.as_deref().unwrap();
        assert_eq!(found.expires_at, limits().expires_at);
        let allowed = found.allowed.as_ref().unwrap();
        assert!(allowed.contain("10.1.2.3".parse().unwrap()));
        assert!(!allowed.contain("2001:db8::2".parse().unwrap()));
        let other = place.store.token_by_hash(hash("unlimited")).await.unwrap();
        assert!(other.unwrap().limits.is_none(), "it costs nothing");
    }
    let listed = place.store.tokens_of(jane).await.unwrap();
    assert_eq!(listed[1].limits, limits());
    let trail = place.store.activity_of(jane, 10).await.unwrap();
    let said = trail[1].token.as_ref().unwrap().expires_at;
    assert_eq!(said, limits().expires_at);
}

pub async fn what_has_ended_is_ended_once_however_many_do_so_and_changes_nothing_more(
    place: Place,
) {
    let jane = place.add_client("jane@example.com").await;
    create_limited(&place, jane, "One").await;
    create_limited(&place, jane, "Two").await;
    created(&place, jane, "Always", "unlimited").await;
    let end = limits().expires_at.unwrap();
    assert_eq!(place.store.next_expiry().await.unwrap(), Some(end));
    place.store.end_expired(end.minus(1)).await.unwrap();
    assert_eq!(place.store.tokens_of(jane).await.unwrap().len(), 3);
    let by = actor();
    let late = place.store.revoke_valid_token(jane, hash("One"), &by, end);
    assert_eq!(late.await.unwrap(), None, "it has no right left to give up");
    let ends = (0..4).map(|_| place.store.end_expired(end.minus(-5)));
    for ended in futures::future::join_all(ends).await {
        ended.unwrap();
    }
    assert_eq!(place.store.tokens_of(jane).await.unwrap().len(), 1);
    assert_eq!(place.store.next_expiry().await.unwrap(), None);
    let trail = place.store.activity_of(jane, 100).await.unwrap();
    let expired = trail
        .iter()
        .filter(|line| line.event == Event::TokenExpired);
    let ends: Vec<_> = expired.map(|line| line.at).collect();
    assert_eq!(ends, [end, end]);
}

pub async fn a_token_whose_limits_nobody_of_ours_wrote_works_from_nowhere(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    created(&place, jane, "Always", "secret").await;
    for wrong in [
        "UPDATE tokens SET allowed_addresses = ''",
        "UPDATE tokens SET allowed_addresses = '10.0.0.0/8,'",
        "UPDATE tokens SET allowed_addresses = 'everywhere'",
    ] {
        assert_eq!(place.raw(wrong).await.unwrap(), 1);
        let found = place.store.token_by_hash(hash("secret")).await;
        assert!(
            matches!(found, Err(StoreError::BadRow { .. })),
            "{wrong}: {found:?}"
        );
    }
}
