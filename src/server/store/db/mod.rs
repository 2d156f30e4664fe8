//! The connections to whichever database there is, and the ways to run a statement: [`Db::read_all`] and [`Db::read_one`]
//! read, [`Db::write`] changes something by one statement, [`Tx`] by several.
//!
//! SQL that both databases take is written once: `$1` stands for the first value in SQLite, too.

mod lists;
mod tx;

use std::sync::Arc;

pub use self::{lists::Lists, tx::Tx};
use super::{
    StoreError,
    postgres::pool::PostgresPool,
    rows::{Row, Value, query, query_as},
    sqlite::{lock_file::LockFile, writer::Writer},
};

#[derive(Clone, Debug)]
pub enum Db {
    /// A file.
    Sqlite {
        lists: Lists,
        writer: Writer,
        _lock: Arc<LockFile>,
    },
    /// A server that several nodes share.
    Postgres(PostgresPool),
}

impl Db {
    /// All rows of a statement that reads.
    pub async fn read_all<R: Row>(
        &self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<R>, StoreError> {
        match self {
            Self::Sqlite { lists, .. } => {
                lists
                    .read(move |snapshot| snapshot.read_all(sql, &values))
                    .await
            }
            Self::Postgres(pool) => pool.acquire().await?.fetch(query_as(sql, values)).await,
        }
    }

    /// Runs one statement as a transaction of its own, and returns how many rows it changed.
    ///
    /// # Errors
    /// [`StoreError::Unclear`] if the outcome is not known.
    pub async fn write(&self, sql: &'static str, values: Vec<Value>) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite { writer, .. } => {
                let mut tx = writer.begin().await?;
                let changed = tx.execute(sql, values).await?;
                tx.commit().await?;
                Ok(changed)
            }
            Self::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                let changed = connection.execute(query(sql, values)).await;
                // Without an answer it may have been done, as with a commit.
                changed.map_err(StoreError::of_commit)
            }
        }
    }

    /// Connections that are in use, and how many may be.
    pub fn connections(&self) -> (usize, usize) {
        match self {
            Self::Sqlite { writer, .. } => writer.connections(),
            Self::Postgres(pool) => pool.connections(),
        }
    }

    /// Closes all connections, after their current statements.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { lists, writer, .. } => {
                lists.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}
