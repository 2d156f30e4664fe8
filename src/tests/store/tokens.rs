//! What the database promises of tokens.

use std::sync::Arc;

use opentill::{
    model::{
        activity::Event,
        client::{ClientId, ClientStatus},
        scopes::Scopes,
        token::TokenId,
    },
    server::store::{Creation, NewToken, Revocation, StoreError},
};
use tokio::task::JoinSet;

use super::{NOW, Place, activity, actor, at, create, created, hash, name, open, used};

pub async fn is_valid(place: &Place, secret: &str) -> bool {
    let found = place.store.token_by_hash(hash(secret)).await;
    found.unwrap().is_some()
}

/// The same call, many times at once; `with` makes the secret and the name of each.
async fn at_once(
    place: Place,
    owner: ClientId,
    calls: usize,
    limit: u32,
    key: Option<&'static str>,
    with: fn(usize) -> String,
) -> (Arc<Place>, Vec<Creation>) {
    let place = Arc::new(place);
    let mut set = JoinSet::new();
    for n in 0..calls {
        let place = Arc::clone(&place);
        set.spawn(async move {
            let new = NewToken {
                name: &name(&with(n)),
                hash: hash(&n.to_string()),
                last_four: "a1B2",
                scopes: Scopes::EVERYTHING,
                limits: opentill::model::token_limits::TokenLimits::default(),
                idempotency_key: key,
                replace_unseen: false,
                limit,
            };
            place
                .store
                .create_token(owner, &new, &actor(), NOW)
                .await
                .unwrap()
        });
    }
    (place, set.join_all().await)
}

fn count(creations: &[Creation], is_it: fn(&Creation) -> bool) -> usize {
    creations.iter().filter(|creation| is_it(creation)).count()
}

pub async fn a_token_is_found_by_its_hash_and_brings_its_owner(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    let of_jane = created(&place, jane, "Same", "secret of jane").await;
    let of_joe = created(&place, joe, "Same", "secret of joe").await;
    for (secret, id, owner) in [
        ("secret of jane", of_jane, jane),
        ("secret of joe", of_joe, joe),
    ] {
        let found = place.store.token_by_hash(hash(secret)).await.unwrap();
        let found = found.unwrap();
        assert_eq!((found.id, found.client.id), (id, owner));
    }
    assert!(!is_valid(&place, "secret of jo").await);
}

pub async fn a_token_belongs_to_a_client_who_exists(place: Place) {
    let new = NewToken {
        name: &name("Orphan"),
        hash: hash("orphan"),
        last_four: "a1B2",
        scopes: Scopes::EVERYTHING,
        limits: opentill::model::token_limits::TokenLimits::default(),
        idempotency_key: None,
        replace_unseen: false,
        limit: 50,
    };
    let made = place
        .store
        .create_token(ClientId(99), &new, &actor(), NOW)
        .await;
    assert!(matches!(made, Err(StoreError::Statement(_))), "{made:?}");
    assert!(!is_valid(&place, "orphan").await);
}

pub async fn fifty_calls_with_one_key_make_one_token(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let distinct = |n| format!("Token {n}");
    let (place, made) = at_once(place, jane, 50, 50, Some("key"), distinct).await;
    assert_eq!(count(&made, |c| matches!(c, Creation::Created(_))), 1);
    let later = |c: &Creation| {
        matches!(
            c,
            Creation::AlreadyCreated {
                is_revoked: false,
                ..
            }
        )
    };
    assert_eq!(count(&made, later), 49);
    assert_eq!(place.store.tokens_of(jane).await.unwrap().len(), 1);
    let mut valid = 0;
    for n in 0..50 {
        valid += usize::from(is_valid(&place, &n.to_string()).await);
    }
    assert_eq!(valid, 1, "and one secret");
}

pub async fn a_key_counts_for_its_owner_alone(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    let first = create(&place, jane, "A", "1", Some("key")).await;
    assert!(matches!(first, Creation::Created(_)));
    let of_joe = create(&place, joe, "A", "2", Some("key")).await;
    assert!(matches!(of_joe, Creation::Created(_)));
    let another_key = create(&place, jane, "B", "3", Some("KEY")).await;
    assert!(matches!(another_key, Creation::Created(_)));
    let no_key = create(&place, jane, "C", "4", None).await;
    assert!(matches!(no_key, Creation::Created(_)));
    let no_key = create(&place, jane, "D", "5", None).await;
    assert!(matches!(no_key, Creation::Created(_)));
}

