//! A database that is not there.

use super::{assert_refused, names_in};
use crate::support::{EMAIL, PASSWORD, postgres::Database, process::Workplace};

/// Each command that changes or shows what has to be there.
const COMMANDS: [&[&str]; 7] = [
    &["client", "list"],
    &["client", "set-password", "--email", EMAIL],
    &[
        "client",
        "set-status",
        "--email",
        EMAIL,
        "--status",
        "closed",
    ],
    &["token", "list", "--client", EMAIL],
    &["token", "revoke", "1"],
    &["activity", "list", "--client", EMAIL],
    &["backup", "copy.db"],
];

#[test]
fn it_is_made_by_no_command_that_wants_something_of_it() {
    let operator = Workplace::on_file();
    for command in COMMANDS {
        let refused = operator.run_with_input(command, PASSWORD);
        assert_refused(&refused, &["opentill.db"]);
        if command[0] != "backup" {
            assert_refused(&refused, &["DATABASE_URL: no database at "]);
        }
        assert!(names_in(operator.dir()).is_empty(), "{command:?}");
    }
    let copy = ["copy", "--to", "postgres://opentill@127.0.0.1:1/opentill"];
    assert_refused(&operator.run(&copy), &["the source: ", "opentill.db: "]);
    assert!(names_in(operator.dir()).is_empty());

    // Nor a folder for it.
    let operator = operator.set("DATABASE_URL", "sqlite://no/such/folder/opentill.db");
    for command in COMMANDS {
        assert_refused(&operator.run_with_input(command, PASSWORD), &["no/such"]);
    }
    assert!(names_in(operator.dir()).is_empty());
}

#[test]
fn nor_is_an_empty_one_begun() {
    let file = Workplace::on_file();
    std::fs::write(file.dir().join("opentill.db"), "").unwrap();
    for operator in [file, Workplace::on_file().on(Database::empty())] {
        for command in &COMMANDS[..6] {
            let refused = operator.run_with_input(command, PASSWORD);
            assert_refused(
                &refused,
                &["DATABASE_URL: there is nothing in this database"],
            );
        }
    }
}

#[test]
fn a_dash_is_no_file() {
    let operator = Workplace::on_file();
    operator.add_client(EMAIL);
    let before = names_in(operator.dir());
    for command in [&["backup", "-"][..], &["restore", "-", "--revoke", "all"]] {
        assert_refused(&operator.run(command), &["FILE: "]);
        assert_eq!(names_in(operator.dir()), before);
    }
    operator.say(&["backup", "./-"], "");
}
