//! The database that is imported into or exported from, over a connection of its own: its statements take longer than those
//! of requests, and hold none of them up.

use rusqlite::Connection;
use sqlx::{AssertSqlSafe, PgConnection, raw_sql};

use crate::server::{
    database_file, database_url,
    store::{
        StoreError,
        postgres::connect,
        rows::{Row, Value, bind, query, query_as, query_as_all},
        sqlite::{self, files::Files, lock_file::LockFile},
    },
};

/// The number of the lock that an import holds in PostgreSQL. Any number does that nobody else uses: it spells `opentill`.
const LOCK: i64 = 0x6f70_656e_7469_6c6c;

pub enum Target {
    Sqlite(Box<File>),
    Postgres(PgConnection),
}

pub struct File {
    connection: Connection,
    files: Files,
    /// Held by an import.
    lock: Option<LockFile>,
}

impl Target {
    /// Opens the database at `url`, whose schema is up to date. In PostgreSQL a transaction begins at once, at this isolation
    /// level.
    pub async fn open(url: &str, isolation: &str) -> Result<Self, StoreError> {
        if !database_url::is_file(url) {
            let options = connect::options(url, "opentill import").map_err(StoreError::Open)?;
            let connection = connect::connect(&options).await;
            let mut connection = connection.map_err(StoreError::Open)?;
            let begin = AssertSqlSafe(format!("BEGIN ISOLATION LEVEL {isolation}"));
            raw_sql(begin).execute(&mut connection).await?;
            return Ok(Self::Postgres(connection));
        }
        let failed = |error: std::io::Error| StoreError::Open(error.into());
        let path =
            database_file::path(url).map_err(|reason| failed(std::io::Error::other(reason)))?;
        let path = sqlite::paths::real_path(&path).map_err(failed)?;
        let files = Files::of(&path).map_err(failed)?;
        let connection = sqlite::connect::for_import(&files)?;
        Ok(Self::Sqlite(Box::new(File {
            connection,
            files,
            lock: None,
        })))
    }

