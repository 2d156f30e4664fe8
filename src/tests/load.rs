//! The server under load, and under those who only want to keep it busy.
//!
//! In `make test` for a moment, to see that nothing breaks; in `make soak` for long, on a release
//! and a machine that does nothing else, and there times are judged too.

mod busy;
mod flood;
mod generated;
mod http2;
mod slow;
mod timing;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{task::JoinHandle, time::sleep};

use crate::support::{Line, is_soak, rounds};

/// How long something lasts: so many seconds, or one.
fn seconds(name: &str) -> Duration {
    Duration::from_secs(rounds(name, 1) as u64)
}

/// How long answers took.
#[derive(Default)]
struct Times(Vec<Duration>);

impl Times {
    /// The time that this part of the answers, from 0 to 1, did not exceed.
    fn within(&mut self, part: f64) -> Duration {
        self.0.sort_unstable();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss
        )]
        let at = (part * (self.0.len() - 1) as f64).round() as usize;
        self.0[at]
    }

    /// Says the times, and judges them where that can be done.
    fn judge(&mut self, what: &str, part: f64, limit: Duration) {
        let count = self.0.len();
        let (median, reached) = (self.within(0.5), self.within(part));
        let percent = part * 100.0;
        println!("{what}: {count} answers, median {median:?}, {percent} % within {reached:?}");
        assert!(
            !is_soak() || reached <= limit,
            "{what}: {reached:?}, not {limit:?}"
        );
    }
}

/// Something that goes on until it is told to stop.
struct Background<T> {
    is_over: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<T>>,
}

impl<T: Send + 'static> Background<T> {
    /// Starts so many tasks, each with its number and the sign to stop.
    fn start<F>(count: usize, task: impl Fn(usize, Arc<AtomicBool>) -> F) -> Self
    where
        F: Future<Output = T> + Send + 'static,
    {
        let is_over = Arc::new(AtomicBool::new(false));
        let tasks = (0..count)
            .map(|n| tokio::spawn(task(n, Arc::clone(&is_over))))
            .collect();
        Self { is_over, tasks }
    }

    /// Stops them and returns what each has to say.
    async fn stop(self) -> Vec<T> {
        self.is_over.store(true, Ordering::Relaxed);
        let mut said = Vec::new();
        for task in self.tasks {
            said.push(task.await.unwrap());
        }
        said
    }
}

/// An integration that reads all the while and expects to be served.
fn probe(addr: SocketAddr, token: &str) -> Background<Times> {
    Background::start(1, |_, is_over| {
        let token = token.to_owned();
        async move {
            let mut line = Line::to(addr);
            let mut times = Times::default();
            while !is_over.load(Ordering::Relaxed) {
                let began = Instant::now();
                let reply = line.me(&token).await;
                times.0.push(began.elapsed());
                assert_eq!(reply.status, 200, "{reply:?}");
                sleep(Duration::from_millis(5)).await;
            }
            times
        }
    })
}

/// What the probe says of so long.
async fn probe_for(addr: SocketAddr, token: &str, duration: Duration) -> Times {
    let probe = probe(addr, token);
    sleep(duration).await;
    probe.stop().await.remove(0)
}
