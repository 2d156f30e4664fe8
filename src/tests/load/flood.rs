//! Floods: of log-ins, and of pages.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::atomic::Ordering,
    thread::available_parallelism,
    time::{Duration, Instant},
};

use tokio::time::sleep;

use super::{Background, Times, probe, probe_for, seconds};
use crate::support::{EMAIL, Line, PASSWORD, is_soak, process::Workplace, rounds};

const OTHER: &str = "other@example.com";
/// Between two requests of each connection.
const PAUSE: Duration = Duration::from_millis(20);
/// What hashing one password takes of memory, in KiB, and what else a flood may take.
const HASH: u64 = 19 * 1024;
const SLACK: u64 = 32 * 1024;

/// How often each status was answered.
type Answers = BTreeMap<u16, usize>;

fn add_up(all: Vec<Answers>) -> Answers {
    let mut sum = Answers::new();
    for (status, count) in all.into_iter().flatten() {
        *sum.entry(status).or_default() += count;
    }
    sum
}

/// Wrong passwords for one client, over and over, from so many addresses.
fn log_in_flood(addr: SocketAddr, connections: usize, addresses: usize) -> Background<Answers> {
    Background::start(connections, |n, is_over| async move {
        let mut line = Line::to(addr);
        let mut answers = Answers::new();
        let mut attempt = n;
        while !is_over.load(Ordering::Relaxed) {
            let address = attempt % addresses;
            let from = format!(
                "x-forwarded-for: 10.1.{}.{}\r\n",
                address / 250,
                address % 250 + 1
            );
            let password = format!("wrong horse battery staple {attempt}");
            let fields = [("email", EMAIL), ("password", password.as_str())];
            let reply = line.post("/login", &from, &fields).await;
            *answers.entry(reply.status).or_default() += 1;
            if [429, 503].contains(&reply.status) {
                let seconds = reply
                    .retry_after
                    .as_deref()
                    .unwrap_or("none")
                    .parse::<u32>();
                assert!(
                    seconds.is_ok_and(|seconds| seconds > 0),
                    "{:?}",
                    reply.retry_after
                );
            }
            attempt += connections;
            sleep(PAUSE).await;
        }
        answers
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_log_ins_keeps_nobody_else_from_anything() {
    let workplace = Workplace::new()
        .set("OPENTILL_LOG", "error")
        .set("OPENTILL_TRUSTED_PROXIES", "127.0.0.1")
        // As they are where nobody sets them.
        .set("OPENTILL_LOGIN_LIMIT", "10")
        .set("OPENTILL_LOGIN_ADDRESS_LIMIT", "30")
        .set("OPENTILL_LOGIN_ACCOUNT_LIMIT", "60");
    workplace.add_client(EMAIL);
    workplace.add_client(OTHER);
    let server = workplace.serve();
    let addr = server.addr;
    let token = server
        .logged_in_as(OTHER)
        .await
        .create_token("Reader")
        .await;
    let length = seconds("FLOOD_SECONDS");
    let mut idle = probe_for(addr, &token, length.min(Duration::from_secs(5))).await;
    let memory = server.memory();
    let connections = rounds("FLOOD_CONNECTIONS", 20);
    for addresses in [1, 1_000] {
        let flood = log_in_flood(addr, connections, addresses);
        let probe = probe(addr, &token);
        let began = Instant::now();
        let mut log_ins = Times::default();
        let mut most = 0;
        while began.elapsed() < length {
            log_ins.0.push(log_in(addr, log_ins.0.len()).await);
            most = most.max(server.memory());
            sleep(Duration::from_secs(1)).await;
        }
        let answers = add_up(flood.stop().await);
        println!("{connections} connections from {addresses} addresses: {answers:?}");
        assert!(
            answers
                .keys()
                .all(|status| [401, 429, 503].contains(status)),
            "{answers:?}"
        );
        let limit = (idle.within(0.99) * 2).max(Duration::from_millis(50));
        probe.stop().await[0].judge("reads", 0.99, limit);
        log_ins.judge("log-ins of others", 0.95, Duration::from_secs(2));
        let cores = available_parallelism().map_or(1, usize::from);
        let hashes = cores.saturating_sub(1).max(1) as u64;
        // What is not a release has larger pieces of everything.
        let limit = (hashes * HASH + SLACK) * if is_soak() { 1 } else { 3 };
        let grown = most.saturating_sub(memory);
        println!("{grown} KiB more than the {memory} KiB before");
        assert!(grown <= limit, "{grown} KiB more");
    }
    // And then it is over.
    let took = log_in(addr, 0).await;
    assert!(!is_soak() || took < Duration::from_secs(5), "{took:?}");
}

/// Somebody else logs in, from one of ten addresses of their own, and gets in; how long that takes.
async fn log_in(addr: SocketAddr, number: usize) -> Duration {
    let fields = [("email", OTHER), ("password", PASSWORD)];
    let from = format!("x-forwarded-for: 192.0.2.{}\r\n", number % 10 + 1);
    let began = Instant::now();
    loop {
        let reply = Line::to(addr).post("/login", &from, &fields).await;
        match reply.status {
            303 => return began.elapsed(),
            // As many wait as may: whoever is polite tries again.
            429 | 503 => assert!(began.elapsed() < Duration::from_secs(20), "{reply:?}"),
            _ => panic!("{reply:?}"),
        }
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_pages_keeps_no_integration_waiting() {
    let workplace = Workplace::new().set("OPENTILL_LOG", "warn");
    workplace.add_client(EMAIL);
    let server = workplace.serve();
    let addr = server.addr;
    let mut owner = server.logged_in().await;
    let token = owner.create_token("Reader").await;
    let cookie = format!("cookie: {}\r\n", owner.cookie.clone().unwrap());
    let connections = rounds("FLOOD_CONNECTIONS", 20);
    let flood = Background::start(connections, |n, is_over| {
        let (path, head) = if n % 2 == 0 {
            ("/login", String::new())
        } else {
            ("/", cookie.clone())
        };
        async move {
            let mut line = Line::to(addr);
            let mut answers = Answers::new();
            while !is_over.load(Ordering::Relaxed) {
                let reply = line.get(path, &head).await;
                *answers.entry(reply.status).or_default() += 1;
            }
            answers
        }
    });
    let mut times = probe_for(addr, &token, seconds("FLOOD_SECONDS")).await;
    let answers = add_up(flood.stop().await);
    println!("{connections} connections: {answers:?}");
    assert!(
        answers.keys().all(|status| [200, 503].contains(status)),
        "{answers:?}"
    );
    times.judge(
        "reads beside a flood of pages",
        0.99,
        Duration::from_millis(100),
    );
}
