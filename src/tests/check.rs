//! `opentill check`: what is well, what is not, and how to mend it.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use serde_json::Value;

use crate::support::{
    EMAIL,
    database::only_on_sqlite,
    postgres::{new_database, psql_script},
    process::{Finished, Workplace},
};

/// The lines about one check, each with its level and its text.
fn found(finished: &Finished, check: &str) -> Vec<(String, String)> {
    let cells = finished
        .stdout
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let lines = cells.filter(|cells| cells[1] == check);
    lines
        .map(|cells| (cells[0].to_owned(), cells[2].to_owned()))
        .collect()
}

#[track_caller]
fn assert_found(finished: &Finished, check: &str, level: &str, text: &str) {
    let lines = found(finished, check);
    let is_it = |(is, found): &(String, String)| is == level && found.contains(text);
    assert!(
        lines.iter().any(is_it),
        "{check} {level} {text}: {finished:?}"
    );
    let is_error = finished
        .stdout
        .lines()
        .any(|line| line.starts_with("error\t"));
    assert_eq!(finished.code, Some(i32::from(is_error)), "{finished:?}");
    assert_eq!(
        finished.stderr.lines().count(),
        usize::from(is_error),
        "{finished:?}"
    );
    let all = format!("{}{}", finished.stdout, finished.stderr);
    assert!(!all.contains("hunter2"), "{all}");
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn where_all_is_well_each_check_says_so_and_nothing_is_changed() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    set_mode(operator.dir(), 0o700);
    let before = operator.sql("SELECT count(*) FROM activity");
    for beside_a_server in [false, true] {
        let server = beside_a_server.then(|| operator.serve());
        let finished = operator.run(&["check"]);
        for check in [
            "settings",
            "proxy",
            "settings files",
            "database",
            "schema",
            "clock",
        ] {
            assert_found(&finished, check, "ok", "");
        }
        drop(server);
    }
    let json: Value = serde_json::from_str(&operator.say(&["check", "--json"], "")).unwrap();
    let first = &json.as_array().unwrap()[0];
    assert_eq!(
        (&first["level"], &first["check"]),
        (&"ok".into(), &"settings".into())
    );
    assert_eq!(operator.sql("SELECT count(*) FROM activity"), before);
}

#[test]
fn wrong_settings_are_named_and_never_quoted() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    for (setting, value, level, text) in [
        (
            "OPENTILL_MAX_TOKENS",
            "hunter2",
            "error",
            "OPENTILL_MAX_TOKENS: must be",
        ),
        (
            "DATABASE_URL",
            "mysql://hunter2@db/x",
            "error",
            "DATABASE_URL: must be",
        ),
        ("OPENTILL_LOGO", "hunter2.svg", "error", "OPENTILL_LOGO: "),
        (
            "OPENTILL_MAX_TOKEN",
            "hunter2",
            "warning",
            "is OPENTILL_MAX_TOKENS meant?",
        ),
    ] {
        let url = operator.database().map(ToOwned::to_owned);
        let other = Workplace::on_file().set(
            "DATABASE_URL",
            url.unwrap_or_else(|| format!("sqlite://{}/opentill.db", operator.dir().display())),
        );
        let finished = other.set(setting, value).run(&["check"]);
        assert_found(&finished, "settings", level, text);
    }
    let behind_a_proxy = Workplace::on_file().set("OPENTILL_PUBLIC_URL", "https://portal.example");
    behind_a_proxy.add_client(EMAIL);
    let finished = behind_a_proxy.run(&["check"]);
    assert_found(
        &finished,
        "proxy",
        "warning",
        "OPENTILL_TRUSTED_PROXIES is not set",
    );
    let finished = behind_a_proxy
        .set("OPENTILL_TRUSTED_PROXIES", "10.0.0.1")
        .run(&["check"]);
    assert_found(&finished, "proxy", "ok", "");
}

#[test]
fn a_database_that_is_not_there_is_not_made() {
    let operator = Workplace::on_file();
    let finished = operator.run(&["check"]);
    assert_found(&finished, "database", "error", "no database at");
    assert!(!operator.dir().join("opentill.db").exists());
    let finished = operator.run(&["--demo", "check"]);
    assert_found(&finished, "database", "error", "opentill-demo.db");
    let url = "postgres://opentill:hunter2@127.0.0.1:1/opentill";
    let finished = operator.set("DATABASE_URL", url).run(&["check"]);
    assert_found(
        &finished,
        "database",
        "error",
        "the database cannot be opened",
    );
}