pub async fn a_key_is_spent_even_after_revocation(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let Creation::Created(token) = create(&place, jane, "A", "1", Some("key")).await else {
        panic!("the key is new");
    };
    place
        .store
        .revoke_token(None, token.id, &actor(), NOW)
        .await
        .unwrap();
    let again = create(&place, jane, "B", "2", Some("key")).await;
    let expected = Creation::AlreadyCreated {
        token,
        is_revoked: true,
    };
    assert_eq!(again, expected);
    assert!(!is_valid(&place, "1").await && !is_valid(&place, "2").await);
}

pub async fn an_unseen_token_gets_a_new_secret_until_it_is_used_or_revoked(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    let replace = async |owner, secret: &str| {
        let new = NewToken {
            name: &name("Another name"),
            hash: hash(secret),
            last_four: "c3D4",
            scopes: Scopes::EVERYTHING,
            limits: opentill::model::token_limits::TokenLimits::default(),
            idempotency_key: Some("key"),
            replace_unseen: true,
            limit: 1,
        };
        place
            .store
            .create_token(owner, &new, &actor(), at(9))
            .await
            .unwrap()
    };
    let Creation::Created(first) = create(&place, jane, "A", "1", Some("key")).await else {
        panic!("the key is new");
    };
    let Creation::Created(second) = replace(jane, "2").await else {
        panic!("it was never used");
    };
    assert_eq!((second.id, &second.name), (first.id, &first.name));
    assert_eq!(second.created_at, first.created_at);
    assert_eq!(second.last_four, "c3D4");
    assert!(!is_valid(&place, "1").await && is_valid(&place, "2").await);

    assert!(matches!(replace(joe, "3").await, Creation::Created(_)));
    assert!(
        is_valid(&place, "2").await,
        "the same key of another client"
    );

    place
        .store
        .record_uses(&[used(first.id, NOW)])
        .await
        .unwrap();
    let seen = replace(jane, "4").await;
    assert!(matches!(
        seen,
        Creation::AlreadyCreated {
            is_revoked: false,
            ..
        }
    ));
    assert!(is_valid(&place, "2").await && !is_valid(&place, "4").await);

    assert!(matches!(replace(joe, "5").await, Creation::Created(_)));
    let id = place.store.tokens_of(joe).await.unwrap()[0].id;
    place
        .store
        .revoke_token(None, id, &actor(), NOW)
        .await
        .unwrap();
    let revoked = replace(joe, "6").await;
    assert!(matches!(
        revoked,
        Creation::AlreadyCreated {
            is_revoked: true,
            ..
        }
    ));
    assert!(!is_valid(&place, "5").await && !is_valid(&place, "6").await);
}

pub async fn a_name_is_taken_once_whatever_its_case_until_revoked(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    let id = created(&place, jane, "Billing Straße", "1").await;
    for (n, text) in ["Billing Straße", "BILLING STRASSE", "billing strasse"]
        .into_iter()
        .enumerate()
    {
        let again = create(&place, jane, text, &format!("again {n}"), None).await;
        assert_eq!(again, Creation::NameTaken, "{text}");
    }
    created(&place, joe, "billing straße", "2").await;
    place
        .store
        .revoke_token(None, id, &actor(), NOW)
        .await
        .unwrap();
    let id = created(&place, jane, "BILLING STRASSE", "3").await;
    let token = place.store.token_of(jane, id).await.unwrap().unwrap();
    let (token, _) = token.into_parts();
    assert_eq!(token.name.as_str(), "BILLING STRASSE", "stored as written");
}

pub async fn a_name_is_taken_once_by_calls_at_the_same_time(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let same = |n| {
        if n % 2 == 0 {
            "Name".into()
        } else {
            "NAME".into()
        }
    };
    let (_place, made) = at_once(place, jane, 30, 50, None, same).await;
    assert_eq!(count(&made, |c| matches!(c, Creation::Created(_))), 1);
    assert_eq!(count(&made, |c| *c == Creation::NameTaken), 29);
}

