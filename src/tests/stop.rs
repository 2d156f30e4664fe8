//! Stopping: what is under way is finished, and nothing that clients do can hold it up for long.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use futures::{StreamExt, stream};
use serde_json::Value;
use tokio::task::spawn_blocking;

use crate::support::{
    EMAIL,
    process::{Server, Workplace},
    rounds,
};

/// What is promised.
const EXIT: Duration = Duration::from_secs(10);
/// For so long after the signal new requests are certainly still taken: far less than the server
/// leaves load balancers to notice, so that a busy machine does not fail the test.
const STILL_OPEN: Duration = Duration::from_millis(100);
/// Nothing else here takes so long.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(5);
/// The variable that says how many stops there are, and how many without it.
const STOPS: (&str, usize) = ("STOP_ROUNDS", 5);
/// So many at once: each has load of its own.
const AT_ONCE: usize = 5;

/// A connection that sends what it is told, byte by byte if need be.
struct Connection {
    stream: TcpStream,
    addr: SocketAddr,
}

/// How a request ended.
#[derive(Debug)]
enum Outcome {
    /// With a whole answer.
    Answered(u16),
    /// Without one byte of an answer: the server was not there any more.
    NotTaken,
    /// With part of an answer, which must never happen.
    CutOff(String),
}

impl Connection {
    fn open(addr: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&addr, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, addr })
    }

    fn send(&mut self, text: &str) -> io::Result<()> {
        self.stream.write_all(text.as_bytes())
    }

    /// A whole `GET`.
    fn get(&mut self, path: &str, headers: &str) -> Outcome {
        let addr = self.addr;
        let request = format!("GET {path} HTTP/1.1\r\nhost: {addr}\r\n{headers}\r\n");
        match self.send(&request) {
            Ok(()) => self.answer(),
            Err(_) => Outcome::NotTaken,
        }
    }

    /// The head of a `POST /login` and the first field of its body.
    fn begin_login(&mut self, length: usize) -> io::Result<()> {
        let addr = self.addr;
        self.send(&format!(
            "POST /login HTTP/1.1\r\nhost: {addr}\r\norigin: http://{addr}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\
             connection: close\r\n\r\n{LOGIN_BEGIN}"
        ))
    }

    /// Reads an answer to its end.
    fn answer(&mut self) -> Outcome {
        let mut got = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            if let Some(status) = whole_answer(&got) {
                return Outcome::Answered(status);
            }
            match self.stream.read(&mut buffer) {
                Ok(n) if n > 0 => got.extend_from_slice(&buffer[..n]),
                _ if got.is_empty() => return Outcome::NotTaken,
                end => {
                    let got = String::from_utf8_lossy(&got);
                    return Outcome::CutOff(format!("{end:?} after {got}"));
                }
            }
        }
    }
}

const LOGIN_BEGIN: &str = "email=jane%40example.com";
const LOGIN_END: &str = "&password=correct+horse+battery+staple";
const LOGIN_LEN: usize = LOGIN_BEGIN.len() + LOGIN_END.len();

/// The status, if `got` is an answer with all of its body.
fn whole_answer(got: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(got).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let is_whole = match length {
        Some(length) => length.parse() == Ok(body.len()),
        None => body.ends_with("0\r\n\r\n"),
    };
    is_whole.then_some(status)
}

fn log_in(addr: SocketAddr) -> Outcome {
    let Ok(mut visitor) = Connection::open(addr) else {
        return Outcome::NotTaken;
    };
    let sent = visitor.begin_login(LOGIN_LEN);
    if sent.and_then(|()| visitor.send(LOGIN_END)).is_err() {
        return Outcome::NotTaken;
    }
    visitor.answer()
}

fn readiness(addr: SocketAddr) -> Outcome {
    match Connection::open(addr) {
        Ok(mut balancer) => balancer.get("/readyz", "connection: close\r\n"),
        Err(_) => Outcome::NotTaken,
    }
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        thread::sleep(POLL);
    }
}

/// Requests without a pause, each with its beginning, its end, and how it ended.
#[derive(Clone, Default)]
struct Load {
    requests: Arc<Mutex<Vec<(Instant, Instant, Outcome)>>>,
    is_over: Arc<AtomicBool>,
}

