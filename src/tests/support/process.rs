//! The real program as a process of its own, in a folder of its own, with only the settings that a
//! test gives it.

use std::{
    ffi::{OsStr, OsString},
    io::{BufRead, BufReader, Read, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

use opentill::server::config::Config;
use tempfile::TempDir;

use super::{Answer, Browser, EMAIL, PASSWORD, UNLIMITED};

/// No command and no start takes this long; what does hangs.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);
/// Between two looks at something that is waited for.
const POLL: Duration = Duration::from_millis(10);
/// What the program says once it listens, before the address.
const READY: &str = "Opentill is ready at ";

/// Where a program is started: a folder, and the settings.
pub struct Workplace {
    dir: TempDir,
    binary: PathBuf,
    settings: Vec<(String, OsString)>,
}

impl Workplace {
    /// An empty folder; the program is the one built with the tests.
    pub fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            binary: PathBuf::from(env!("CARGO_BIN_EXE_opentill")),
            settings: [("LEPTOS_SITE_ADDR", "127.0.0.1:0")]
                .iter()
                .chain(&UNLIMITED)
                .map(|(name, value)| ((*name).to_owned(), value.into()))
                .collect(),
        }
    }

    /// A folder that holds nothing but a copy of `binary`, which is the program.
    pub fn with_copy_of(binary: &Path) -> Self {
        let mut workplace = Self::new();
        workplace.binary = workplace.dir.path().join("opentill");
        std::fs::copy(binary, &workplace.binary).expect("the program can be copied");
        workplace
    }

    /// With one more setting, or another value for one.
    pub fn set(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.settings.retain(|(n, _)| n != name);
        self.settings
            .push((name.to_owned(), value.as_ref().to_owned()));
        self
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
        finish(self.command_under(words, arguments), "")
    }

    /// Starts a command and leaves it to itself.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null()).spawn().unwrap()
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

    /// Starts `opentill serve` and waits until it is ready.
    pub fn serve(&self) -> Server {
        self.serve_as(&["serve"])
    }

    /// Starts `opentill serve` as the last words of another command, which ends by becoming it.
    pub fn serve_under(&self, words: &[&OsStr]) -> Server {
        Server::start(self.command_under(words, &["serve"]))
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

/// A serving program. It is killed when it is dropped.
pub struct Server {
    /// Where it listens.
    pub addr: SocketAddr,
    /// When it was started.
    pub started: Instant,
    child: Child,
    stdout: Arc<Mutex<String>>,
    stderr: Arc<Mutex<String>>,
}

impl Server {
    fn start(mut command: Command) -> Self {
        let started = Instant::now();
        let mut child = command.stdin(Stdio::null()).spawn().unwrap();
        let (sender, lines) = mpsc::channel();
        let stdout = collect(child.stdout.take().unwrap(), move |line| {
            // Nobody listens any more once the address is known.
            let _ = sender.send(line.to_owned());
        });
        let stderr = collect(child.stderr.take().unwrap(), |_| {});
        let mut server = Self {
            addr: SocketAddr::from(([0, 0, 0, 0], 0)),
            started,
            child,
            stdout,
            stderr,
        };
        server.addr = loop {
            let line = lines
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("the server is not ready: {}", server.stderr()));
            if let Some(url) = line.strip_prefix(READY) {
                let addr = url.strip_prefix("http://").expect("an http address");
                break addr.parse().expect("an address with a port");
            }
        };
        server
    }

    /// What it has said on standard output so far.
    pub fn stdout(&self) -> String {
        self.stdout.lock().unwrap().clone()
    }

    /// What it has said on standard error so far.
    pub fn stderr(&self) -> String {
        self.stderr.lock().unwrap().clone()
    }

    /// A browser that nobody has logged in with.
    pub fn browser(&self) -> Browser {
        let addr = self.addr.to_string();
        let config = Config::read(|name| (name == "LEPTOS_SITE_ADDR").then(|| addr.clone()));
        Browser::new(self.addr, Arc::new(config.unwrap()))
    }

    /// A browser that [`EMAIL`] has logged in with, by [`PASSWORD`].
    pub async fn logged_in(&self) -> Browser {
        self.logged_in_as(EMAIL).await
    }

    /// A browser that `email` has logged in with, by [`PASSWORD`].
    pub async fn logged_in_as(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.log_in(email, PASSWORD).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser
    }

    /// `GET /api/v1/me` with a bearer token.
    pub async fn me(&self, token: &str) -> Answer {
        let authorization = format!("Bearer {token}");
        self.browser()
            .get_with("/api/v1/me", &[("authorization", &authorization)])
            .await
    }

    /// What it holds in memory, in KiB, as the system sees it.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let line = line.expect("the system says what a process holds");
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// The number of its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name, as `TERM`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.child.id().to_string())
            .status()
            .unwrap();
        assert!(sent.success(), "the signal cannot be sent");
    }

    /// Ends it with SIGKILL, which it cannot notice.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// How it ended, if it does in time.
    pub fn exit_within(&mut self, patience: Duration) -> Option<ExitStatus> {
        wait(&mut self.child, patience)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Either fails if it has ended already, and that is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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

pub(super) fn wait(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
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

/// Goes on reading, so that the program never waits for a full pipe.
fn collect(
    from: impl Read + Send + 'static,
    mut seen: impl FnMut(&str) + Send + 'static,
) -> Arc<Mutex<String>> {
    let text = Arc::new(Mutex::new(String::new()));
    let all = Arc::clone(&text);
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let mut all = all.lock().unwrap();
            all.push_str(&line);
            all.push('\n');
            drop(all);
            seen(&line);
        }
    });
    text
}
