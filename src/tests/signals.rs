//! Signals: whatever a command waits for, it ends by them, also as process 1, which no signal ends that it does not listen
//! to. And the terminal is as it was.

mod terminal;

use std::{
    ffi::OsStr,
    fs,
    io::Read,
    process::Child,
    thread,
    time::{Duration, Instant},
};

use sqlx::{Connection, Executor, PgConnection};

use crate::support::{
    EMAIL,
    postgres::Database,
    process::{Workplace, send, wait},
};

/// Nothing here takes so long.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two signals: the first may come before anybody can listen, and process 1 then never hears of it.
const AGAIN: Duration = Duration::from_millis(200);
/// Both, with the exit code that is usual.
const SIGNALS: [(&str, &str, i32); 2] = [("TERM", "SIGTERM", 143), ("INT", "SIGINT", 130)];
/// What makes a command process 1.
const AS_FIRST: [&str; 7] = [
    "unshare",
    "--user",
    "--map-root-user",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
];

/// The command as the system numbers it outside.
fn inner(outer: &Child) -> Option<String> {
    let id = outer.id();
    let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).ok()?;
    let child = children.split(' ').next()?;
    (!child.is_empty()).then(|| child.to_owned())
}

/// Sends a signal until the command ends; what it left, and on standard error.
fn stop(mut outer: Child, signal: &str) -> (Option<i32>, String) {
    // Held open: whoever reads it waits for its end.
    let _input = outer.stdin.take();
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = wait(&mut outer, AGAIN) {
            let mut said = String::new();
            let mut stderr = outer.stderr.take().unwrap();
            stderr.read_to_string(&mut said).unwrap();
            return (status.code(), said);
        }
        if Instant::now() > deadline {
            outer.kill().unwrap();
            panic!("it does not end by {signal}");
        }
        if let Some(inner) = inner(&outer) {
            // It may be gone in this moment.
            let _ = send(signal, inner);
        }
    }
}

fn assert_ends(operator: &Workplace, arguments: &[&str]) {
    for (signal, name, code) in SIGNALS {
        let outer = operator.start_under(&AS_FIRST.map(OsStr::new), arguments);
        // So that it waits for what it is meant to wait for, mostly; it has to end anyway.
        thread::sleep(AGAIN * 2);
        let (ended, said) = stop(outer, signal);
        assert_eq!(ended, Some(code), "{arguments:?}: {said}");
        let line = format!("opentill: stopped by {name} ");
        assert!(
            said.starts_with(&line) && said.lines().count() == 1,
            "{arguments:?}: {said}"
        );
    }
}

#[test]
fn what_waits_for_a_password_ends() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    assert_ends(&operator, &["client", "set-password", "--email", EMAIL]);
    assert_ends(
        &operator,
        &[
            "client",
            "add",
            "--email",
            "sam@example.com",
            "--name",
            "Sam",
            "--password-stdin",
        ],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_for_another_nodes_steps_ends() {
    let database = Database::empty();
    let name = database.url().rsplit('/').next().unwrap();
    let name = name.split('?').next().unwrap();
    // What sqlx takes while the schema is changed.
    let lock = 0x3d32_ad9e * i64::from(crc32fast::hash(name.as_bytes()));
    let mut other = PgConnection::connect(database.url()).await.unwrap();
    other
        .execute(sqlx::query("SELECT pg_advisory_lock($1)").bind(lock))
        .await
        .unwrap();
    let source = Workplace::on_file().set("OPENTILL_COPY_TO", database.url());
    source.say(&["migrate"], "");
    let operator = Workplace::on_file().set("DATABASE_URL", database.url());
    tokio::task::spawn_blocking(move || {
        assert_ends(&operator, &["migrate"]);
        assert_ends(&operator, &["serve"]);
        assert_ends(&source, &["copy"]);
    })
    .await
    .unwrap();
}
