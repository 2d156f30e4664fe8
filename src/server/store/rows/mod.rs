//! Rows of both databases, the values of statements, and how rows become values of the model.
//!
//! sqlx reads a row by the names of its columns, rusqlite by their order. So the fields of a row are in the order of the
//! columns that are selected.

mod activity;
mod client;
mod overview;
mod session;
mod token;
mod values;

use rusqlite::types::FromSql;
use sqlx::{FromRow, postgres::PgRow, sqlite::SqliteRow};

pub(crate) use self::values::values;
pub use self::{
    activity::{ACTIVITY_COLUMNS, ActivityRow},
    client::{CLIENT_COLUMNS, ClientRow},
    overview::{OverviewRow, TotalsRow},
    session::SessionRow,
    token::{TOKEN_COLUMNS, TokenRow},
    values::{Value, bind, query, query_as, query_as_all},
};

/// A row of either database.
pub trait Row: FromColumns + PostgresRow + for<'r> FromRow<'r, SqliteRow> {}

impl<R: FromColumns + PostgresRow + for<'r> FromRow<'r, SqliteRow>> Row for R {}

/// A row of PostgreSQL.
pub trait PostgresRow: for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}

impl<R: for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static> PostgresRow for R {}

/// The columns of a row of rusqlite that were not read yet.
pub struct Columns<'r> {
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

/// A value that is read from the next columns of a row.
pub trait FromColumns: Sized {
    fn read(columns: &mut Columns<'_>) -> rusqlite::Result<Self>;

    /// Reads a whole row.
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

single_columns!(i64, Option<i64>, String, Option<String>, Vec<u8>);

macro_rules! tuples {
    ($(($($column:ident),+)),+) => {
        $(impl<$($column: FromColumns),+> FromColumns for ($($column,)+) {
            fn read(columns: &mut Columns<'_>) -> rusqlite::Result<Self> {
                Ok(($($column::read(columns)?,)+))
            }
        })+
    };
}

tuples!((A), (A, B), (A, B, C), (A, B, C, D));

/// A struct whose fields are the columns of a row. A field marked `#[sqlx(flatten)]` stands for the columns of another such
/// struct. A `record` may also be an element of an array, as PostgreSQL makes arrays of rows.
macro_rules! row {
    (record $visible:vis struct $name:ident $fields:tt) => {
        $crate::server::store::rows::row! {
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
            $($(#[$mark])* pub $field: $type,)+
        }

        impl $crate::server::store::rows::FromColumns for $name {
            fn read(
                columns: &mut $crate::server::store::rows::Columns<'_>,
            ) -> rusqlite::Result<Self> {
                Ok(Self {
                    $($field: $crate::server::store::rows::FromColumns::read(columns)?,)+
                })
            }
        }
    };
}

pub(crate) use row;
