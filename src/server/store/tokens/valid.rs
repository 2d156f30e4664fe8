//! Valid tokens: those that let somebody in.

use std::sync::Arc;

use crate::{
    model::{client::Client, token::TokenId},
    server::{
        cached_body::CachedBody,
        store::{
            Store, StoreError,
            clients::{ClientRow, client_columns},
            db::Db,
            lookups::find_in_file,
            reader::Snapshot,
            row::row,
        },
        token_secret::SecretHash,
    },
};

/// The valid token behind a hash.
// As it stands here: what each request reads comes first and together, because where many tokens are in use each line of
// memory that is read is one that no cache has.
#[repr(C)]
#[derive(Clone, Debug)]
pub struct ValidToken {
    /// Which token.
    pub id: TokenId,
    /// The JSON body of the client's own data, cached with the token.
    pub own_data: CachedBody<Client>,
    /// Whose data it reads.
    pub client: Client,
}

/// Reads the one with this hash, by this index if one is named.
macro_rules! valid_token {
    ($hash:literal $(, $index:literal)?) => {
        concat!(
            "SELECT ",
            client_columns!(),
            ", t.id AS token_id FROM tokens t ",
            $("INDEXED BY ", $index,)?
            " JOIN clients c ON c.id = t.client_id WHERE t.hash = ",
            $hash,
            " AND t.revoked_at IS NULL AND c.status <> 'closed'"
        )
    };
}

row! {
    pub(in crate::server::store) struct ValidTokenRow {
        #[sqlx(flatten)]
        client: ClientRow,
        token_id: i64,
    }
}

pub(in crate::server::store) use valid_token;

impl ValidTokenRow {
    pub(in crate::server::store) fn into_token(self) -> Result<Arc<ValidToken>, StoreError> {
        Ok(Arc::new(ValidToken {
            id: TokenId(self.token_id),
            own_data: CachedBody::new(),
            client: self.client.into_client()?,
        }))
    }
}

impl Store {
    /// The valid token with this hash, as the database has it after this was called.
    pub async fn token_by_hash(
        &self,
        hash: SecretHash,
    ) -> Result<Option<Arc<ValidToken>>, StoreError> {
        self.faults.strike()?;
        match &self.db {
            Db::Sqlite { reader, .. } => {
                reader
                    .ask_first(move |snapshot| remembered_or_read(snapshot, hash))
                    .await?
            }
            Db::Postgres { lookups, .. } => lookups.tokens.find(hash).await,
        }
    }
}

/// By the index that has the client in it: by that of all hashes each token would have to be read, too.
const IN_FILE: &str = valid_token!("$1", "valid_tokens");

/// The valid token with this hash, from memory if the file has not been changed since it was read.
fn remembered_or_read(
    snapshot: &mut Snapshot<'_>,
    hash: SecretHash,
) -> rusqlite::Result<Result<Option<Arc<ValidToken>>, StoreError>> {
    if let Some(token) = snapshot.remembered.find(hash) {
        return Ok(Ok(Some(token)));
    }
    let Some(row) = find_in_file::<ValidTokenRow>(snapshot, IN_FILE, hash)? else {
        return Ok(Ok(None));
    };
    let token = row.into_token();
    if let Ok(token) = &token {
        snapshot.remembered.add(hash, token);
    }
    Ok(token.map(Some))
}
