//! A PostgreSQL server of the tests' own.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

/// The server lives as long as its standard input is open: until the tests end, however they do.
static SERVER: OnceLock<(Child, String)> = OnceLock::new();
static DATABASES: AtomicUsize = AtomicUsize::new(0);

fn start() -> (Child, String) {
    start_with(&[])
}

/// A server of its own, and the address of its superuser; it ends when the process is dropped.
pub fn start_with(settings: &[(&str, &str)]) -> (Child, String) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/.tools/postgres");
    let mut child = Command::new(script)
        .envs(settings.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect(".tools/postgres starts");
    let mut url = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut url)
        .unwrap();
    assert!(
        url.starts_with("postgres://"),
        "a PostgreSQL server could not be started for the tests: see above"
    );
    (child, url.trim().to_owned())
}

/// The address of a new, empty database.
pub fn new_database() -> String {
    let (_, server) = SERVER.get_or_init(start);
    let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    psql(server, &format!("CREATE DATABASE {name}"));
    let (host, _) = server.rsplit_once('/').unwrap();
    format!("{host}/{name}")
}

/// Does something behind Opentill's back, and returns what it says.
pub fn psql(url: &str, sql: &str) -> String {
    try_psql(url, sql).unwrap_or_else(|said| panic!("{sql}: {said}"))
}

/// Runs a script as a person would paste it into psql, commands that begin with a backslash included.
pub fn psql_script(url: &str, script: &str) {
    let mut child = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"])
        .args(["--dbname", url])
        .stdin(Stdio::piped())
        .spawn()
        .expect("psql is installed");
    let mut input = child.stdin.take().unwrap();
    input.write_all(script.as_bytes()).unwrap();
    drop(input);
    assert!(child.wait().unwrap().success(), "{script}");
}

/// What [`psql`] says, or what is said against it.
pub fn try_psql(url: &str, sql: &str) -> Result<String, String> {
    let output = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
        .args(["--set", "ON_ERROR_STOP=1", "--dbname", url])
        .args(["--command", sql])
        .output()
        .expect("psql is installed");
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap().trim().to_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
