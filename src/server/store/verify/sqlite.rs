//! Verification in a SQLite file: the version is the number of the last commit.
//!
//! One task reads the file for all requests, and those that wait at the same time share a transaction. It never waits for
//! a list, which another connection reads.

use std::sync::Arc;

use super::{
    cache::Cache,
    session::{FoundSessionRow, SESSION},
    token::{VALID_TOKEN_IN_FILE, ValidToken, ValidTokenRow},
};
use crate::server::{
    metrics::VERIFIED,
    store::{
        StoreError,
        sqlite::{
            reader::Reader,
            snapshot::{Memory, Snapshot},
        },
    },
    token_secret::SecretHash,
};

/// Valid tokens as this version of the file has them.
pub type FileCache = Cache<i64>;

impl Memory for FileCache {
    fn begin(&mut self, version: i64) {
        self.clear_unless(version);
    }
}

/// The valid token with this hash.
pub async fn token(
    reader: &Reader<FileCache>,
    hash: SecretHash,
) -> Result<Option<Arc<ValidToken>>, StoreError> {
    reader
        .read(move |snapshot| cached_or_read(snapshot, hash))
        .await?
}

/// The session with this hash.
pub async fn session(
    reader: &Reader<FileCache>,
    hash: SecretHash,
) -> Result<Option<FoundSessionRow>, StoreError> {
    reader
        .read(move |snapshot| snapshot.find(SESSION, hash.0))
        .await
}

fn cached_or_read(
    snapshot: &mut Snapshot<'_, FileCache>,
    hash: SecretHash,
) -> rusqlite::Result<Result<Option<Arc<ValidToken>>, StoreError>> {
    if let Some(token) = snapshot.memory.find(hash) {
        VERIFIED.remembered.add_one();
        return Ok(Ok(Some(token)));
    }
    let Some(row) = snapshot.find::<ValidTokenRow>(VALID_TOKEN_IN_FILE, hash.0)? else {
        VERIFIED.unknown.add_one();
        return Ok(Ok(None));
    };
    VERIFIED.read.add_one();
    let token = row.into_token();
    if let Ok(token) = &token {
        snapshot.memory.add(hash, token);
    }
    Ok(token.map(Some))
}
