//! Batched lookups of plain rows.

use sqlx::FromRow;

use super::{Found, Lookup};
use crate::server::store::{
    StoreError,
    postgres::connection::PostgresConnection,
    rows::{PostgresRow, Value, query_as, query_as_all},
};

/// A row that is looked up in batches.
pub trait RowLookup: PostgresRow {
    /// The statement for one request, by the values `$1` and so on.
    const ONE: &'static str;

    /// [`for_all`] of it.
    fn all() -> &'static str;
}

/// The statement for several requests, made of the statement for one. Its `$1` is an array with the values of all of them,
/// and so on; `condition` is added once for all. The number of the request, from 1, comes first in each row.
///
/// Not `= ANY($1)`: where clients are few PostgreSQL then reads all of them, for every statement. Here each row is found by
/// the index, whatever the statistics of the tables say.
pub fn for_all(one: &str, values: usize, condition: &str) -> String {
    let numbers: Vec<_> = (1..=values).map(|n| format!("${n}")).collect();
    let names: Vec<_> = (1..=values).map(|n| format!("value{n}")).collect();
    let of_one = numbers.iter().zip(&names).rev();
    let one = of_one.fold(one.to_owned(), |sql, (number, name)| {
        sql.replace(number.as_str(), &format!("asked.{name}"))
    });
    format!(
        "SELECT asked.place, found.* FROM unnest({}) WITH ORDINALITY AS asked ({}, place), \
         LATERAL ({one}) AS found WHERE true{condition}",
        numbers.join(", "),
        names.join(", "),
    )
}

#[derive(FromRow)]
struct FoundRow<T> {
    /// The number of the request, from 1.
    place: i64,
    #[sqlx(flatten)]
    row: T,
}

impl<T: RowLookup> Lookup for T {
    type Key = Vec<Value>;
    type Memory = ();

    async fn find_all(
        connection: &mut PostgresConnection,
        _memory: &(),
        keys: &[&Vec<Value>],
    ) -> Result<Vec<Found<Self>>, StoreError> {
        if let [one] = keys {
            let mut rows = connection.fetch(query_as(T::ONE, (*one).clone())).await?;
            return Ok(vec![Ok(rows.pop())]);
        }
        let rows = connection.fetch(query_as_all(T::all(), keys)).await?;
        Ok(in_order(rows, keys.len()))
    }
}

/// What was found, in the order of the requests.
fn in_order<T>(rows: Vec<FoundRow<T>>, requests: usize) -> Vec<Found<T>> {
    let mut all: Vec<Found<T>> = (0..requests).map(|_| Ok(None)).collect();
    for row in rows {
        if let Some(found) = all.get_mut(index(row.place)) {
            *found = Ok(Some(row.row));
        }
    }
    all
}

/// The index for a number that PostgreSQL counts from 1.
pub fn index(place: i64) -> usize {
    usize::try_from(place - 1).unwrap_or(usize::MAX)
}
