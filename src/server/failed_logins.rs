//! Failed logins, and wrong current passwords, written to the audit trail in the background.
//!
//! Only those of existing accounts are recorded, and each record is a commit that other writes wait for. Written at once,
//! the delay of a write right after a failed login would reveal whether the account exists. So failed logins are buffered
//! and written together, at random times.

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

/// Milliseconds between two writes, drawn anew each time.
const PAUSE: std::ops::Range<u64> = 500..1_500;
/// The most buffered failed logins. Each takes a password hash, so there are as many only while the database is
/// unavailable.
const MAX_BUFFERED: usize = 10_000;
/// Rows per transaction: other writes run in between.
const CHUNK: usize = 100;

/// Buffers failed logins in memory and writes them to the store in batches.
#[derive(Clone)]
pub struct FailedLogins {
    buffer: Arc<Mutex<Vec<NewActivity>>>,
    /// Held during a write: an empty buffer means that everything is written.
    writing: Arc<tokio::sync::Mutex<()>>,
    store: Store,
}

impl FailedLogins {
    /// An empty buffer that nothing writes yet.
    pub fn new(store: Store) -> Self {
        Self {
            buffer: Arc::default(),
            writing: Arc::default(),
            store,
        }
    }

    /// Starts a task that writes it until the process ends.
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

    /// Buffers one.
    pub fn note(&self, failed: NewActivity) {
        let mut buffer = self.buffer();
        if buffer.len() < MAX_BUFFERED {
            buffer.push(failed);
        } else {
            tracing::error!(%failed, "a failed login is not written down: too many wait for it");
        }
    }

    /// Writes everything that is buffered.
    pub async fn flush(&self) {
        self.write(|_| true).await;
    }

    /// Writes what is buffered of one client, so that it precedes the client's next actions in the audit trail.
    pub async fn flush_of(&self, client: ClientId) {
        self.write(|failed| failed.client() == client).await;
    }

    /// What cannot be written stays in the buffer.
    async fn write(&self, is_wanted: impl Fn(&NewActivity) -> bool) {
        let _writing = self.writing.lock().await;
        let all = mem::take(&mut *self.buffer());
        let (due, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_wanted);
        self.put_back(others);
        for chunk in due.chunks(CHUNK) {
            let Err(error) = self.store.record_all(chunk).await else {
                continue;
            };
            tracing::warn!(cause = %chain(&error), "failed logins could not be written down yet");
            // After an unclear commit they may have been written, and are not written again.
            if !matches!(error, StoreError::Unclear(_)) {
                self.put_back(chunk.to_vec());
            }
        }
    }

    fn put_back(&self, first: Vec<NewActivity>) {
        let mut buffer = self.buffer();
        let newer = mem::replace(&mut *buffer, first);
        buffer.extend(newer);
    }

    fn buffer(&self) -> MutexGuard<'_, Vec<NewActivity>> {
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
