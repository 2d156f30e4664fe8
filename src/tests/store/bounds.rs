//! What the database promises where there is a lot of something.

use opentill::{
    model::{scopes::Scopes, timestamp::DAY},
    server::store::{Creation, NewToken},
};

use super::{Place, actor, at, created, hash, name};
use crate::support::database::run;

pub async fn clients_are_listed_in_parts(place: Place) {
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(place.add_client(&format!("{n}@example.com")).await);
    }
    for (after, expected) in [
        (None, &ids[..2]),
        (Some(ids[1]), &ids[2..4]),
        (Some(ids[3]), &ids[4..]),
        (Some(ids[4]), &[]),
    ] {
        let listed = place.store.clients_after(after, 2).await.unwrap();
        let listed: Vec<_> = listed.into_iter().map(|client| client.id).collect();
        assert_eq!(listed, expected);
    }
}

pub async fn tokens_are_listed_in_parts(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    for n in 0..5 {
        let text = n.to_string();
        created(&place, jane, &text, &format!("jane {text}")).await;
        created(&place, joe, &text, &format!("joe {text}")).await;
    }
    let all = place.store.tokens_of(jane).await.unwrap();
    let part = async |before| place.store.tokens_before(jane, before, 2).await.unwrap();
    assert_eq!(part(None).await, all[..2]);
    assert_eq!(part(Some(all[1].id)).await, all[2..4]);
    assert_eq!(part(Some(all[4].id)).await, []);
    let count = place.store.count_tokens_of(jane, at(0)).await.unwrap();
    assert_eq!(count.active, 5);
}

pub async fn whoever_revokes_without_end_makes_no_more_for_a_day(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    created(&place, jane, "A", "secret").await;
    // Each of 1,100 may be revoked within a day where 50 may be active.
    run(
        &place.url,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1099) \
         INSERT INTO tokens (client_id, name, name_key, hash, last_four, created_at, revoked_at) \
         SELECT client_id, name, name_key, CAST(CAST(i AS TEXT) AS BLOB), last_four, created_at, \
         created_at + i FROM n, tokens",
    )
    .await;
    let create = async |text: &str, seconds| {
        let new = NewToken {
            name: &name(text),
            hash: hash(text),
            last_four: "a1B2",
            scopes: Scopes::EVERYTHING,
            limits: opentill::model::token_limits::TokenLimits::default(),
            idempotency_key: None,
            replace_unseen: false,
            limit: 50,
        };
        let by = actor();
        let created = place.store.create_token(jane, &new, &by, at(seconds));
        created.await.unwrap()
    };
    let id = match create("B", 2000).await {
        Creation::Created(token) => token.id,
        other => panic!("{other:?}"),
    };
    let by = actor();
    let revoking = place.store.revoke_token(None, id, &by, at(2000));
    revoking.await.unwrap();
    let until = at(DAY + 1);
    assert_eq!(
        create("C", 2001).await,
        Creation::TooManyRevoked { until },
        "the first of them is a day old then"
    );
    assert!(matches!(create("C", DAY + 1).await, Creation::Created(_)));
}