#[test]
fn files_that_others_may_read_and_clocks_that_differ_are_found() {
    only_on_sqlite!("a file has modes");
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let database = operator.dir().join("opentill.db");
    set_mode(&database, 0o644);
    fs::write(operator.dir().join(".env"), "OPENTILL_MAX_TOKENS=50\n").unwrap();
    set_mode(&operator.dir().join(".env"), 0o640);
    let finished = operator.run(&["check"]);
    assert!(
        found(&finished, "disk space")[0]
            .1
            .contains("MiB free beside the database"),
        "{finished:?}"
    );
    assert_found(&finished, "files", "warning", "chmod o=");
    assert_found(&finished, "settings files", "warning", "chmod 600 .env");
    set_mode(&database, 0o600);
    set_mode(operator.dir(), 0o777);
    let finished = operator.run(&["check"]);
    assert_found(&finished, "files", "warning", "chmod o-w");
    set_mode(operator.dir(), 0o700);

    let pgpass = operator.dir().join("passwords");
    fs::write(&pgpass, "*:*:*:*:hunter2\n").unwrap();
    set_mode(&pgpass, 0o604);
    let operator = operator.set("PGPASSFILE", &pgpass);
    let finished = operator.run(&["check"]);
    assert_found(
        &finished,
        "settings files",
        "warning",
        "passwords, which may hold a password",
    );

    operator.sql("INSERT INTO activity (client_id, at, event, who, user_agent) VALUES (1, 4102444800, 'logged_in', 'client', '')");
    assert_found(
        &operator.run(&["check"]),
        "clock",
        "warning",
        "set it by NTP",
    );
}

#[test]
fn a_schema_that_is_not_ours_or_not_up_to_date_is_found() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    operator.sql("DELETE FROM _sqlx_migrations WHERE version = 12");
    assert_found(
        &operator.run(&["check"]),
        "schema",
        "warning",
        "opentill migrate",
    );
    operator.sql("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 11");
    assert_found(&operator.run(&["check"]), "schema", "error", "version 9999");
}

#[test]
fn the_rights_of_the_serving_role_are_compared_with_the_manual() {
    let manual = include_str!("../../docs/operating.md");
    let (_, section) = manual.split_once("\n## Several nodes\n").unwrap();
    let mut blocks = section
        .split("```sql\n")
        .skip(1)
        .map(|block| block.split("```").next().unwrap());
    // Roles are the whole cluster's, and another test has those of the manual.
    let by_superuser = blocks.next().unwrap().replace("opentill", "checked");
    let by_owner = blocks.next().unwrap().replace("TO opentill", "TO checked");
    let somewhere = new_database();
    psql_script(&somewhere, &by_superuser);
    let (server, _) = somewhere.rsplit_once('/').unwrap();
    let as_role = |role: &str| {
        format!(
            "{}/checked",
            server.replace("postgres@", &format!("{role}@"))
        )
    };
    let (owner, serving) = (as_role("checked_owner"), as_role("checked"));
    let operator = Workplace::on_file().set("DATABASE_URL", &owner);
    operator.say(&["migrate"], "");
    assert_found(
        &operator.run(&["check"]),
        "rights",
        "warning",
        "owns the tables",
    );
    psql_script(&owner, &by_owner);
    let operator = operator.set("DATABASE_URL", &serving);
    assert_found(&operator.run(&["check"]), "rights", "ok", "");
    psql_script(
        &owner,
        "REVOKE DELETE ON sessions FROM checked; REVOKE SELECT ON invoices FROM checked",
    );
    let finished = operator.run(&["check"]);
    assert_found(&finished, "rights", "error", "GRANT SELECT ON invoices");
    assert_found(&finished, "rights", "error", "GRANT DELETE ON sessions");
    psql_script(&owner, &by_owner);
    psql_script(&owner, "GRANT UPDATE ON activity TO checked");
    assert_found(
        &operator.run(&["check"]),
        "rights",
        "warning",
        "REVOKE UPDATE ON activity",
    );
}
