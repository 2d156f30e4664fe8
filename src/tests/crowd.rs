//! More connections than there may be, and output that nobody takes: whoever wants something is served.

use std::{
    ffi::OsStr,
    io::{ErrorKind, Read, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use opentill::http::connections::Slots;
use tokio::net::TcpSocket;

use crate::support::{
    EMAIL, TestApp, eventually,
    process::{Workplace, send, wait},
    streams, within,
};

/// How long a server needs for an answer, at most.
const PATIENCE: Duration = Duration::from_secs(20);
const HOME: Ipv4Addr = Ipv4Addr::LOCALHOST;
const AWAY: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// A connection from an address of this machine.
async fn connect(from: Ipv4Addr, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::new(IpAddr::V4(from), 0)).unwrap();
    let stream = socket.connect(to).await.unwrap().into_std().unwrap();
    stream.set_nonblocking(false).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// The status of an answer, or nothing if the connection is closed instead.
fn get(stream: &mut TcpStream, path: &str) -> Option<u16> {
    let head = format!("GET {path} HTTP/1.1\r\nhost: opentill\r\n\r\n");
    stream.write_all(head.as_bytes()).ok()?;
    let mut answer = [0; 4096];
    let length = stream.read(&mut answer).unwrap_or(0);
    let answer = String::from_utf8_lossy(&answer[..length]);
    answer.split(' ').nth(1)?.parse().ok()
}

/// A request that is under way until its body's deadline.
async fn busy(from: Ipv4Addr, to: SocketAddr) -> TcpStream {
    let mut stream = connect(from, to).await;
    let head = format!(
        "POST /login HTTP/1.1\r\nhost: {to}\r\norigin: http://{to}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\
         expect: 100-continue\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = [0; 64];
    let length = stream.read(&mut answer).unwrap();
    assert!(answer[..length].starts_with(b"HTTP/1.1 100 "), "it is read");
    stream
}

fn is_closed(stream: &mut TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let read = stream.read(&mut [0; 64]);
    stream.set_nonblocking(false).unwrap();
    !read.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_few_descriptors_everybody_who_asks_is_served_beside_any_number_of_idle_connections() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let few = ["sh", "-c", r#"ulimit -n 128; exec "$0" "$@""#].map(OsStr::new);
    let server = operator.serve_under(&few);
    let mut idle = Vec::new();
    for n in 0..200_u8 {
        // The system may not have told us yet that one was closed; what it does then is no matter here.
        idle.push(connect(HOME, server.addr).await);
        if n % 20 == 0 {
            for from in [HOME, AWAY] {
                let mut asking = connect(from, server.addr).await;
                assert_eq!(get(&mut asking, "/readyz"), Some(200), "{from} beside {n}");
            }
        }
    }
    let open = std::fs::read_dir(format!("/proc/{}/fd", server.pid())).unwrap();
    let open = open.count();
    assert!(open < 128, "{open}");
    // From many addresses.
    for n in 0..200_u8 {
        idle.push(connect(Ipv4Addr::new(127, 0, 1, n), server.addr).await);
        if n % 20 == 0 {
            let mut asking = connect(AWAY, server.addr).await;
            assert_eq!(get(&mut asking, "/readyz"), Some(200), "beside {n}");
        }
    }
    let log = server.stderr();
    assert_eq!(log.matches("one address has as many").count(), 1, "{log}");
    assert_eq!(log.matches("all connections are taken").count(), 1, "{log}");
    assert!(!log.contains("Too many open files"), "{log}");
}

#[tokio::test]
async fn the_system_is_asked_for_all_descriptors_that_it_gives() {
    let operator = Workplace::new();
    let few = [
        "sh",
        "-c",
        r#"ulimit -Sn 100; ulimit -Hn 512; exec "$0" "$@""#,
    ]
    .map(OsStr::new);
    let server = operator.serve_under(&few);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.pid())).unwrap();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let numbers: Vec<_> = line.unwrap().split_whitespace().skip(3).take(2).collect();
    assert_eq!(numbers, ["512", "512"]);
}

async fn app_with_few(more: (&str, &str)) -> TestApp {
    TestApp::start_with(&[("OPENTILL_ADDRESS_CONNECTIONS", "3"), more]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_idle_the_longest_make_room_for_new_ones_of_the_same_address() {
    let app = app_with_few(("OPENTILL_MAX_TOKENS", "50")).await;
    let mut kept = Vec::new();
    for _ in 0..3 {
        let mut stream = connect(HOME, app.addr).await;
        assert_eq!(get(&mut stream, "/healthz"), Some(200));
        kept.push(stream);
    }
    // The first one is the last that was used.
    assert_eq!(get(&mut kept[0], "/healthz"), Some(200));
    let mut new = connect(HOME, app.addr).await;
    assert_eq!(get(&mut new, "/healthz"), Some(200));
    eventually("one is closed", async || is_closed(&mut kept[1])).await;
    assert_eq!(get(&mut kept[0], "/healthz"), Some(200));
    assert_eq!(get(&mut kept[2], "/healthz"), Some(200));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_whose_connections_are_all_busy_has_no_more_and_others_do_not_notice() {
    let app = app_with_few(("OPENTILL_MAX_TOKENS", "50")).await;
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(busy(HOME, app.addr).await);
    }
    let mut one_more = connect(HOME, app.addr).await;
    assert_eq!(get(&mut one_more, "/healthz"), None);
    let mut other = connect(AWAY, app.addr).await;
    assert_eq!(get(&mut other, "/healthz"), Some(200));
    assert!(!all.iter_mut().any(is_closed), "what is under way goes on");
    all.pop();
    eventually("there is room again", async || {
        get(&mut connect(HOME, app.addr).await, "/healthz") == Some(200)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_of_ours_stands_for_many() {
    let app = app_with_few(("OPENTILL_TRUSTED_PROXIES", "127.0.0.1")).await;
    let mut all = Vec::new();
    for _ in 0..8 {
        all.push(busy(HOME, app.addr).await);
    }
    for _ in 0..8 {
        let mut stream = connect(HOME, app.addr).await;
        assert_eq!(get(&mut stream, "/healthz"), Some(200));
    }
    assert!(!all.iter_mut().any(is_closed));
}

#[tokio::test]
async fn an_ipv6_address_counts_with_its_whole_network() {
    let app = app_with_few(("OPENTILL_MAX_TOKENS", "50")).await;
    let slots = Slots::new(app.state.config.clone());
    let mut taken = Vec::new();
    for (address, may) in [
        ("2001:db8::1", true),
        ("2001:db8::2:3", true),
        ("2001:db8::ffff:0:0:4", true),
        ("2001:db8:0:0:5::", false),
        ("2001:db8:0:1::", true),
    ] {
        let slot = slots.take(slots.free().await, address.parse().unwrap());
        assert_eq!(slot.is_some(), may, "{address}");
        // Busy, so that none makes room.
        taken.push(slot.map(|slot| (slot.requests.begin(), slot)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nobody_reads_the_log_requests_are_served_and_the_stop_comes() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let mut server = operator.serve_under(&streams::unread_log());
    let token = server.logged_in().await.create_token("Reader").await;
    // More lines than a pipe and all places together take.
    let one = "GET /healthz HTTP/1.1\r\nhost: opentill\r\n";
    let many = format!("{one}\r\n").repeat(999) + one + "connection: close\r\n\r\n";
    for _ in 0..40 {
        let mut stream = connect(HOME, server.addr).await;
        let mut other = stream.try_clone().unwrap();
        let many = many.clone();
        let sent = std::thread::spawn(move || other.write_all(many.as_bytes()));
        let mut answers = String::new();
        stream.read_to_string(&mut answers).expect("answers come");
        assert_eq!(answers.matches("\r\n\r\nok\n").count(), 1_000);
        sent.join().unwrap().unwrap();
    }
    assert_eq!(server.me(&token).await.status, 200);
    server.signal("TERM");
    let status = server.exit_within(Duration::from_secs(10));
    assert_eq!(status.and_then(|status| status.code()), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nobody_takes_the_ready_line_it_serves_and_stops() {
    for words in [
        streams::stuck_output(),
        streams::to_full_disk(),
        streams::to_nobody(),
    ] {
        // Free a moment ago, and the system gives out others first.
        let listener = TcpListener::bind((HOME, 0)).unwrap();
        let addr = listener.local_addr().unwrap();
        drop(listener);
        let operator = Workplace::new().set("LEPTOS_SITE_ADDR", addr.to_string());
        let mut child = operator.start_under(&words, &["serve"]);
        within(PATIENCE, "it serves", async || {
            let Ok(mut stream) = TcpStream::connect(addr) else {
                return false;
            };
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            get(&mut stream, "/readyz") == Some(200)
        })
        .await;
        assert!(send("TERM", child.id()));
        let status = wait(&mut child, Duration::from_secs(10));
        assert_eq!(status.and_then(|status| status.code()), Some(0));
    }
}
