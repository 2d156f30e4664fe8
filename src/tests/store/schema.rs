//! What the database promises of its schema and its connections.

use opentill::server::{
    store::{Store, StoreError},
    token_secret::random_base62,
};

use super::{NOW, Place, actor, client, created, hash, open, used};

pub async fn what_was_written_is_there_after_reopening(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let kept = created(&place, jane, "Kept", "kept").await;
    let gone = created(&place, jane, "Gone", "gone").await;
    place
        .store
        .revoke_token(None, gone, &actor(), NOW)
        .await
        .unwrap();
    place.store.record_uses(&[used(kept, NOW)]).await.unwrap();
    place.store.close().await;
    let store = open(&place.url).await;
    assert_eq!(store.clients_after(None, 100).await.unwrap().len(), 1);
    let listed = store.tokens_of(jane).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].id, listed[0].last_used_at), (kept, Some(NOW)));
    assert!(store.token_by_hash(hash("kept")).await.unwrap().is_some());
    assert!(store.token_by_hash(hash("gone")).await.unwrap().is_none());
}

pub async fn bringing_the_schema_up_to_date_twice_does_no_harm(place: Place) {
    place.add_client("jane@example.com").await;
    place.store.migrate().await.unwrap();
    let (first, second) = tokio::join!(open(&place.url), open(&place.url));
    assert_eq!(first.clients_after(None, 100).await.unwrap().len(), 1);
    assert_eq!(second.clients_after(None, 100).await.unwrap().len(), 1);
}

pub async fn a_schema_of_a_later_version_is_refused(place: Place) {
    place.store.close().await;
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 SELECT 9999, 'later', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    place.raw(later).await.unwrap();
    let store = Store::open(&place.url).await.unwrap();
    let refused = store.migrate().await;
    assert!(
        matches!(refused, Err(StoreError::NewerSchema(9999))),
        "{refused:?}"
    );
}

pub async fn a_closed_store_says_that_it_is_unavailable(place: Place) {
    place.store.close().await;
    let random = random_base62(8);
    let read = place.store.token_by_hash(hash(&random)).await;
    assert!(read.unwrap_err().is_unavailable());
    let written = place
        .store
        .add_client(&client("b@x.example"), None, NOW)
        .await;
    assert!(written.unwrap_err().is_unavailable());
    assert!(place.store.ping().await.is_err());
}
