//! What SQLite promises beyond that.

use sqlx::{Connection, Executor, SqliteConnection};

use super::{NOW, Place, client, created, hash};

#[tokio::test]
async fn readers_do_not_wait_for_the_writer() {
    let place = Place::sqlite().await;
    let jane = place.add_client("jane@example.com").await;
    created(&place, jane, "Reader", "secret").await;
    let mut writer = SqliteConnection::connect(&place.url).await.unwrap();
    writer.execute("BEGIN EXCLUSIVE").await.unwrap();
    writer
        .execute("UPDATE clients SET name = 'x'")
        .await
        .unwrap();
    let found = place.store.token_by_hash(hash("secret")).await.unwrap();
    assert_eq!(found.unwrap().client.contact.name, "Jane Smith");
    let refused = place
        .store
        .add_client(&client("b@x.example"), None, NOW)
        .await;
    assert!(refused.unwrap_err().is_unavailable());
    writer.execute("ROLLBACK").await.unwrap();
    place.add_client("b@x.example").await;
}
