//! What is not copied, and what is said then.

use sqlx::{Connection, PgConnection, SqliteConnection, migrate::Migrator};

use super::{is_empty, rows_in_postgres, source, source::Source};
use crate::support::{
    postgres::{new_database, psql},
    process::{Finished, Workplace, python},
};

static FOR_SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static FOR_POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Refused in one line that says this and holds no secret.
#[track_caller]
fn assert_refused(finished: &Finished, because: &str) {
    let Finished {
        code,
        stdout,
        stderr,
        ..
    } = finished;
    assert!(code.is_some_and(|code| code != 0), "{finished:?}");
    assert_eq!(stdout, "");
    assert_eq!(stderr.trim_end().lines().count(), 1, "{stderr}");
    assert!(
        stderr.starts_with("opentill: ") && stderr.contains(because),
        "{because}: {stderr}"
    );
    assert!(!stderr.contains("hunter2"), "{stderr}");
}

fn sqlite(operator: &Workplace, sql: &str) {
    let script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); \
                  c.executescript(sys.argv[2]); c.commit()";
    let file = operator.dir().join("opentill.db");
    python(script, &[file.as_os_str(), sql.as_ref()]);
}

#[test]
fn a_destination_is_named_once_without_a_password_in_the_arguments() {
    let operator = Workplace::new();
    operator.say(&["migrate"], "");
    let copy_to = |to: &str| operator.run(&["copy", "--to", to]);
    assert_refused(&operator.run(&["copy"]), "--to: ");
    for with_password in [
        "postgres://opentill:hunter2@127.0.0.1/opentill",
        "postgres://opentill@127.0.0.1/opentill?password=hunter2",
    ] {
        assert_refused(&copy_to(with_password), "--to: others can read a password");
    }
    for nonsense in ["hunter2", "sqlite://hunter2.db", "mysql://hunter2@h/d", ""] {
        assert_refused(&copy_to(nonsense), "--to: expected postgres://");
    }
    assert_refused(
        &copy_to("postgres://h/d?pasword=hunter2"),
        "--to: pasword: is no parameter",
    );

    let operator = operator.set("OPENTILL_COPY_TO", "mysql://u:hunter2@h/d");
    assert_refused(
        &operator.run(&["copy"]),
        "OPENTILL_COPY_TO: expected postgres://",
    );
    let both = operator.run(&["copy", "--to", "postgres://h/d"]);
    assert_refused(&both, "OPENTILL_COPY_TO: is set");
    let operator = operator.set("OPENTILL_COPY_TO", "postgres://u:hunter2@127.0.0.1:1/d");
    assert_refused(&operator.run(&["copy"]), "the destination: ");
}

#[test]
fn the_source_is_a_sqlite_database_that_is_there() {
    let database = new_database();
    let operator = Workplace::new().set("OPENTILL_COPY_TO", &database);
    assert_refused(&operator.run(&["copy"]), "the source: ");
    let left: Vec<_> = std::fs::read_dir(operator.dir()).unwrap().collect();
    assert!(left.is_empty(), "no database is made: {left:?}");
    let operator = operator.set("DATABASE_URL", &database);
    assert_refused(&operator.run(&["copy"]), "DATABASE_URL: is not SQLite");
    assert_eq!(
        psql(
            &database,
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ),
        "0"
    );
}

#[tokio::test]
async fn a_source_that_something_has_open_is_not_copied() {
    let operator = Workplace::new();
    operator.add_client(source::JANE);
    let database = new_database();
    let operator = operator.set("OPENTILL_COPY_TO", &database);
    // It does nothing and holds no lock that a write would need.
    let server = operator.serve();
    assert_refused(&operator.run(&["copy"]), "the source is in use");
    server.kill();
    // A server that was killed leaves its write-ahead log behind, with what was acknowledged in it.
    operator.say(&["copy"], "");
    assert_eq!(psql(&database, "SELECT email FROM clients"), source::JANE);
}

