//! The real program as a process of its own, in a folder of its own, with only the settings that a
//! test gives it.

mod server;

use std::{
    ffi::{OsStr, OsString},
    fmt::Display,
    io::{Read, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

pub use self::server::Server;
use super::{
    PASSWORD, UNLIMITED,
    database::of_server,
    postgres::{Database, psql},
};

/// No command and no start takes this long; what does hangs.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);
/// Between two looks at something that is waited for.
const POLL: Duration = Duration::from_millis(10);

/// Where a program is started: a folder, and the settings.
pub struct Workplace {
    dir: TempDir,
    binary: PathBuf,
    settings: Vec<(String, OsString)>,
    database: Option<Database>,
}

impl Workplace {
    /// An empty folder; the program is the one built with the tests.
    pub fn new() -> Self {
        let workplace = Self::on_file();
        match of_server() {
            Some(database) => workplace.on(database),
            None => workplace,
        }
    }

    /// The same on a PostgreSQL database of its own.
    pub fn on(self, database: Database) -> Self {
        let mut workplace = self.set("DATABASE_URL", database.url());
        workplace.database = Some(database);
        workplace
    }

    /// The same on a file in the folder, whatever the tests run on.
    pub fn on_file() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            binary: PathBuf::from(env!("CARGO_BIN_EXE_opentill")),
            settings: [("LEPTOS_SITE_ADDR", "127.0.0.1:0")]
                .iter()
                .chain(&UNLIMITED)
                .map(|(name, value)| ((*name).to_owned(), value.into()))
                .collect(),
            database: None,
        }
    }

    /// A folder that holds nothing but a copy of `binary`, which is the program.
    pub fn with_copy_of(binary: &Path) -> Self {
        let mut workplace = Self::new();
        workplace.binary = workplace.dir.path().join("opentill");
        // Not by this process: a test that starts a program at that moment would hand the open file
        // on to it, and what is open for writing cannot be started.
        let copied = Command::new("cp")
            .arg(binary)
            .arg(&workplace.binary)
            .status();
        assert!(
            copied.is_ok_and(|status| status.success()),
            "the program can be copied"
        );
        workplace
    }

    /// With one more setting, or another value for one.
    pub fn set(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.settings.retain(|(n, _)| n != name);
        self.settings
            .push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// The address of its PostgreSQL database, if it has one.
    pub fn database(&self) -> Option<&str> {
        self.database.as_ref().map(Database::url)
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.command_of(self.binary.as_os_str());
        command.args(arguments);
        command
    }

    fn command_under(&self, words: &[&OsStr], arguments: &[&str]) -> Command {
        let mut command = self.command_of(words[0]);
        command.args(&words[1..]).arg(&self.binary).args(arguments);
        command
    }

    fn command_of(&self, program: &OsStr) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.dir())
            // Settings of whoever runs the tests must not decide their outcome.
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end, with nothing on standard input.
    pub fn run(&self, arguments: &[&str]) -> Finished {
        self.run_with_input(arguments, "")
    }

    /// Runs a command to its end.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Finished {
        finish(self.command(arguments), input)
    }

    /// Runs a command to its end as the last words of another.
    pub fn run_under(&self, words: &[&OsStr], arguments: &[&str]) -> Finished {
        self.run_under_with_input(words, arguments, "")
    }

    /// The same with something on standard input.
    pub fn run_under_with_input(
        &self,
        words: &[&OsStr],
        arguments: &[&str],
        input: &str,
    ) -> Finished {
        finish(self.command_under(words, arguments), input)
    }

    /// Starts a command and leaves it to itself.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null()).spawn().unwrap()
    }

    /// Starts a command as the last words of another and leaves it to itself.
    pub fn start_under(&self, words: &[&OsStr], arguments: &[&str]) -> Child {
        self.command_under(words, arguments).spawn().unwrap()
    }

    /// Runs a command that has to succeed and returns what it says.
    pub fn say(&self, arguments: &[&str], input: &str) -> String {
        let finished = self.run_with_input(arguments, input);
        assert_eq!(finished.code, Some(0), "{arguments:?}: {finished:?}");
        finished.stdout
    }

    /// The same beside whatever else the test does at the moment.
    pub async fn say_beside(&self, arguments: &[&str]) -> String {
        let mut command = self.command(arguments);
        let run = move || command.stdin(Stdio::null()).output().unwrap();
        let output = tokio::task::spawn_blocking(run).await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Adds a client with [`PASSWORD`] and returns its number.
    pub fn add_client(&self, email: &str) -> i64 {
        let said = self.say(
            &[
                "client",
                "add",
                "--email",
                email,
                "--name",
                "Jane Smith",
                "--password-stdin",
            ],
            PASSWORD,
        );
        said.trim().parse().expect("the client's number is said")
    }

    /// Does something behind Opentill's back, and returns what it says.
    pub fn sql(&self, sql: &str) -> String {
        match &self.database {
            Some(database) => psql(database.url(), sql),
            None => python(
                "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); \
                 [print(*row, sep='|') for row in c.execute(sys.argv[2])]; c.commit()",
                &[self.dir().join("opentill.db").as_os_str(), sql.as_ref()],
            ),
        }
    }

    /// Starts `opentill serve` and waits until it is ready.
    pub fn serve(&self) -> Server {
        self.serve_as(&["serve"])
    }

    /// Starts `opentill serve` as the last words of another command, which ends by becoming it.
    pub fn serve_under(&self, words: &[&OsStr]) -> Server {
        Server::start(self.command_under(words, &["serve"]))
    }

    /// Starts `opentill serve` at an address of its own. What it says once it is ready is where people
    /// reach it, and that may be a proxy.
    pub fn serve_at(&self, addr: SocketAddr) -> Server {
        let mut command = self.command(&["serve"]);
        command.env("LEPTOS_SITE_ADDR", addr.to_string());
        let mut server = Server::start(command);
        server.addr = addr;
        server
    }

    /// Starts a serving command and waits until it is ready.
    pub fn serve_as(&self, arguments: &[&str]) -> Server {
        Server::start(self.command(arguments))
    }
}