    /// Locks out other imports, until the connection ends. `false`: another one is running.
    pub async fn lock(&mut self) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(file) => {
                let lock = LockFile::of_import(file.files.database());
                file.lock = lock.map_err(|error| StoreError::Open(error.into()))?;
                Ok(file.lock.is_some())
            }
            Self::Postgres(_) => {
                let sql = "SELECT CAST(pg_try_advisory_xact_lock($1) AS INT)::BIGINT";
                let locked: Option<(i64,)> = self.fetch(sql, vec![LOCK.into()]).await?.pop();
                Ok(locked == Some((1,)))
            }
        }
    }

    /// Runs a statement, and returns how many rows it changed.
    pub async fn execute(&mut self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(file) => {
                let done = || {
                    let mut statement = file.connection.prepare_cached(sql)?;
                    bind(&mut statement, &values)?;
                    statement.raw_execute()
                };
                Ok(done().map_err(StoreError::Read)? as u64)
            }
            Self::Postgres(connection) => {
                let sql = AssertSqlSafe(sql.to_owned());
                let done = query(sql, values).execute(connection).await?;
                Ok(done.rows_affected())
            }
        }
    }

    /// All rows of a statement.
    pub async fn fetch<R: Row>(
        &mut self,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Vec<R>, StoreError> {
        match self {
            Self::Sqlite(file) => {
                let read = || {
                    let mut statement = file.connection.prepare_cached(sql)?;
                    bind(&mut statement, &values)?;
                    let rows = statement.raw_query().mapped(R::from_sqlite);
                    rows.collect::<rusqlite::Result<Vec<R>>>()
                };
                read().map_err(StoreError::Read)
            }
            Self::Postgres(connection) => {
                let sql = AssertSqlSafe(sql.to_owned());
                Ok(query_as(sql, values).fetch_all(connection).await?)
            }
        }
    }

    /// Inserts rows into a table of temporary data.
    pub async fn insert(&mut self, table: &Table, rows: &[Vec<Value>]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        match self {
            Self::Sqlite(file) => {
                let insert = || {
                    let mut statement = file.connection.prepare_cached(&table.insert_one())?;
                    for row in rows {
                        for (at, value) in row.iter().enumerate() {
                            statement.raw_bind_parameter(at + 1, value)?;
                        }
                        statement.raw_execute()?;
                    }
                    Ok(())
                };
                insert().map_err(StoreError::Read)
            }
            Self::Postgres(connection) => {
                let rows: Vec<&Vec<Value>> = rows.iter().collect();
                let sql = AssertSqlSafe(table.insert_all());
                let done = query_as_all::<(i64,)>(sql, &rows).fetch_all(connection);
                done.await?;
                Ok(())
            }
        }
    }

    /// Creates a table of temporary data, in a file of its own that is gone with the connection.
    pub async fn create(&mut self, table: &Table) -> Result<(), StoreError> {
        let sql = table.create(matches!(self, Self::Postgres(_)));
        self.execute(&sql, Vec::new()).await?;
        Ok(())
    }

    /// Has PostgreSQL count what is in the tables of temporary data, to plan by it.
    pub async fn analyze(&mut self, tables: &[&Table]) -> Result<(), StoreError> {
        if let Self::Postgres(connection) = self {
            for table in tables {
                let sql = AssertSqlSafe(format!("ANALYZE {}", table.name));
                raw_sql(sql).execute(&mut *connection).await?;
            }
        }
        Ok(())
    }

    /// Begins to fill the tables of temporary data, which locks nothing.
    pub fn begin_staging(&mut self) -> Result<(), StoreError> {
        self.batch("BEGIN")
    }

    /// Ends it, so that the file is read anew.
    pub fn end_staging(&mut self) -> Result<(), StoreError> {
        self.batch("COMMIT")
    }

    /// Runs a statement in SQLite alone.
    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(file) => file.connection.execute_batch(sql).map_err(StoreError::Read),
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Begins to write. In SQLite this takes the writer's lock, in PostgreSQL rows are locked one by one.
    pub fn begin(&mut self) -> Result<(), StoreError> {
        if let Self::Sqlite(file) = self {
            file.files.check()?;
        }
        self.batch("BEGIN IMMEDIATE")
    }

    /// Commits, if a file is still where it was.
    pub async fn commit(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(file) => {
                file.files.check()?;
                let done = file.connection.execute_batch("COMMIT");
                let done = done.map_err(StoreError::Read);
                done.and_then(|()| file.files.check())
                    .map_err(StoreError::of_commit)
            }
            Self::Postgres(connection) => {
                let done = raw_sql("COMMIT").execute(connection).await;
                done.map(drop)
                    .map_err(|error| StoreError::from(error).of_commit())
            }
        }
    }
}

/// A table of temporary data: its columns and their types.
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [(&'static str, &'static str)],
    /// Columns that are not inserted.
    pub later: &'static [(&'static str, &'static str)],
}

impl Table {
    fn create(&self, is_postgres: bool) -> String {
        let columns = self.columns.iter().chain(self.later);
        let columns: Vec<_> = columns.map(|(name, of)| format!("{name} {of}")).collect();
        let columns = columns.join(", ");
        if is_postgres {
            let columns = columns.replace(" INTEGER PRIMARY KEY", " BIGINT PRIMARY KEY");
            return format!("CREATE TEMP TABLE {} ({columns}) ON COMMIT DROP", self.name);
        }
        format!("CREATE TEMP TABLE {} ({columns})", self.name)
    }

    fn names(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }

    fn insert_one(&self) -> String {
        let marks = vec!["?"; self.columns.len()].join(", ");
        format!(
            "INSERT INTO temp.{} ({}) VALUES ({marks})",
            self.name,
            self.names()
        )
    }

    fn insert_all(&self) -> String {
        let arrays = self.columns.iter().enumerate().map(|(at, (_, of))| {
            let of = of.split(' ').next().unwrap_or_default();
            let of = if of == "INTEGER" { "BIGINT" } else { of };
            format!("${}::{of}[]", at + 1)
        });
        let arrays: Vec<_> = arrays.collect();
        format!(
            "INSERT INTO {} ({}) SELECT * FROM unnest({})",
            self.name,
            self.names(),
            arrays.join(", ")
        )
    }
}
