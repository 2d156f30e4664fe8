//! Another program's database: refused in a sentence, and left as it is.

use std::fs;

use super::{assert_refused, names_in, sqlite};
use crate::support::{
    EMAIL,
    postgres::{Database, new_database, psql},
    process::Workplace,
};

const STEPS: &str = "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
                     installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, \
                     checksum BLOB NOT NULL, execution_time BIGINT NOT NULL); ";

/// Each command that opens the database.
const COMMANDS: [&[&str]; 9] = [
    &["serve"],
    &["migrate"],
    &["client", "add", "--name", "Jane", "--email", EMAIL],
    &["client", "list"],
    &[
        "client",
        "set-status",
        "--email",
        EMAIL,
        "--status",
        "closed",
    ],
    &["client", "set-password", "--email", EMAIL],
    &["token", "list", "--client", EMAIL],
    &["token", "revoke", "1"],
    &["activity", "list", "--client", EMAIL],
];
const REFUSAL: [&str; 2] = ["DATABASE_URL: ", "another program's database"];

#[test]
fn a_file_of_another_program() {
    let applied = |number| {
        format!(
            "{STEPS} INSERT INTO _sqlx_migrations VALUES ({number}, 'init', '2024-01-01', 1, x'00', 1);"
        )
    };
    for made_by in [
        "CREATE TABLE users (a)".to_owned(),
        // As ours are called.
        "CREATE TABLE users (a); CREATE TABLE tokens (b)".to_owned(),
        "CREATE TABLE clients (a)".to_owned(),
        "CREATE VIEW report AS SELECT 1".to_owned(),
        "PRAGMA journal_mode = WAL; CREATE TABLE users (a)".to_owned(),
        // Of a program that keeps count of its steps as we do.
        applied(20_240_101) + "CREATE TABLE users (a)",
        applied(1) + "CREATE TABLE users (a)",
        format!("{STEPS} CREATE TABLE users (a)"),
    ] {
        let operator = Workplace::on_file();
        let file = operator.dir().join("opentill.db");
        sqlite(&file, &made_by);
        let before = fs::read(&file).unwrap();
        let run = |command: &[&str], words: &[&str]| {
            assert_refused(&operator.run(command), words);
            assert!(fs::read(&file).unwrap() == before, "{made_by}: {command:?}");
            let names = names_in(operator.dir());
            assert_eq!(names, ["opentill.db"], "{made_by}: {command:?}");
        };
        for command in COMMANDS {
            run(command, &REFUSAL);
        }
        run(&["backup", "copy.db"], &["is no database of Opentill"]);
        let copy = ["copy", "--to", "postgres://opentill@127.0.0.1:1/opentill"];
        run(&copy, &["the source: ", "another program's database"]);
    }
}

#[test]
fn a_servers_database_of_another_program() {
    let operator = Workplace::on_file().on(Database::empty());
    operator.sql("CREATE TABLE invoices (a int)");
    let url = operator.database().unwrap();
    let tables = "SELECT string_agg(relname, ' ') FROM pg_class \
                  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";
    for command in COMMANDS {
        assert_refused(&operator.run(command), &REFUSAL);
        assert_eq!(operator.sql(tables), "invoices", "{command:?}");
    }
    let source = Workplace::on_file();
    source.add_client(EMAIL);
    let refused = source.run(&["copy", "--to", url]);
    assert_refused(
        &refused,
        &["the destination: ", "another program's database"],
    );
    assert_eq!(operator.sql(tables), "invoices");
}

#[test]
fn what_an_extension_brought_along_is_in_nobodys_way() {
    let database = Database::empty();
    psql(database.url(), "CREATE EXTENSION pg_stat_statements");
    let operator = Workplace::on_file().on(database);
    operator.say(&["migrate"], "");
}

#[test]
fn one_of_ours_is_none_of_another_programs() {
    // Somebody's own table beside ours does not make ours foreign.
    let operator = Workplace::on_file().set("DATABASE_URL", new_database());
    operator.say(&["migrate"], "");
    for operator in [Workplace::on_file(), operator] {
        operator.add_client(EMAIL);
        operator.say(&["client", "list"], "");
    }
}