impl Load {
    /// Sends requests in a thread of its own until none is taken any more.
    fn add(&self, mut request: impl FnMut() -> Outcome + Send + 'static) -> thread::JoinHandle<()> {
        let load = self.clone();
        thread::spawn(move || {
            while !load.is_over.load(Ordering::Relaxed) {
                let began = Instant::now();
                let outcome = request();
                let is_last = matches!(outcome, Outcome::NotTaken);
                let ended = Instant::now();
                load.requests.lock().unwrap().push((began, ended, outcome));
                if is_last {
                    break;
                }
            }
        })
    }

    fn len(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

/// One stop under load; how long it took, and how many requests there were.
fn stop_under_load(mut server: Server, token: &str) -> (Duration, usize) {
    let addr = server.addr;
    let bearer = format!("authorization: Bearer {token}\r\n");

    // Visitors who would like the server to wait for them.
    let silent = Connection::open(addr).unwrap();
    let mut idle = Connection::open(addr).unwrap();
    assert!(matches!(
        idle.get("/api/v1/me", &bearer),
        Outcome::Answered(200)
    ));
    let mut stuck = Connection::open(addr).unwrap();
    stuck.begin_login(LOGIN_LEN).unwrap();
    let mut slow = Connection::open(addr).unwrap();
    slow.begin_login(LOGIN_LEN).unwrap();

    let load = Load::default();
    let mut threads = Vec::new();
    for _ in 0..2 {
        let bearer = bearer.clone();
        let mut kept = Connection::open(addr).unwrap();
        threads.push(load.add(move || kept.get("/api/v1/me", &bearer)));
    }
    let once = format!("{bearer}connection: close\r\n");
    threads.push(load.add(move || match Connection::open(addr) {
        Ok(mut script) => script.get("/api/v1/me", &once),
        Err(_) => Outcome::NotTaken,
    }));
    threads.push(load.add(move || log_in(addr)));
    until("load", || load.len() > 100);

    let told = Instant::now();
    server.signal("TERM");
    let mut statuses = Vec::new();
    until("the listener closes", || match readiness(addr) {
        Outcome::Answered(status) => {
            statuses.push(status);
            false
        }
        Outcome::NotTaken => true,
        Outcome::CutOff(got) => panic!("{got}"),
    });
    let closed = told.elapsed();
    statuses.dedup();
    assert!(
        statuses == [200, 503] || statuses == [503],
        "ready, not ready, gone, in this order: {statuses:?}"
    );
    assert!(closed < EXIT, "{closed:?}");

    // Begun before the signal, and still answered.
    slow.send(LOGIN_END).unwrap();
    let answer = slow.answer();
    assert!(matches!(answer, Outcome::Answered(303)), "{answer:?}");

    let status = server.exit_within(EXIT.saturating_sub(told.elapsed()));
    let took = told.elapsed();
    assert_eq!(
        status.and_then(|status| status.code()),
        Some(0),
        "after {took:?}: {}",
        server.stderr()
    );
    load.is_over.store(true, Ordering::Relaxed);
    for thread in threads {
        thread.join().unwrap();
    }
    drop((silent, stuck));

    let requests = load.requests.lock().unwrap();
    let under_way = requests
        .iter()
        .filter(|(began, ended, _)| *began < told && told < *ended)
        .count();
    assert!(under_way > 0, "there was load when the signal came");
    for (began, _, outcome) in requests.iter() {
        let is_served = match outcome {
            Outcome::Answered(status) => [200, 303].contains(status),
            Outcome::NotTaken => *began > told + STILL_OPEN,
            Outcome::CutOff(_) => false,
        };
        assert!(
            is_served,
            "{outcome:?} {:?} after",
            began.saturating_duration_since(told)
        );
    }
    (took, requests.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_told_to_stop_finishes_what_is_under_way_and_is_gone_within_ten_seconds() {
    // Several at once: most of the time goes by waiting for the stuck upload.
    let stops = (0..rounds(STOPS.0, STOPS.1)).map(|_| async {
        let operator = Workplace::new();
        operator.add_client(EMAIL);
        let server = operator.serve();
        let token = server.logged_in().await.create_token("Load").await;
        let (took, requests) = spawn_blocking(move || stop_under_load(server, &token))
            .await
            .unwrap();
        println!("stopped after {took:?}, {requests} requests");
    });
    stream::iter(stops)
        .buffer_unordered(AT_ONCE)
        .collect::<()>()
        .await;
}

#[tokio::test]
async fn idle_connections_do_not_hold_up_the_stop_and_the_last_use_is_written_down() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let mut server = operator.serve();
    let addr = server.addr;
    let mut jane = server.logged_in().await;
    jane.create_token("Never used").await;
    let token = jane.create_token("Used at the end").await;
    let silent = Connection::open(addr).unwrap();
    let mut idle = Connection::open(addr).unwrap();
    assert!(matches!(idle.get("/healthz", ""), Outcome::Answered(200)));
    // A request whose head is under way when the signal comes. Nothing else uses this token, so
    // its first use is noted when the server has nothing left to do but to leave.
    let mut late = Connection::open(addr).unwrap();
    late.send(&format!(
        "GET /api/v1/me HTTP/1.1\r\nhost: {addr}\r\nauthorization: Bearer {token}\r\n"
    ))
    .unwrap();
    assert!(matches!(readiness(addr), Outcome::Answered(200)));

    server.signal("TERM");
    until("the listener closes", || {
        matches!(readiness(addr), Outcome::NotTaken)
    });
    late.send("\r\n").unwrap();
    let answer = late.answer();
    let answered = Instant::now();
    assert!(matches!(answer, Outcome::Answered(200)), "{answer:?}");
    let status = server.exit_within(EXIT).expect("it stops");
    let took = answered.elapsed();
    assert_eq!(status.code(), Some(0), "{}", server.stderr());
    assert!(took < Duration::from_secs(3), "{took:?}");
    drop(silent);

    let json = operator.say(&["token", "list", "--client", EMAIL, "--json"], "");
    let tokens: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(tokens[0]["name"], "Used at the end");
    assert!(tokens[0]["last_used_at"].is_string(), "{json}");
    assert!(tokens[1]["last_used_at"].is_null(), "{json}");
}

#[test]
fn a_signal_right_after_the_ready_line_is_not_too_early() {
    for _ in 0..10 {
        let operator = Workplace::new();
        let mut server = operator.serve();
        server.signal("TERM");
        let status = server.exit_within(EXIT);
        // Ended by the signal itself there would be no code, and nothing finished or written down.
        let code = status.and_then(|status| status.code());
        assert_eq!(code, Some(0), "{status:?}: {}", server.stderr());
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    for (first, second) in [("TERM", "TERM"), ("INT", "INT"), ("TERM", "INT")] {
        let operator = Workplace::new();
        let mut server = operator.serve();
        let addr = server.addr;
        let mut stuck = Connection::open(addr).unwrap();
        stuck.begin_login(LOGIN_LEN).unwrap();
        assert!(matches!(readiness(addr), Outcome::Answered(200)));

        server.signal(first);
        // Until the listener is gone the stop waits anyway; after that, only for the upload.
        until("the listener closes", || {
            matches!(readiness(addr), Outcome::NotTaken)
        });
        let early = server.exit_within(Duration::from_millis(300));
        assert!(early.is_none(), "it waits for the upload: {early:?}");
        let told = Instant::now();
        server.signal(second);
        let status = server.exit_within(Duration::from_secs(3));
        let took = told.elapsed();
        assert!(
            status.is_some_and(|status| status.code().is_some()),
            "{first}, {second}: {status:?} after {took:?}"
        );
    }
}

#[test]
fn a_server_that_lives_and_can_serve_says_so() {
    let operator = Workplace::new();
    let server = operator.serve();
    for path in ["/healthz", "/readyz"] {
        let mut balancer = Connection::open(server.addr).unwrap();
        let answer = balancer.get(path, "");
        assert!(
            matches!(answer, Outcome::Answered(200)),
            "{path}: {answer:?}"
        );
    }
}