#[tokio::test]
async fn a_destination_with_anything_in_it_is_left_as_it_is() {
    let source = Source::new().await;
    let database = new_database();
    let operator = source.operator.set("DATABASE_URL", &database);
    operator.add_client("sam@example.com");
    let before = rows_in_postgres(&database);
    let operator = operator
        .set("DATABASE_URL", "sqlite://opentill.db")
        .set("OPENTILL_COPY_TO", &database);
    assert_refused(
        &operator.run(&["copy"]),
        "the destination is not empty: it has rows in clients",
    );
    assert_eq!(rows_in_postgres(&database), before);

    // Nor is a copy made twice.
    let database = new_database();
    let operator = operator.set("OPENTILL_COPY_TO", &database);
    operator.say(&["copy"], "");
    let before = rows_in_postgres(&database);
    assert_refused(&operator.run(&["copy"]), "the destination is not empty");
    assert_eq!(rows_in_postgres(&database), before);
}

#[tokio::test]
async fn a_row_that_cannot_be_copied_leaves_the_destination_empty() {
    let source = Source::new().await;
    // SQLite keeps such a character, PostgreSQL does not. It is in the last table but one.
    sqlite(
        &source.operator,
        "UPDATE token_addresses SET user_agent = 'a' || char(0) || 'hunter2' WHERE token_id = 100",
    );
    let database = new_database();
    let operator = source.operator.set("OPENTILL_COPY_TO", &database);
    assert_refused(&operator.run(&["copy"]), "the destination: ");
    assert!(is_empty(&database));
}

#[tokio::test]
async fn what_the_destination_changes_on_the_way_is_noticed() {
    let operator = Workplace::new();
    operator.add_client(source::JANE);
    let database = new_database();
    operator.say(&["copy", "--to", &database], "");
    psql(
        &database,
        "DELETE FROM clients; \
         CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS \
         'BEGIN NEW.address2 = NULL; NEW.city = NEW.city || ''!''; RETURN NEW; END'; \
         CREATE TRIGGER meddle BEFORE INSERT ON clients FOR EACH ROW EXECUTE FUNCTION meddle()",
    );
    let refused = operator.run(&["copy", "--to", &database]);
    assert_refused(&refused, "the destination does not hold clients");
    assert!(is_empty(&database));
}

#[tokio::test]
async fn a_destination_of_an_earlier_version_is_brought_up_to_date() {
    let operator = Workplace::new();
    operator.add_client(source::JANE);
    let database = new_database();
    let mut connection = PgConnection::connect(&database).await.unwrap();
    FOR_POSTGRES.run_to(2, &mut connection).await.unwrap();
    operator.say(&["copy", "--to", &database], "");
    assert_eq!(psql(&database, "SELECT email FROM clients"), source::JANE);

    // Unless somebody is at home there: then not even its schema is touched.
    let database = new_database();
    let mut connection = PgConnection::connect(&database).await.unwrap();
    FOR_POSTGRES.run_to(2, &mut connection).await.unwrap();
    psql(
        &database,
        "INSERT INTO clients (email, email_key, name, address1, city, state, postcode, country, \
         currency_code, status, created_at) VALUES ('', '', '', '', '', '', '', 'US', 'USD', 'active', 1)",
    );
    let refused = operator.run(&["copy", "--to", &database]);
    assert_refused(&refused, "the destination is not empty");
    assert_eq!(
        psql(&database, "SELECT max(version) FROM _sqlx_migrations"),
        "2"
    );
}

#[tokio::test]
async fn a_source_of_an_earlier_version_is_brought_up_to_date_by_a_command_of_its_own() {
    let operator = Workplace::new();
    let file = format!("sqlite://{}/opentill.db?mode=rwc", operator.dir().display());
    let mut connection = SqliteConnection::connect(&file).await.unwrap();
    FOR_SQLITE.run_to(4, &mut connection).await.unwrap();
    connection.close().await.unwrap();
    let database = new_database();
    let operator = operator.set("OPENTILL_COPY_TO", &database);
    assert_refused(
        &operator.run(&["copy"]),
        "run `opentill migrate` with this program first",
    );
    operator.say(&["migrate"], "");
    operator.say(&["copy"], "");
}

#[test]
fn a_schema_of_a_later_version_is_refused_on_either_side() {
    let operator = Workplace::new();
    operator.say(&["migrate"], "");
    let database = new_database();
    operator.say(&["copy", "--to", &database], "");
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 SELECT 9999, 'later', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    psql(&database, later);
    let refused = operator.run(&["copy", "--to", &database]);
    assert_refused(
        &refused,
        "the destination: the database has schema version 9999",
    );

    sqlite(&operator, later);
    let refused = operator.run(&["copy", "--to", &new_database()]);
    assert_refused(&refused, "the source: the database has schema version 9999");
}
