//! What goes into a statement and comes out of it, for both databases.
//!
//! sqlx reads a row by the names of its columns, rusqlite by their places. So a row's fields stand in the order of the
//! columns that are asked for.

use rusqlite::{
    ToSql, params_from_iter,
    types::{FromSql, ToSqlOutput},
};
use sqlx::{
    FromRow, Postgres,
    postgres::{PgArguments, PgRow},
    query::QueryAs,
};

use super::reader::Snapshot;

/// A value in the place of a `$1`.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<[u8; 32]> for Value {
    fn from(value: [u8; 32]) -> Self {
        Self::Bytes(value.into())
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Integer(value) => value.to_sql(),
            Self::Text(value) => value.to_sql(),
            Self::Bytes(value) => value.to_sql(),
        }
    }
}

type PostgresQuery<'q, R> = QueryAs<'q, Postgres, R, PgArguments>;

/// A statement with its values, for PostgreSQL.
pub(super) fn query_as<R: PostgresRow>(
    sql: &'static str,
    values: Vec<Value>,
) -> PostgresQuery<'static, R> {
    let query = sqlx::query_as(sql);
    values.into_iter().fold(query, |query, value| match value {
        Value::Integer(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Bytes(value) => query.bind(value),
    })
}

/// A statement for several who ask, for PostgreSQL: each `$1` stands for an array with the values of all of them.
pub(super) fn query_as_all<'q, R: PostgresRow>(
    sql: &'static str,
    all: &[&'q Vec<Value>],
) -> PostgresQuery<'q, R> {
    let places = all.first().map_or(0, |values| values.len());
    (0..places).fold(sqlx::query_as(sql), |query, place| {
        let (mut integers, mut texts, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
        for value in all.iter().filter_map(|values| values.get(place)) {
            match value {
                Value::Integer(value) => integers.push(*value),
                Value::Text(value) => texts.push(value.as_str()),
                Value::Bytes(value) => bytes.push(value.as_slice()),
            }
        }
        // All are of the same kind.
        if !integers.is_empty() {
            query.bind(integers)
        } else if !texts.is_empty() {
            query.bind(texts)
        } else {
            query.bind(bytes)
        }
    })
}

/// The rows of a statement with these values, from SQLite.
pub(super) fn rows<R: FromColumns>(
    snapshot: &mut Snapshot<'_>,
    sql: &'static str,
    values: impl IntoIterator<Item: ToSql>,
) -> rusqlite::Result<Vec<R>> {
    let statement = snapshot.statement(sql)?;
    let rows = statement.query_map(params_from_iter(values), R::from_sqlite)?;
    rows.collect()
}

/// A row of either database.
pub(super) trait Row: FromColumns + PostgresRow {}

impl<R: FromColumns + PostgresRow> Row for R {}

/// A row of PostgreSQL.
pub(super) trait PostgresRow: for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}

impl<R: for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static> PostgresRow for R {}

/// The columns of a row of SQLite that were not read yet.
pub(super) struct Columns<'r> {
    row: &'r rusqlite::Row<'r>,
    next: usize,
}

impl Columns<'_> {
    fn next<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        let value = self.row.get(self.next);
        self.next += 1;
        value
    }
}

/// What the next columns make.
pub(super) trait FromColumns: Sized {
    fn read(columns: &mut Columns<'_>) -> rusqlite::Result<Self>;

    /// What the whole row makes.
    fn from_sqlite(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Self::read(&mut Columns { row, next: 0 })
    }
}

macro_rules! single_columns {
    ($($type:ty),+) => {
        $(impl FromColumns for $type {
            fn read(columns: &mut Columns<'_>) -> rusqlite::Result<Self> {
                columns.next()
            }
        })+
    };
}

single_columns!(i64, Option<i64>, String, Option<String>);

macro_rules! tuples {
    ($(($($column:ident),+)),+) => {
        $(impl<$($column: FromColumns),+> FromColumns for ($($column,)+) {
            fn read(columns: &mut Columns<'_>) -> rusqlite::Result<Self> {
                Ok(($($column::read(columns)?,)+))
            }
        })+
    };
}

tuples!((A), (A, B, C), (A, B, C, D));

/// A struct whose fields are the columns of a row, or of a part of it that is marked `#[sqlx(flatten)]`. One that is
/// marked as a `record` may stand in an array, too, as PostgreSQL makes them.
macro_rules! row {
    (record $visible:vis struct $name:ident $fields:tt) => {
        $crate::server::store::row::row! {
            #[derive(sqlx::Type)]
            #[sqlx(type_name = "record")]
            $visible struct $name $fields
        }
    };
    (
        $(#[$about:meta])*
        $visible:vis struct $name:ident { $($(#[$mark:meta])* $field:ident: $type:ty,)+ }
    ) => {
        #[derive(sqlx::FromRow)]
        $(#[$about])*
        $visible struct $name {
            $($(#[$mark])* $field: $type,)+
        }

        impl $crate::server::store::row::FromColumns for $name {
            fn read(
                columns: &mut $crate::server::store::row::Columns<'_>,
            ) -> rusqlite::Result<Self> {
                Ok(Self {
                    $($field: $crate::server::store::row::FromColumns::read(columns)?,)+
                })
            }
        }
    };
}

pub(super) use row;
