//! PostgreSQL servers of the tests' own.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use sqlx::{Connection, Executor, PgConnection};

use super::eventually;

/// A server that lives as long as its standard input is open: until this is dropped, or the tests
/// end, however they do.
pub struct Cluster {
    url: String,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    child: Child,
}

impl Cluster {
    /// One that forgets at a power cut.
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// One that keeps what it has acknowledged, as in production.
    pub fn durable() -> Self {
        Self::with(&[("DURABLE", "1")])
    }

    /// With settings of the script.
    pub fn with(settings: &[(&str, &str)]) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/.tools/postgres");
        let mut child = Command::new(script)
            .envs(settings.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect(".tools/postgres starts");
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        let mut url = String::new();
        answers.read_line(&mut url).unwrap();
        assert!(
            url.starts_with("postgres://"),
            "a PostgreSQL server could not be started for the tests: see above"
        );
        Self {
            url: url.trim().to_owned(),
            orders: child.stdin.take().unwrap(),
            answers,
            child,
        }
    }

    /// The address of its superuser.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port that it listens on, and listens on again when it was stopped and started.
    pub fn port(&self) -> u16 {
        let (_, rest) = self.url.rsplit_once(':').unwrap();
        rest.split('/').next().unwrap().parse().unwrap()
    }

    /// Has it do something to itself: `stop fast`, `stop immediate`, `kill`, `start`.
    pub fn order(&mut self, what: &str) {
        writeln!(self.orders, "{what}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer, "done\n", "{what}");
    }

    /// Changes a setting of the running server, or takes it back.
    pub fn configure(&self, setting: &str, value: Option<&str>) {
        let change = match value {
            Some(value) => format!("ALTER SYSTEM SET {setting} = {value}"),
            None => format!("ALTER SYSTEM RESET {setting}"),
        };
        psql(&self.url, &change);
        psql(&self.url, "SELECT pg_reload_conf()");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It tidies up when it is told to end, and would be cut short by a kill.
        let ended = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        assert!(ended.is_ok_and(|status| status.success()));
        let _ = self.child.wait();
    }
}

/// The one that all tests share that do nothing to it.
static SHARED: OnceLock<Cluster> = OnceLock::new();
static DATABASES: AtomicUsize = AtomicUsize::new(0);
/// A database with the schema in it, of which the others are copies.
static TEMPLATE: OnceLock<String> = OnceLock::new();

/// A database of a test's own, gone when this is dropped.
pub struct Database {
    name: String,
    url: String,
}

impl Database {
    /// Without anything in it.
    pub fn empty() -> Self {
        Self::copy_of("template0")
    }

    /// With the schema of this program in it.
    pub fn new() -> Self {
        Self::copy_of(TEMPLATE.get_or_init(|| {
            let mut template = Self::empty();
            let made = Command::new(env!("CARGO_BIN_EXE_opentill"))
                .arg("migrate")
                .env_clear()
                .env("DATABASE_URL", &template.url)
                .status();
            assert!(made.unwrap().success(), "the schema cannot be made");
            std::mem::take(&mut template.name)
        }))
    }

    fn copy_of(template: &str) -> Self {
        let server = SHARED.get_or_init(Cluster::start).url();
        let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        psql(
            server,
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        );
        let (host, _) = server.rsplit_once('/').unwrap();
        let url = format!("{host}/{name}");
        Self { name, url }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let name = std::mem::take(&mut self.name);
        if name.is_empty() {
            return;
        }
        // Beside the next test; what is still left at the end goes with the server.
        thread::spawn(move || {
            let server = SHARED.get().unwrap().url();
            psql(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
        });
    }
}

/// The address of a new, empty database that stays until the tests end.
pub fn new_database() -> String {
    let mut database = Database::empty();
    database.name.clear();
    std::mem::take(&mut database.url)
}

/// Everything that is in a database, as text; bytes are in hexadecimal.
pub fn dump(url: &str) -> String {
    let output = Command::new("pg_dump").arg(url).output();
    let output = output.expect("pg_dump is installed");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Somebody who keeps everybody else from the tokens.
pub struct TokensHeld {
    holder: PgConnection,
    /// Inside a transaction the number of connections would stay as it was at first.
    onlooker: PgConnection,
}

impl TokensHeld {
    /// From now on.
    pub async fn in_database(url: &str) -> Self {
        let mut holder = PgConnection::connect(url).await.unwrap();
        let lock = "BEGIN; LOCK TABLE tokens IN ACCESS EXCLUSIVE MODE";
        holder.execute(lock).await.unwrap();
        let onlooker = PgConnection::connect(url).await.unwrap();
        Self { holder, onlooker }
    }

    /// How many connections we have to the same database.
    pub async fn connections(&mut self) -> i64 {
        let connections = "SELECT count(*) FROM pg_stat_activity \
                           WHERE datname = current_database() AND application_name = 'opentill'";
        let connections = sqlx::query_scalar(connections).fetch_one(&mut self.onlooker);
        connections.await.unwrap()
    }

    /// Lets go once so many connections are taken: whoever waits has one.
    pub async fn release_once_taken(&mut self, connections: i64) {
        eventually("all are taken", async || {
            self.connections().await >= connections
        })
        .await;
        self.release().await;
    }

    /// Lets go.
    pub async fn release(&mut self) {
        self.holder.execute("ROLLBACK").await.unwrap();
    }
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
