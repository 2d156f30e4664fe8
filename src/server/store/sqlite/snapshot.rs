//! A read transaction of SQLite, and the data that is kept with its connection.

use rusqlite::{CachedStatement, Connection, OptionalExtension, ToSql};

use crate::server::store::rows::{FromColumns, Value, bind};

/// Data that was read over a connection and lives as long as the connection.
pub trait Memory: Default + Send + 'static {
    /// Called when a transaction begins, with the version of the file that it sees. Each connection numbers the versions on
    /// its own: <https://sqlite.org/pragma.html#pragma_data_version>.
    fn begin(&mut self, version: i64);
}

/// Keeps nothing.
impl Memory for () {
    fn begin(&mut self, _version: i64) {}
}

pub struct OpenFile<M> {
    connection: Connection,
    memory: M,
}

impl<M: Memory> OpenFile<M> {
    pub fn new(connection: Connection) -> Self {
        Self {
            connection,
            memory: M::default(),
        }
    }
}

/// The file as it is at one moment, for all reads of a turn.
pub struct Snapshot<'c, M> {
    connection: &'c Connection,
    pub memory: &'c mut M,
    /// Statements that were prepared in this turn: looking one up in the cache of the connection takes a good part of the
    /// time of a lookup.
    statements: Vec<(&'static str, CachedStatement<'c>)>,
}

impl<'c, M: Memory> Snapshot<'c, M> {
    pub fn begin(file: &'c mut OpenFile<M>) -> rusqlite::Result<Self> {
        let connection = &file.connection;
        connection.prepare_cached("BEGIN")?.execute([])?;
        // The first read determines the moment of the snapshot.
        let mut statement = connection.prepare_cached("PRAGMA data_version")?;
        let version = statement.query_row([], |row| row.get(0))?;
        file.memory.begin(version);
        Ok(Self {
            connection,
            memory: &mut file.memory,
            statements: Vec::new(),
        })
    }

    /// The prepared statement, to be bound and run.
    pub fn statement(&mut self, sql: &'static str) -> rusqlite::Result<&mut CachedStatement<'c>> {
        let known = self.statements.iter().position(|(known, _)| *known == sql);
        let at = if let Some(at) = known {
            at
        } else {
            let prepared = self.connection.prepare_cached(sql)?;
            self.statements.push((sql, prepared));
            self.statements.len() - 1
        };
        Ok(&mut self.statements[at].1)
    }

    /// All rows of a statement, in which `$3` stands for the third of the values.
    pub fn read_all<R: FromColumns>(
        &mut self,
        sql: &'static str,
        values: &[Value],
    ) -> rusqlite::Result<Vec<R>> {
        let statement = self.statement(sql)?;
        bind(statement, values)?;
        statement.raw_query().mapped(R::from_sqlite).collect()
    }

    /// The row of a statement with one parameter, if there is one.
    pub fn find<R: FromColumns>(
        &mut self,
        sql: &'static str,
        value: impl ToSql,
    ) -> rusqlite::Result<Option<R>> {
        let statement = self.statement(sql)?;
        statement.query_row([value], R::from_sqlite).optional()
    }

    /// Ends the transaction. Left open, it would keep seeing the file as it was, with every token revoked since.
    pub fn end(self) -> rusqlite::Result<()> {
        drop(self.statements);
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }
}
