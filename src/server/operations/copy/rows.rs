//! Copies and compares the rows of a table in batches.

use futures::{Stream, TryStreamExt};
use sqlx::{
    AssertSqlSafe, ColumnIndex, Database, Decode, PgConnection, Row, SqliteConnection, Type,
};

use super::{
    error::{CopyError, of_destination, of_source},
    tables::{Kind, Table},
};

/// Rows, column by column.
#[derive(Debug, PartialEq, Eq)]
struct Batch {
    columns: Vec<Column>,
    rows: u64,
}

/// The values of one column.
#[derive(Debug, PartialEq, Eq)]
enum Column {
    Numbers(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Column {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Number => Self::Numbers(Vec::new()),
            Kind::Text => Self::Texts(Vec::new()),
            Kind::Bytes => Self::Bytes(Vec::new()),
        }
    }

    fn push<'r, R: Row>(&mut self, row: &'r R, at: usize) -> Result<(), sqlx::Error>
    where
        usize: ColumnIndex<R>,
        Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
        Option<String>: Decode<'r, R::Database> + Type<R::Database>,
        Option<Vec<u8>>: Decode<'r, R::Database> + Type<R::Database>,
    {
        match self {
            Self::Numbers(values) => values.push(row.try_get(at)?),
            Self::Texts(values) => values.push(row.try_get(at)?),
            Self::Bytes(values) => values.push(row.try_get(at)?),
        }
        Ok(())
    }
}

/// The next rows.
async fn next<R: Row>(
    table: &Table,
    rows: &mut (impl Stream<Item = Result<R, sqlx::Error>> + Unpin),
) -> Result<Batch, sqlx::Error>
where
    R::Database: Database<Row = R>,
    usize: ColumnIndex<R>,
    Option<i64>: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    Option<String>: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    Option<Vec<u8>>: for<'r> Decode<'r, R::Database> + Type<R::Database>,
{
    let columns = table.columns.iter().map(|(_, kind)| Column::new(*kind));
    let mut batch = Batch {
        columns: columns.collect(),
        rows: 0,
    };
    while batch.rows < table.batch()
        && let Some(row) = rows.try_next().await?
    {
        for (at, column) in batch.columns.iter_mut().enumerate() {
            column.push(&row, at)?;
        }
        batch.rows += 1;
    }
    Ok(batch)
}

/// Copies all rows of a table, and counts them.
pub async fn copy(
    table: &Table,
    source: &mut SqliteConnection,
    destination: &mut PgConnection,
) -> Result<u64, CopyError> {
    let mut rows = sqlx::query(AssertSqlSafe(select(table, "BINARY"))).fetch(source);
    let insert = insert(table);
    let mut copied = 0;
    loop {
        let batch = next(table, &mut rows).await.map_err(of_source)?;
        if batch.rows == 0 {
            return Ok(copied);
        }
        copied += batch.rows;
        let mut statement = sqlx::query(AssertSqlSafe(insert.as_str()));
        for column in batch.columns {
            statement = match column {
                Column::Numbers(values) => statement.bind(values),
                Column::Texts(values) => statement.bind(values),
                Column::Bytes(values) => statement.bind(values),
            };
        }
        let statement = statement.execute(&mut *destination);
        statement.await.map_err(of_destination)?;
    }
}

/// Reads both tables completely; every row has to be in both, and equal.
pub async fn compare(
    table: &Table,
    source: &mut SqliteConnection,
    destination: &mut PgConnection,
) -> Result<(), CopyError> {
    let mut ours = sqlx::query(AssertSqlSafe(select(table, "BINARY"))).fetch(source);
    let mut theirs = sqlx::query(AssertSqlSafe(select(table, "\"C\""))).fetch(destination);
    loop {
        let our = next(table, &mut ours).await.map_err(of_source)?;
        let their = next(table, &mut theirs).await.map_err(of_destination)?;
        if our != their {
            return Err(CopyError::Differs(table.name));
        }
        if our.rows == 0 {
            return Ok(());
        }
    }
}

/// All rows in the order of their key, which has to be the same in both databases: text is compared by its bytes.
fn select(table: &Table, by_bytes: &str) -> String {
    let key: Vec<_> = table.columns[..table.key]
        .iter()
        .map(|(name, kind)| match kind {
            Kind::Text => format!("{name} COLLATE {by_bytes}"),
            Kind::Number | Kind::Bytes => (*name).to_owned(),
        })
        .collect();
    format!(
        "SELECT {} FROM {} ORDER BY {}",
        table.names(),
        table.name,
        key.join(", ")
    )
}

fn insert(table: &Table) -> String {
    let arrays: Vec<_> = table
        .columns
        .iter()
        .enumerate()
        .map(|(at, (_, kind))| {
            let of = match kind {
                Kind::Number => "BIGINT",
                Kind::Text => "TEXT",
                Kind::Bytes => "BYTEA",
            };
            format!("${}::{of}[]", at + 1)
        })
        .collect();
    format!(
        "INSERT INTO {} ({}) SELECT * FROM unnest({})",
        table.name,
        table.names(),
        arrays.join(", ")
    )
}
