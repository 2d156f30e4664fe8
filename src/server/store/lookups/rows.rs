//! Rows that are looked up as they are, by a statement for one or for all who ask.

use sqlx::FromRow;

use super::{Answer, LookedUp};
use crate::server::store::{
    StoreError,
    db::in_time,
    postgres::PostgresConnection,
    row::{PostgresRow, Value, query_as, query_as_all},
};

/// A row that many ask for at the same time.
pub(in crate::server::store) trait FoundByRow: PostgresRow {
    /// Reads it, by `$1` and so on.
    const ONE: &'static str;
    /// Reads it for all whose values are in the arrays `$1` and so on, with the place of each in them, from 1.
    const ALL: &'static str;
}

/// [`FoundByRow::ALL`], made of the statement for one, which has to call the values `asked.…` by these names.
///
/// Not `= ANY($1)`: where clients are few PostgreSQL then reads all of them, for every statement. Here each is
/// looked up by the index, whatever it believes of the tables.
macro_rules! for_all {
    ($arrays:literal, $names:literal, $one:expr) => {
        concat!(
            "SELECT asked.place, found.* FROM unnest(",
            $arrays,
            ") WITH ORDINALITY AS asked (",
            $names,
            ", place), LATERAL (",
            $one,
            ") AS found WHERE true"
        )
    };
}

pub(in crate::server::store) use for_all;

#[derive(FromRow)]
struct FoundRow<T> {
    /// Who asked for it, from 1.
    place: i64,
    #[sqlx(flatten)]
    row: T,
}

impl<T: FoundByRow> LookedUp for T {
    type Key = Vec<Value>;
    type Memory = ();

    async fn find_all(
        connection: &mut PostgresConnection,
        _memory: &(),
        keys: &[&Vec<Value>],
    ) -> Result<Vec<Answer<Self>>, StoreError> {
        let answers = match keys {
            [one] => {
                let statement = query_as(T::ONE, (*one).clone());
                in_time(statement.fetch_optional(connection.ask()?))
                    .await
                    .map(|row| vec![Ok(row)])
            }
            many => {
                let statement = query_as_all(T::ALL, many);
                in_time(statement.fetch_all(connection.ask()?))
                    .await
                    .map(|rows| in_order(rows, many.len()))
            }
        };
        connection.heard(answers)
    }
}

/// What was found, in the order of those who asked.
fn in_order<T>(rows: Vec<FoundRow<T>>, asked: usize) -> Vec<Answer<T>> {
    let mut answers: Vec<Answer<T>> = (0..asked).map(|_| Ok(None)).collect();
    for row in rows {
        if let Some(answer) = answers.get_mut(index(row.place)) {
            *answer = Ok(Some(row.row));
        }
    }
    answers
}

/// The index of a place that PostgreSQL counts from 1.
pub(super) fn index(place: i64) -> usize {
    usize::try_from(place - 1).unwrap_or(usize::MAX)
}
