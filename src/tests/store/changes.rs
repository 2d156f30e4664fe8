//! What the database promises when tokens are renamed, or revoked all at once.

use opentill::{
    model::{activity::Event, client::ClientId, token::TokenId},
    server::store::Renaming,
};

use super::{NOW, Place, actor, at, created, name, tokens::is_valid};

async fn rename(place: &Place, owner: ClientId, id: TokenId, to: &str) -> Renaming {
    let renaming = place
        .store
        .rename_token(owner, id, &name(to), &actor(), at(5))
        .await;
    renaming.unwrap()
}

pub async fn a_token_is_renamed_by_its_owner_and_keeps_working(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    let id = created(&place, jane, "Old", "secret").await;
    assert_eq!(rename(&place, joe, id, "Stolen").await, Renaming::NotFound);
    let Renaming::Renamed(token) = rename(&place, jane, id, "New").await else {
        panic!("it is hers");
    };
    assert_eq!((token.id, token.name.as_str()), (id, "New"));
    assert_eq!(place.store.tokens_of(jane).await.unwrap(), [token]);
    assert!(is_valid(&place, "secret").await);
    let line = place.store.activity_of(jane, 1).await.unwrap().remove(0);
    assert_eq!((line.event, line.at), (Event::TokenRenamed, at(5)));
    assert_eq!(line.token.unwrap().name, "New");
    let id_of_none = TokenId(id.0 + 1);
    let none = rename(&place, jane, id_of_none, "None").await;
    assert_eq!(none, Renaming::NotFound);
    place
        .store
        .revoke_token(Some(jane), id, &actor(), NOW)
        .await
        .unwrap();
    assert_eq!(rename(&place, jane, id, "Late").await, Renaming::NotFound);
}

pub async fn a_new_name_is_free_and_its_own_name_is(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let id = created(&place, jane, "A", "1").await;
    created(&place, jane, "B", "2").await;
    assert_eq!(rename(&place, jane, id, "b").await, Renaming::NameTaken);
    let other_case = rename(&place, jane, id, "a").await;
    assert!(matches!(other_case, Renaming::Renamed(token) if token.name.as_str() == "a"));
    let before = place.store.activity_of(jane, 10).await.unwrap();
    let same = rename(&place, jane, id, "a").await;
    assert!(matches!(same, Renaming::Unchanged(token) if token.name.as_str() == "a"));
    assert_eq!(place.store.activity_of(jane, 10).await.unwrap(), before);
}

pub async fn all_tokens_are_revoked_at_once_for_their_owner_alone(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    for secret in ["1", "2", "3"] {
        created(&place, jane, secret, secret).await;
    }
    created(&place, joe, "Of joe", "joe").await;
    let revoked = place.store.revoke_all_tokens(jane, &actor(), at(5)).await;
    assert_eq!(revoked.unwrap().len(), 3);
    for secret in ["1", "2", "3"] {
        assert!(!is_valid(&place, secret).await);
    }
    assert!(is_valid(&place, "joe").await);
    let trail = place.store.activity_of(jane, 100).await.unwrap();
    let lines = trail
        .iter()
        .filter(|line| line.event == Event::TokenRevoked);
    assert_eq!(lines.count(), 3);
    let again = place.store.revoke_all_tokens(jane, &actor(), at(6)).await;
    assert!(again.unwrap().is_empty());
}
