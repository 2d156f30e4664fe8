//! The values of a statement, for both databases.

use rusqlite::{ToSql, types::ToSqlOutput};
use sqlx::{
    Database, Encode, FromRow, Postgres, SqlSafeStr, Type,
    postgres::PgArguments,
    query::{Query, QueryAs},
};

use super::PostgresRow;

/// The value of a `$1`.
#[derive(Clone, Debug)]
pub enum Value {
    Integer(Option<i64>),
    Text(Option<String>),
    Bytes(Vec<u8>),
}

/// The values of a statement: `values![id, name]`.
macro_rules! values {
    ($($value:expr),+ $(,)?) => {
        vec![$($crate::server::store::rows::Value::from($value)),+]
    };
}

pub(crate) use values;

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(Some(value))
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Integer(Some(value.into()))
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        Self::Integer(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(Some(value))
    }
}

impl From<Option<String>> for Value {
    fn from(value: Option<String>) -> Self {
        Self::Text(value)
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(str::to_owned))
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

/// Binds the values of a statement of rusqlite, in which `$3` stands for the third of them.
pub fn bind(statement: &mut rusqlite::Statement<'_>, values: &[Value]) -> rusqlite::Result<()> {
    for at in 1..=statement.parameter_count() {
        // SQLite takes `$3` for a name, and numbers it by where it first appears.
        let name = statement.parameter_name(at).unwrap_or_default();
        let number = name
            .get(1..)
            .and_then(|number| number.parse::<usize>().ok());
        let value = number.and_then(|number| values.get(number.wrapping_sub(1)));
        let value = value.ok_or_else(|| rusqlite::Error::InvalidParameterName(name.to_owned()))?;
        statement.raw_bind_parameter(at, value)?;
    }
    Ok(())
}

/// A statement that returns rows, with its values.
pub fn query_as<DB, R>(
    sql: impl SqlSafeStr,
    values: Vec<Value>,
) -> QueryAs<'static, DB, R, DB::Arguments>
where
    DB: Database,
    R: for<'r> FromRow<'r, DB::Row>,
    Option<i64>: for<'q> Encode<'q, DB> + Type<DB>,
    Option<String>: for<'q> Encode<'q, DB> + Type<DB>,
    Vec<u8>: for<'q> Encode<'q, DB> + Type<DB>,
{
    let query = sqlx::query_as(sql);
    values.into_iter().fold(query, |query, value| match value {
        Value::Integer(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Bytes(value) => query.bind(value),
    })
}

/// A statement that returns no rows, with its values.
pub fn query<DB>(sql: impl SqlSafeStr, values: Vec<Value>) -> Query<'static, DB, DB::Arguments>
where
    DB: Database,
    Option<i64>: for<'q> Encode<'q, DB> + Type<DB>,
    Option<String>: for<'q> Encode<'q, DB> + Type<DB>,
    Vec<u8>: for<'q> Encode<'q, DB> + Type<DB>,
{
    let query = sqlx::query(sql);
    values.into_iter().fold(query, |query, value| match value {
        Value::Integer(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Bytes(value) => query.bind(value),
    })
}

/// A statement of PostgreSQL for several lookups, in which each `$1` stands for an array with the values of all of them.
pub fn query_as_all<'q, R: PostgresRow>(
    sql: impl SqlSafeStr,
    all: &[&'q Vec<Value>],
) -> QueryAs<'q, Postgres, R, PgArguments> {
    let count = all.first().map_or(0, |values| values.len());
    (0..count).fold(sqlx::query_as(sql), |query, at| {
        let (mut integers, mut texts, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
        for value in all.iter().filter_map(|values| values.get(at)) {
            match value {
                Value::Integer(value) => integers.push(*value),
                Value::Text(value) => texts.push(value.as_deref()),
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