pub async fn the_limit_holds_for_calls_at_the_same_time_and_counts_active_tokens_alone(
    place: Place,
) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    created(&place, joe, "Of another", "of another").await;
    let distinct = |n| format!("Token {n}");
    let (place, made) = at_once(place, jane, 30, 5, None, distinct).await;
    assert_eq!(count(&made, |c| matches!(c, Creation::Created(_))), 5);
    assert_eq!(count(&made, |c| *c == Creation::LimitReached), 25);
    let id = place.store.tokens_of(jane).await.unwrap()[0].id;
    place
        .store
        .revoke_token(None, id, &actor(), NOW)
        .await
        .unwrap();
    created(&place, jane, "In its place", "in its place").await;
}

pub async fn two_tokens_never_share_a_secret(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    created(&place, jane, "A", "secret").await;
    let new = NewToken {
        name: &name("B"),
        hash: hash("secret"),
        last_four: "a1B2",
        scopes: Scopes::EVERYTHING,
        limits: opentill::model::token_limits::TokenLimits::default(),
        idempotency_key: None,
        replace_unseen: false,
        limit: 50,
    };
    let again = place.store.create_token(jane, &new, &actor(), NOW).await;
    assert!(!matches!(again, Ok(Creation::Created(_))), "{again:?}");
    assert_eq!(place.store.tokens_of(jane).await.unwrap().len(), 1);
}

pub async fn tokens_are_listed_newest_first(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.insert(
            0,
            created(&place, jane, &format!("{n}"), &format!("{n}")).await,
        );
    }
    let listed = place.store.tokens_of(jane).await.unwrap();
    let listed: Vec<_> = listed.into_iter().map(|token| token.id).collect();
    assert_eq!(listed, ids);
}

pub async fn every_question_is_asked_for_an_owner(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    let id = created(&place, jane, "Of jane", "secret").await;
    let store = &place.store;
    assert!(store.tokens_of(joe).await.unwrap().is_empty());
    assert_eq!(store.token_of(joe, id).await.unwrap(), None);
    let revoked = store
        .revoke_token(Some(joe), id, &actor(), NOW)
        .await
        .unwrap();
    assert_eq!(revoked, None);
    for none in [0, -1, i64::MAX, i64::MIN, id.0 + 1] {
        assert_eq!(store.token_of(jane, TokenId(none)).await.unwrap(), None);
        let revoked = store.revoke_token(None, TokenId(none), &actor(), NOW).await;
        assert_eq!(revoked.unwrap(), None);
    }
    assert!(is_valid(&place, "secret").await);
    let (token, _) = store
        .token_of(jane, id)
        .await
        .unwrap()
        .unwrap()
        .into_parts();
    assert_eq!(token.id, id);
}

pub async fn a_token_is_revoked_once_and_stays_so(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let id = created(&place, jane, "A", "secret").await;
    let first = place
        .store
        .revoke_token(Some(jane), id, &actor(), NOW)
        .await
        .unwrap();
    assert!(matches!(first, Some(Revocation::Revoked(_))), "{first:?}");
    for owner in [Some(jane), None] {
        let again = place
            .store
            .revoke_token(owner, id, &actor(), at(5))
            .await
            .unwrap();
        assert!(matches!(again, Some(Revocation::AlreadyRevoked(_))));
    }
    assert!(!is_valid(&place, "secret").await);
    assert!(place.store.tokens_of(jane).await.unwrap().is_empty());
    let token = place.store.token_of(jane, id).await.unwrap().unwrap();
    assert_eq!(token.into_parts().1, Some(at(0)), "the first time counts");
    let next = created(&place, jane, "B", "another").await;
    assert!(next > id, "numbers are not used again");
}

pub async fn a_revocation_is_seen_through_every_connection(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let elsewhere = open(&place.url).await;
    for n in 0..50 {
        let secret = format!("secret {n}");
        let id = created(&place, jane, &secret, &secret).await;
        let seen = elsewhere.token_by_hash(hash(&secret)).await.unwrap();
        assert!(seen.is_some());
        elsewhere
            .revoke_token(None, id, &actor(), NOW)
            .await
            .unwrap();
        assert!(!is_valid(&place, &secret).await);
    }
}

pub async fn a_closed_client_has_no_valid_tokens(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    created(&place, jane, "A", "secret").await;
    for (status, valid) in [
        (ClientStatus::Suspended, true),
        (ClientStatus::Closed, false),
        (ClientStatus::Active, true),
    ] {
        place
            .store
            .set_status(jane, status, activity(jane, Event::StatusChanged))
            .await
            .unwrap();
        assert_eq!(is_valid(&place, "secret").await, valid, "{status:?}");
    }
}
