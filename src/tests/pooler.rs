//! `PgBouncer` between the program and PostgreSQL, with what it does by default.

use std::{
    fs,
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::support::{
    EMAIL, eventually,
    postgres::{Database, TokensHeld, psql},
    process::Workplace,
};

/// A running pooler; it ends when this is dropped.
struct Pooler {
    child: Child,
    url: String,
    _dir: TempDir,
}

impl Pooler {
    /// In front of the server of a database, in this mode and with further settings.
    async fn before(database: &Database, settings: &str) -> Self {
        let (address, name) = database.url().rsplit_once('/').unwrap();
        let (_, server) = address.rsplit_once(':').unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = free.local_addr().unwrap();
        drop(free);
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host=127.0.0.1 port={server} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {}\nunix_socket_dir =\nauth_type = any\n{settings}\n",
            addr.port()
        );
        fs::write(&file, text).unwrap();
        let mut command = Command::new("pgbouncer");
        // It refuses to run as root, and anybody else it would not let change who it is.
        if is_root() {
            command.args(["--user", "postgres"]);
        }
        let child = command
            .arg("--quiet")
            .arg(&file)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pgbouncer is installed");
        let pooler = Self {
            child,
            url: format!("postgres://postgres@{addr}/{name}"),
            _dir: dir,
        };
        eventually("the pooler listens", async || {
            TcpStream::connect(addr).await.is_ok()
        })
        .await;
        pooler
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        // Either fails if it has ended already, and that is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.unwrap().stdout.trim_ascii() == b"0"
}

#[tokio::test]
async fn in_session_mode_it_works_with_its_defaults_and_the_limits_are_in_force() {
    for settings in [
        "pool_mode = session",
        // What was asked for in the parameters of the start would be dropped without a word.
        "pool_mode = session\nignore_startup_parameters = extra_float_digits,options",
    ] {
        let database = Database::new();
        let pooler = Pooler::before(&database, settings).await;
        let operator = Workplace::on_file().set("DATABASE_URL", &pooler.url);
        operator.say(&["migrate"], "");
        operator.add_client(EMAIL);
        let server = operator.serve();
        let mut owner = server.logged_in().await;
        let token = owner.create_token("One").await;
        assert_eq!(server.me(&token).await.status, 200);

        let mut held = TokensHeld::in_database(database.url()).await;
        let refused = owner.post("/profile/tokens", &[("name", "Two")]).await;
        assert_eq!(refused.status, 503, "{}", refused.body);
        // Nobody waits any more for what was begun before the answer, so neither does the server, though the lock is held.
        let answered = psql(database.url(), "SELECT now()");
        let waiting = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
             AND wait_event_type = 'Lock' AND query_start < '{answered}'"
        );
        eventually("no statement is left waiting", async || {
            psql(database.url(), &waiting) == "0"
        })
        .await;
        held.release().await;
        eventually("it is well again", async || {
            server.me(&token).await.status == 200
        })
        .await;
    }
}

#[tokio::test]
async fn one_that_does_not_keep_what_is_set_is_refused_by_name() {
    let database = Database::new();
    let settings = "pool_mode = transaction\nserver_reset_query_always = 1";
    let pooler = Pooler::before(&database, settings).await;
    let operator = Workplace::on_file().set("DATABASE_URL", &pooler.url);
    for command in [&["serve"][..], &["client", "list"], &["migrate"]] {
        let said = operator.run(command).stderr;
        assert!(said.starts_with("opentill: DATABASE_URL: "), "{said}");
        assert!(
            said.contains("statement_timeout") && said.contains("session mode"),
            "{said}"
        );
    }
}
