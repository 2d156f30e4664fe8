//! Failed logins, written down beside the answers.
//!
//! Only those of accounts that there are leave a line, and a line means a commit that other changes wait for. Written
//! at once, it would tell whoever tries a change of their own right after it that there is such an account. So what
//! failed waits for a moment that nobody can foresee, together with what failed elsewhere.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rand::RngExt;
use tokio::time::sleep;

use super::{
    error::chain,
    store::{NewActivity, Store, StoreError},
};
use crate::model::client::ClientId;

/// Between two writes so many milliseconds pass, drawn anew each time.
const PAUSE: std::ops::Range<u64> = 500..1_500;
/// Lines that wait at most. There is a hash for each of them, so as many come together only while nothing can be written.
const MOST: usize = 10_000;
/// Lines written in one transaction: whoever waits for the writer gets it after one of these.
const CHUNK: usize = 100;

/// Notes failed logins in memory and writes them to the store in batches.
#[derive(Clone)]
pub struct FailedLogins {
    waiting: Arc<Mutex<Vec<NewActivity>>>,
    /// Held by whoever writes, so that nobody finds nothing waiting before it is written.
    writing: Arc<tokio::sync::Mutex<()>>,
    store: Store,
}

impl FailedLogins {
    /// With nothing noted, and nobody who writes.
    pub fn new(store: Store) -> Self {
        Self {
            waiting: Arc::default(),
            writing: Arc::default(),
            store,
        }
    }

    /// Starts writing in the background, for as long as the process lives.
    #[must_use]
    pub fn start(self) -> Self {
        let writer = self.clone();
        tokio::spawn(async move {
            loop {
                let pause = rand::rng().random_range(PAUSE);
                sleep(Duration::from_millis(pause)).await;
                writer.flush().await;
            }
        });
        self
    }

    /// Notes one.
    pub fn note(&self, failed: NewActivity) {
        let mut waiting = self.waiting();
        if waiting.len() < MOST {
            waiting.push(failed);
        } else {
            tracing::error!(%failed, "a failed login is not written down: too many wait for it");
        }
    }

    /// Writes down what is noted.
    pub async fn flush(&self) {
        self.write(|_| true).await;
    }

    /// Writes down what is noted of one client, so that it stands before what that client does next.
    pub async fn flush_of(&self, client: ClientId) {
        self.write(|failed| failed.client() == client).await;
    }

    /// What cannot be written goes on waiting.
    async fn write(&self, is_wanted: impl Fn(&NewActivity) -> bool) {
        let _writing = self.writing.lock().await;
        let all = mem::take(&mut *self.waiting());
        let (due, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_wanted);
        self.put_back(others);
        for chunk in due.chunks(CHUNK) {
            let Err(error) = self.store.record_all(chunk).await else {
                continue;
            };
            tracing::warn!(cause = %chain(&error), "failed logins could not be written down yet");
            // What may have been written is not written again.
            if !matches!(error, StoreError::Unclear(_)) {
                self.put_back(chunk.to_vec());
            }
        }
    }

    fn put_back(&self, first: Vec<NewActivity>) {
        let mut waiting = self.waiting();
        let newer = mem::replace(&mut *waiting, first);
        waiting.extend(newer);
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<NewActivity>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
