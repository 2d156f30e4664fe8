//! The program while it serves.

use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

use opentill::server::config::Config;

use super::{PATIENCE, send, wait};
use crate::support::{Answer, Browser, EMAIL, PASSWORD};

/// What the program says once it listens, before the address.
const READY: &str = "Opentill is ready at ";

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
    pub(in crate::support) fn start(mut command: Command) -> Self {
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
                // Behind a proxy it is that of the proxy.
                let addr = url.strip_prefix("http://").map(str::parse);
                break addr.and_then(Result::ok).unwrap_or(server.addr);
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
        assert!(send(name, self.pid()), "the signal cannot be sent");
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
