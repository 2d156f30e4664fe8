//! A copy that does not come to its end.

use sqlx::{Connection, PgConnection};

use super::{is_empty, rows_in_postgres, source::Source};
use crate::support::{
    eventually,
    postgres::{new_database, psql},
    process::Workplace,
};

/// Lets a copy wait before it writes to this table, as long as somebody holds the lock 42.
fn stop_before(table: &str, database: &str) {
    let trigger = "CREATE OR REPLACE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS \
                   'BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN NULL; END'; \
                   CREATE TRIGGER wait BEFORE INSERT ON";
    psql(
        database,
        &format!("{trigger} {table} EXECUTE FUNCTION wait()"),
    );
}

/// How many copies are connected.
fn copies(database: &str, and: &str) -> String {
    let count = "SELECT count(*) FROM pg_stat_activity \
                 WHERE datname = current_database() AND application_name = 'opentill copy'";
    psql(database, &format!("{count} {and}"))
}

#[tokio::test]
async fn killed_anywhere_it_leaves_nothing_and_can_be_done_again() {
    let source = Source::new().await;
    let expected = source.rows();
    let database = new_database();
    let operator = source.operator.set("DATABASE_URL", &database);
    operator.say(&["migrate"], "");
    let operator = operator
        .set("DATABASE_URL", "sqlite://opentill.db")
        .set("OPENTILL_COPY_TO", &database);
    for table in ["clients", "tokens", "activity", "token_days"] {
        stop_before(table, &database);
        kill_in_the_middle(&operator, &database).await;
        assert!(is_empty(&database), "killed before {table}");
        psql(&database, &format!("DROP TRIGGER wait ON {table}"));
    }
    operator.say(&["copy"], "");
    assert_eq!(rows_in_postgres(&database), expected);
}

async fn kill_in_the_middle(operator: &Workplace, database: &str) {
    let mut holder = PgConnection::connect(database).await.unwrap();
    sqlx::query("SELECT pg_advisory_lock(42)")
        .execute(&mut holder)
        .await
        .unwrap();
    let mut copy = operator.start(&["copy"]);
    eventually("the copy waits in the middle", async || {
        copies(database, "AND wait_event = 'advisory'") == "1"
    })
    .await;

    // Meanwhile nobody gets at the source, and nobody sees half of a copy.
    let beside = operator.run(&["client", "list"]);
    assert_ne!(beside.code, Some(0), "{beside:?}");
    assert!(beside.stderr.starts_with("opentill: DATABASE_URL: "));
    assert!(is_empty(database));

    copy.kill().unwrap();
    copy.wait().unwrap();
    holder.close().await.unwrap();
    eventually("the server has noticed", async || {
        copies(database, "") == "0"
    })
    .await;
}
