//! The database that a test runs on: `TEST_DATABASE=postgres`, or SQLite.

use std::{
    io::{Write, stderr},
    path::Path,
    thread,
};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

use super::postgres::Database;

/// Whether the tests run on PostgreSQL this time.
pub fn is_postgres() -> bool {
    match std::env::var("TEST_DATABASE").as_deref() {
        Err(_) | Ok("sqlite") => false,
        Ok("postgres") => true,
        Ok(_) => panic!("TEST_DATABASE wants sqlite or postgres"),
    }
}

/// A PostgreSQL database with the schema in it, if that is what the tests run on.
pub fn of_server() -> Option<Database> {
    is_postgres().then(Database::new)
}

/// The address of a SQLite database in a folder.
pub fn of_file(folder: &Path) -> String {
    format!("sqlite://{}/test.db", folder.display())
}

/// Runs a statement that both databases take, but for `BLOB`, behind the back of whoever has the one at `url` open.
pub async fn run(url: &str, sql: &str) {
    let done = if url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        connection.execute(AssertSqlSafe(sql)).await.map(drop)
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        let sql = sql.replace("BLOB", "BYTEA");
        connection.execute(AssertSqlSafe(sql)).await.map(drop)
    };
    done.unwrap();
}

/// Says, past what holds back the output of tests, that one is not run and why.
pub fn say_why_not(why: &str) {
    let test = thread::current();
    let test = test.name().unwrap_or("a test");
    let _ = writeln!(stderr(), "{test}: not run on PostgreSQL: {why}");
}

/// Ends a test here when the tests run on PostgreSQL: what it is about, SQLite alone has.
macro_rules! only_on_sqlite {
    ($why:literal) => {
        if $crate::support::database::is_postgres() {
            $crate::support::database::say_why_not($why);
            return;
        }
    };
}

pub(crate) use only_on_sqlite;
