//! Addresses of PostgreSQL as people and providers write them: what `psql` connects with connects, or is refused by the
//! name of the part.

use std::process::Command;

use crate::support::{
    EMAIL,
    postgres::{new_database, psql},
    process::Workplace,
};

/// Where a server is, in pieces.
struct Place {
    port: String,
    folder: String,
    database: String,
}

impl Place {
    /// An empty database, and a role of its name.
    fn new() -> Self {
        let url = new_database();
        let (address, database) = url.rsplit_once('/').unwrap();
        let (_, port) = address.rsplit_once(':').unwrap();
        psql(&url, &format!("CREATE ROLE {database} SUPERUSER LOGIN"));
        Self {
            port: port.to_owned(),
            folder: psql(&url, "SHOW unix_socket_directories"),
            database: database.to_owned(),
        }
    }

    /// A spelling with the pieces put in.
    fn spelled(&self, spelling: &str) -> String {
        let encoded = self.folder.replace('/', "%2F");
        spelling
            .replace("PORT", &self.port)
            .replace("ENCODED", &encoded)
            .replace("FOLDER", &self.folder)
            .replace("NAME", &self.database)
    }
}

fn connects(url: &str, variables: &[(&str, &str)]) -> bool {
    let mut command = Command::new("psql");
    command.args(["--no-psqlrc", "--dbname", url, "--command", "SELECT 1"]);
    let output = command.envs(variables.iter().copied()).output();
    output.expect("psql is installed").status.success()
}

/// Copies a client there and lists it there.
#[track_caller]
fn assert_reaches(spelling: &str, variables: &[(&str, &str)]) {
    let place = Place::new();
    let url = place.spelled(spelling);
    let variables: Vec<_> = variables
        .iter()
        .map(|(name, value)| (*name, place.spelled(value)))
        .collect();
    let borrowed: Vec<_> = variables
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    if spelling.contains("[::1]") && !connects(&url, &borrowed) {
        println!("not run: this machine has no IPv6");
        return;
    }
    let is_libpqs = !spelling.starts_with("PostgreSQL");
    assert_eq!(connects(&url, &borrowed), is_libpqs, "psql: {spelling}");
    let mut operator = Workplace::on_file();
    for (name, value) in &variables {
        operator = operator.set(name, value);
    }
    operator.add_client(EMAIL);
    if spelling.contains(":pass") {
        operator = operator.set("OPENTILL_COPY_TO", &url);
        operator.say(&["copy"], "");
    } else {
        operator.say(&["copy", "--to", &url], "");
    }
    let operator = operator.set("DATABASE_URL", &url);
    assert!(
        operator.say(&["client", "list"], "").contains(EMAIL),
        "{spelling}"
    );
}

#[test]
fn what_psql_connects_with_connects() {
    for spelling in [
        "postgres://NAME@127.0.0.1:PORT/NAME",
        "postgresql://NAME@localhost:PORT/NAME",
        "PostgreSQL://NAME@localhost:PORT/NAME",
        "postgres://NAME@[::1]:PORT/NAME",
        "postgres://NAME@127.0.0.1:PORT",
        "postgres://NAME:pass#w?rd%2F@127.0.0.1:PORT/NAME",
        "postgres://NAME@ENCODED:PORT/NAME",
        "postgres://NAME@/NAME?host=FOLDER&port=PORT",
        "postgres://NAME@:PORT/?host=FOLDER",
        "postgres:///NAME?host=FOLDER&port=PORT&user=NAME&sslmode=verify-full",
        "postgres://?host=127.0.0.1&port=PORT&dbname=NAME&user=NAME",
        "postgres://nobody@nowhere.invalid:1/none?host=127.0.0.1&port=PORT&dbname=NAME&user=NAME",
        "postgres://%4eAME@127.0.0.1:PORT/NAME?user=NAME&sslmode=allow",
        "postgres://NAME@127.0.0.1:PORT/NAME?application_name=a%20b&connect_timeout=5&target_session_attrs=read-write",
        "postgres://NAME@127.0.0.1:PORT/NAME?channel_binding=prefer&options=-c%20search_path%3Dpublic",
    ] {
        assert_reaches(spelling, &[]);
    }
    assert_reaches("postgres://127.0.0.1:PORT/NAME", &[("PGUSER", "NAME")]);
    assert_reaches(
        "postgres://",
        &[
            ("PGHOST", "FOLDER"),
            ("PGPORT", "PORT"),
            ("PGUSER", "NAME"),
            ("PGDATABASE", "NAME"),
        ],
    );
}

#[test]
fn the_rest_is_refused_by_the_name_of_the_part() {
    let place = Place::new();
    for (spelling, part) in [
        ("postgres://NAME@127.0.0.1:1,127.0.0.1:PORT/NAME", "host: "),
        (
            "postgres://NAME@/NAME?host=127.0.0.1,127.0.0.1&port=PORT",
            "host: ",
        ),
        (
            "postgres://NAME@nowhere.invalid:PORT/NAME?hostaddr=127.0.0.1",
            "hostaddr: ",
        ),
        (
            "postgres://NAME@127.0.0.1:PORT/NAME?gssencmode=disable",
            "gssencmode: ",
        ),
        (
            "postgres://NAME@127.0.0.1:PORT/NAME?keepalives=1",
            "keepalives: ",
        ),
    ] {
        let url = place.spelled(spelling);
        assert!(connects(&url, &[]), "psql: {spelling}");
        let operator = Workplace::on_file().set("DATABASE_URL", &url);
        for command in [&["client", "list"][..], &["migrate"], &["serve"]] {
            let said = operator.run(command).stderr;
            assert!(
                said.starts_with(&format!("opentill: DATABASE_URL: {part}")),
                "{spelling}: {said}"
            );
        }
        let operator = Workplace::on_file();
        operator.add_client(EMAIL);
        let said = operator.run(&["copy", "--to", &url]).stderr;
        assert!(
            said.starts_with(&format!("opentill: --to: {part}")),
            "{spelling}: {said}"
        );
    }
}

#[test]
fn what_the_options_of_an_address_set_is_set() {
    let place = Place::new();
    let url = place.spelled("postgres://NAME@127.0.0.1:PORT/NAME");
    psql(&url, "CREATE SCHEMA portal");
    let with = format!("{url}?options=-c%20search_path%3Dportal");
    Workplace::on_file()
        .set("DATABASE_URL", with)
        .say(&["migrate"], "");
    assert_eq!(psql(&url, "SELECT count(*) FROM portal.clients"), "0");
    assert_eq!(
        psql(&url, "SELECT to_regclass('public.clients') IS NULL"),
        "t"
    );
}
