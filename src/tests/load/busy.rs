//! A busy day in a few seconds: one token at 500 requests a second, 20 new tokens a second, log-ins.

use std::{
    collections::BTreeSet,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

use super::{Background, Times, seconds};
use crate::support::{Browser, EMAIL, Line, PASSWORD, process::Workplace};

const READERS: usize = 4;
/// Between two requests of each of them: 500 a second in all.
const READ_EVERY: Duration = Duration::from_millis(8);
const CREATE_EVERY: Duration = Duration::from_millis(50);
const LOG_IN_EVERY: Duration = Duration::from_secs(1);

/// A fixed pace, kept however long each thing takes.
fn pace(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    ticks
}

/// When the token of this name was last used, in seconds since 1970.
async fn last_used(owner: &mut Browser, name: &str) -> Option<i64> {
    let listed = owner.rpc("tokens/list", &[]).await;
    let listed: Vec<Value> = serde_json::from_str(&listed.body).unwrap();
    let token = listed.iter().find(|token| token["name"] == name);
    token.expect("it is there")["last_used_at"].as_i64()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_day_passes_without_an_error_and_last_use_is_kept_up() {
    let workplace = Workplace::new()
        .set("OPENTILL_LOG", "warn")
        .set("OPENTILL_MAX_TOKENS", "10000");
    workplace.add_client(EMAIL);
    let server = workplace.serve();
    let addr = server.addr;
    let mut owner = server.logged_in().await;
    let token = owner.create_token("Busy").await;
    let cookie = format!("cookie: {}\r\n", owner.cookie.clone().unwrap());

    let reads = Background::start(READERS, |_, is_over| {
        let token = token.clone();
        async move {
            let (mut line, mut times) = (Line::to(addr), Times::default());
            let mut ticks = pace(READ_EVERY);
            while !is_over.load(Ordering::Relaxed) {
                ticks.tick().await;
                let began = Instant::now();
                assert_eq!(line.me(&token).await.status, 200);
                times.0.push(began.elapsed());
            }
            times
        }
    });
    let creates = Background::start(1, |_, is_over| {
        let cookie = cookie.clone();
        async move {
            let (mut line, mut times) = (Line::to(addr), Times::default());
            let mut ticks = pace(CREATE_EVERY);
            while !is_over.load(Ordering::Relaxed) {
                ticks.tick().await;
                let name = format!("Made {}", times.0.len());
                let began = Instant::now();
                let reply = line
                    .post("/profile/tokens", &cookie, &[("name", &name)])
                    .await;
                assert_eq!(reply.status, 200);
                times.0.push(began.elapsed());
            }
            times
        }
    });
    let log_ins = Background::start(1, |_, is_over| async move {
        let (mut line, mut times) = (Line::to(addr), Times::default());
        let fields = [("email", EMAIL), ("password", PASSWORD)];
        let mut ticks = pace(LOG_IN_EVERY);
        while !is_over.load(Ordering::Relaxed) {
            ticks.tick().await;
            let began = Instant::now();
            assert_eq!(line.post("/login", "", &fields).await.status, 303);
            times.0.push(began.elapsed());
        }
        times
    });

    let length = seconds("BUSY_SECONDS").max(Duration::from_secs(3));
    let began = Instant::now();
    let mut recorded = BTreeSet::new();
    while began.elapsed() < length {
        sleep(Duration::from_millis(500)).await;
        recorded.extend(last_used(&mut owner, "Busy").await);
    }
    for mut times in reads.stop().await {
        times.judge("reads", 0.99, Duration::from_millis(50));
    }
    creates.stop().await[0].judge("creations", 0.99, Duration::from_millis(250));
    log_ins.stop().await[0].judge("log-ins", 0.95, Duration::from_secs(2));

    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let latest = *recorded.last().expect("the use was recorded");
    let stale = now.saturating_sub(u64::try_from(latest).unwrap());
    assert!(stale <= 65, "last use is {stale} s old");
    // At most one a minute: the first, and one for each minute that has passed since.
    let minutes = usize::try_from(length.as_secs() / 60).unwrap();
    assert!(recorded.len() <= minutes + 1, "{recorded:?}");
    let log = server.stderr();
    assert!(
        !log.contains("locked") && !log.contains("unavailable"),
        "{log}"
    );
}