/// What a command left behind.
#[derive(Debug)]
pub struct Finished {
    /// The exit code, unless a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// From start to end.
    pub took: Duration,
}

/// Runs a Python script with arguments and returns what it prints. It has SQLite without the code
/// that is being tested.
pub fn python(script: &str, arguments: &[&OsStr]) -> String {
    let output = Command::new("python3")
        .arg("-c")
        .arg(script)
        .args(arguments)
        .output()
        .expect("python3 is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn finish(mut command: Command, input: &str) -> Finished {
    let began = Instant::now();
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // A command that does not read its input may be gone before all is written.
    thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let stdout = read_all(child.stdout.take().unwrap());
    let stderr = read_all(child.stderr.take().unwrap());
    let Some(status) = wait(&mut child, PATIENCE) else {
        child.kill().unwrap();
        panic!("{command:?} did not end");
    };
    Finished {
        code: status.code(),
        stdout: stdout.join().unwrap(),
        stderr: stderr.join().unwrap(),
        took: began.elapsed(),
    }
}

/// Sends a signal by its name, as `TERM`. Whether the process was there.
pub fn send(signal: &str, process: impl Display) -> bool {
    let signal = format!("-{signal}");
    let kill = Command::new("kill")
        .args([signal, process.to_string()])
        .output();
    kill.unwrap().status.success()
}

/// How it ended, if it does in time.
pub fn wait(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        if Instant::now() > deadline {
            return None;
        }
        thread::sleep(POLL);
    }
}

fn read_all(mut from: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        from.read_to_string(&mut text).expect("the output is UTF-8");
        text
    })
}
