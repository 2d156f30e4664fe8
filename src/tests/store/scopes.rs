//! What the database promises of what tokens may read.

use opentill::{
    model::{
        activity::Event,
        client::ClientId,
        scopes::{Scope, Scopes},
    },
    server::store::{Creation, NewToken, StoreError},
};

use super::{NOW, Place, actor, create, created, hash, name};

async fn create_limited(
    place: &Place,
    owner: ClientId,
    secret: &str,
    scopes: Scopes,
    replace_unseen: bool,
) -> Creation {
    let new = NewToken {
        name: &name(secret),
        hash: hash(secret),
        last_four: "a1B2",
        scopes,
        limits: opentill::model::token_limits::TokenLimits::default(),
        idempotency_key: Some("key"),
        replace_unseen,
        limit: 50,
    };
    let by = actor();
    let created = place.store.create_token(owner, &new, &by, NOW);
    created.await.unwrap()
}

async fn scopes_of(place: &Place, secret: &str) -> Option<Scopes> {
    let found = place.store.token_by_hash(hash(secret)).await.unwrap();
    found.map(|token| token.scopes)
}

pub async fn a_token_is_found_with_what_it_may_read_and_so_is_its_line_in_the_trail(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let some = Scopes::chosen([Scope::Orders, Scope::Invoices]);
    create_limited(&place, jane, "limited", some, false).await;
    created(&place, jane, "Reads everything", "unlimited").await;
    for _twice in ["read", "cached"] {
        assert_eq!(scopes_of(&place, "limited").await, Some(some));
        assert_eq!(
            scopes_of(&place, "unlimited").await,
            Some(Scopes::EVERYTHING)
        );
    }
    let listed = place.store.tokens_of(jane).await.unwrap();
    let listed: Vec<_> = listed.iter().map(|token| token.scopes).collect();
    assert_eq!(listed, [Scopes::EVERYTHING, some]);
    let trail = place.store.activity_of(jane, 100).await.unwrap();
    let recorded: Vec<_> = trail
        .iter()
        .filter(|line| line.event == Event::TokenCreated)
        .map(|line| line.token.as_ref().unwrap().scopes)
        .collect();
    assert_eq!(recorded, [Scopes::EVERYTHING, some]);
}

pub async fn an_unseen_token_gets_no_new_secret_for_another_choice(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let some = Scopes::chosen([Scope::Invoices]);
    let Creation::Created(first) = create(&place, jane, "A", "first", Some("key")).await else {
        panic!("the key is new");
    };
    let again = create_limited(&place, jane, "again", some, true).await;
    let expected = Creation::AlreadyCreated {
        token: first,
        is_revoked: false,
    };
    assert_eq!(again, expected, "it says what it reads instead");
    assert_eq!(scopes_of(&place, "again").await, None);
    let unlimited = create_limited(&place, jane, "same", Scopes::EVERYTHING, true).await;
    assert!(matches!(unlimited, Creation::Created(_)), "{unlimited:?}");
    assert_eq!(scopes_of(&place, "first").await, None);
    assert_eq!(scopes_of(&place, "same").await, Some(Scopes::EVERYTHING));
}

pub async fn a_token_whose_scopes_nobody_of_ours_wrote_reads_nothing(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    created(&place, jane, "A", "secret").await;
    let sql = "UPDATE tokens SET scopes = 'invoices tickets'";
    assert_eq!(place.raw(sql).await.unwrap(), 1);
    let found = place.store.token_by_hash(hash("secret")).await;
    assert!(
        matches!(
            found,
            Err(StoreError::BadRow {
                table: "tokens",
                ..
            })
        ),
        "{found:?}"
    );
}
