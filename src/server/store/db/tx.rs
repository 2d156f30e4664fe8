//! A transaction.

use std::time::Instant;

use super::Db;
use crate::server::{
    metrics,
    store::{
        StoreError,
        faults::Faults,
        outbox::Outbox,
        postgres::connection::PostgresConnection,
        rows::{Row, Value, query, query_as},
        sqlite::writer::WriterTransaction,
    },
};

/// A transaction. Dropped without [`Tx::commit`] it is rolled back.
pub struct Tx {
    open: Open,
    faults: Faults,
    outbox: Outbox,
    on_commit: Vec<Box<dyn FnOnce() + Send>>,
}

enum Open {
    Sqlite(WriterTransaction),
    Postgres(PostgresConnection),
}

impl Open {
    async fn begin(db: &Db) -> Result<Self, StoreError> {
        Ok(match db {
            Db::Sqlite { writer, .. } => Self::Sqlite(writer.begin().await?),
            Db::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                connection.begin().await?;
                Self::Postgres(connection)
            }
        })
    }

    async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(open) => open.commit().await,
            Self::Postgres(open) => open.commit().await.map_err(StoreError::of_commit),
        }
    }
}

impl Tx {
    /// Begins a transaction. In SQLite it holds the writer's lock from its beginning: a transaction that began as a read
    /// would fail at its first change if another process had written meanwhile.
    pub async fn begin(db: &Db, faults: &Faults, outbox: &Outbox) -> Result<Self, StoreError> {
        faults.before_statement()?;
        let began = Instant::now();
        let open = Open::begin(db).await;
        metrics::BEGIN.since(began);
        Ok(Self {
            open: open?,
            faults: faults.clone(),
            outbox: outbox.clone(),
            on_commit: Vec::new(),
        })
    }

    /// Runs a statement, and returns how many rows it changed.
    pub async fn execute(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        self.faults.before_statement()?;
        let began = Instant::now();
        let done = match &mut self.open {
            Open::Sqlite(open) => open.execute(sql, values).await,
            Open::Postgres(open) => open.execute(query(sql, values)).await,
        };
        metrics::STATEMENT.since(began);
        done
    }

    /// All rows of a statement.
    pub async fn fetch<R: Row>(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<R>, StoreError> {
        self.faults.before_statement()?;
        let began = Instant::now();
        let rows = match &mut self.open {
            Open::Sqlite(open) => open.fetch(sql, values).await,
            Open::Postgres(open) => open.fetch(query_as(sql, values)).await,
        };
        metrics::STATEMENT.since(began);
        rows
    }

    /// The row of a statement, if there is one.
    pub async fn fetch_one<R: Row>(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Option<R>, StoreError> {
        Ok(self.fetch(sql, values).await?.pop())
    }

    /// Locks rows in PostgreSQL. In SQLite the transaction has locked all of them.
    pub async fn lock(&mut self, sql: &'static str, values: Vec<Value>) -> Result<(), StoreError> {
        if let Open::Postgres(open) = &mut self.open {
            open.execute(query(sql, values)).await?;
        }
        Ok(())
    }

    /// Where mails are written down.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Has `action` called once the transaction was committed.
    pub fn on_commit(&mut self, action: impl FnOnce() + Send + 'static) {
        self.on_commit.push(Box::new(action));
    }

    /// Commits.
    ///
    /// # Errors
    /// [`StoreError::Unclear`] if no answer came: it may have been done.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.faults.before_statement()?;
        let began = Instant::now();
        let committed = self.open.commit().await;
        metrics::COMMIT.since(began);
        committed?;
        for action in self.on_commit {
            action();
        }
        Ok(())
    }
}
