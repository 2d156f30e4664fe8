//! Clients who want tokens, and try again until they are shown one.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{task::JoinHandle, time::sleep};

use super::is_away;
use crate::support::{Browser, Line, TestApp, eventually, find_token, is_soak};

const CREATORS: usize = 3;
/// Waiting for a connection and for an answer takes 6 s at most, and each request may have to do so
/// twice: for the session, and for what it is about.
const PATIENCE: Duration = Duration::from_secs(12);

/// The load, and what came of it.
pub struct Load {
    counts: Arc<Counts>,
    creators: Vec<JoinHandle<Vec<String>>>,
    users: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct Counts {
    acknowledged: AtomicUsize,
    away: AtomicUsize,
    is_over: AtomicBool,
}

impl Counts {
    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// Counts an answer that the database is away. On an idle machine it comes in time.
    fn away_after(&self, began: Instant) {
        self.away.fetch_add(1, Ordering::Relaxed);
        let took = began.elapsed();
        assert!(took < PATIENCE || !is_soak(), "a 503 after {took:?}");
    }
}

impl Load {
    /// Creates tokens, and uses one that is valid and one that is not.
    pub async fn start(app: &TestApp) -> Self {
        let counts = Arc::new(Counts::default());
        let mut owner = app.logged_in().await;
        let valid = owner.create_token("Valid").await;
        let revoked = owner.create_token("Revoked").await;
        let newest = app.tokens_of(crate::support::EMAIL).await[0].id;
        let path = format!("/profile/tokens/{newest}/revoke");
        assert_eq!(owner.post(&path, &[]).await.status, 303);
        let mut creators = Vec::new();
        for creator in 0..CREATORS {
            let browser = app.logged_in().await;
            creators.push(tokio::spawn(create(browser, creator, counts.clone())));
        }
        // What is used from now on is among what has to be kept.
        let kept = valid.clone();
        creators.push(tokio::spawn(async move { vec![kept] }));
        let users = [(valid, 200), (revoked, 401)];
        let users = users.map(|(token, status)| {
            let line = Line::to(app.addr);
            tokio::spawn(use_token(line, token, status, counts.clone()))
        });
        Self {
            counts,
            creators,
            users: users.into(),
        }
    }

    /// Waits until further tokens have been shown.
    pub async fn until_more_are_acknowledged(&self) {
        let count = || self.counts.acknowledged.load(Ordering::Relaxed);
        let before = count();
        eventually("tokens are created", async || count() >= before + 10).await;
    }

    /// Waits until the database is away for everybody.
    pub async fn until_it_is_felt(&self) {
        let count = || self.counts.away.load(Ordering::Relaxed);
        let before = count();
        eventually("it is away", async || count() >= before + 6).await;
    }

    /// Lets everybody finish, and returns the tokens that were shown.
    pub async fn end(self) -> Vec<String> {
        self.counts.is_over.store(true, Ordering::Relaxed);
        let mut shown = Vec::new();
        for creator in self.creators {
            shown.extend(creator.await.unwrap());
        }
        for user in self.users {
            user.await.unwrap();
        }
        shown
    }
}

/// One token after the other, each asked for with the same key until it is shown.
async fn create(mut browser: Browser, creator: usize, counts: Arc<Counts>) -> Vec<String> {
    let mut shown = Vec::new();
    while !counts.is_over() {
        let name = format!("Creator {creator}, token {}", shown.len());
        let key = format!("{creator}-{}-{:?}", shown.len(), Instant::now());
        let key = key.replace(|c: char| !c.is_ascii_alphanumeric(), "");
        let mut is_unseen = "false";
        shown.push(loop {
            let fields = [
                ("name", name.as_str()),
                ("idempotency_key", key.as_str()),
                ("replace_unseen", is_unseen),
            ];
            let began = Instant::now();
            let answer = browser.rpc("tokens/create", &fields).await;
            if answer.status == 200 {
                break find_token(&answer.body).expect("the answer holds the token");
            }
            assert!(is_away(&answer), "{answer:?}");
            counts.away_after(began);
            if answer.body.contains("unclear") {
                is_unseen = "true";
            }
            sleep(Duration::from_millis(50)).await;
        });
        counts.acknowledged.fetch_add(1, Ordering::Relaxed);
    }
    shown
}

/// A token is as good as it was, or nobody can tell at the moment.
async fn use_token(mut line: Line, token: String, status: u16, counts: Arc<Counts>) {
    while !counts.is_over() {
        let began = Instant::now();
        let reply = line.me(&token).await;
        if reply.status == 503 {
            assert_eq!(reply.retry_after.as_deref(), Some("1"));
            counts.away_after(began);
            sleep(Duration::from_millis(50)).await;
        } else {
            assert_eq!(reply.status, status, "{reply:?}");
        }
    }
}
