//! Records the use of tokens: notes it in memory with each request, and writes it in the background.

mod entries;
mod refusals;
mod unaddressed;
mod user_agents;

use std::{sync::Arc, time::Duration};

use tokio::time::{MissedTickBehavior, interval};

use self::{
    entries::{Entries, Entry},
    refusals::Refusals,
};
use super::{
    clock::Clock,
    error::chain,
    store::{Store, StoreError},
};
use crate::model::{
    address::Address,
    timestamp::{MINUTE, Timestamp},
    token::TokenId,
};

/// The uses of a token from an IP address are written at most once in so many seconds. A crash loses no more than that of
/// them, and no first use that is older than [`WRITE_INTERVAL`].
const USAGE_PRECISION: i64 = MINUTE;
/// How often the entries are checked for uses to be written.
const WRITE_INTERVAL: Duration = Duration::from_secs(1);
/// Uses that are written in one transaction. A revocation may have to wait for one of these transactions, and for no more:
/// the writer is granted in the order of requests.
const MAX_BATCH: usize = 100;

/// Notes uses in memory and writes them to the store in batches. Copies share the notes.
#[derive(Clone)]
pub struct Usage {
    entries: Arc<Entries>,
    refusals: Arc<Refusals>,
    /// Held while uses are written.
    writing: Arc<tokio::sync::Mutex<()>>,
    store: Store,
}

impl Usage {
    /// Starts writing to `store` in the background, as long as the process lives.
    pub fn start(store: Store, clock: Clock) -> Self {
        let usage = Self {
            entries: Arc::default(),
            refusals: Arc::default(),
            writing: Arc::default(),
            store,
        };
        let writer = usage.clone();
        tokio::spawn(async move {
            let mut ticks = interval(WRITE_INTERVAL);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut refusals_written_at = clock.now();
            loop {
                ticks.tick().await;
                let now = clock.now();
                writer.write_due(now).await;
                if now.seconds_since(refusals_written_at) >= USAGE_PRECISION {
                    writer.write_refusals().await;
                    refusals_written_at = now;
                }
            }
        });
        usage
    }

    /// Notes that a token was used at `now`.
    pub fn note(&self, token: TokenId, address: Option<Address>, user_agent: &str, now: Timestamp) {
        self.entries.note(token, address, user_agent, now);
    }

    /// Notes that a call with a token was refused at `now`. It is counted, and is no use of the token.
    pub fn note_refusal(&self, token: TokenId, now: Timestamp) {
        self.refusals.note(token, now);
    }

    /// Writes all uses and refused calls, as before a stop.
    pub async fn flush(&self) {
        // Errors are logged.
        let _ = self.write(|_| true).await;
        self.write_refusals().await;
    }

    /// Writes the first uses of tokens and addresses. Afterwards each token that was used on this node before the call is
    /// known to have been used; other nodes write their first uses within a second.
    ///
    /// # Errors
    /// The database failed, so it is not known whether a token was used.
    pub async fn write_new(&self) -> Result<(), StoreError> {
        let usage = self.clone();
        // If the request is dropped meanwhile, the uses that were taken must not be lost.
        let writing = tokio::spawn(async move { usage.write(|e| e.written_at.is_none()).await });
        writing.await.map_err(|_| StoreError::Silent)?
    }

    /// Writes uses that are due, and drops entries that are no longer used.
    pub async fn write_due(&self, now: Timestamp) {
        let is_due = |entry: &Entry| {
            let at = entry.written_at;
            at.is_none_or(|at| now.seconds_since(at) >= USAGE_PRECISION)
        };
        // Errors are logged, and the uses are written the next time.
        let _ = self.write(is_due).await;
        self.entries.drop_unused(now);
    }

    /// Writes the refused calls. Those that cannot be written are kept.
    async fn write_refusals(&self) {
        for refused in self.refusals.take() {
            if let Err(error) = self.store.record_refused(&refused).await {
                if !error.is_moved() {
                    tracing::warn!(cause = %chain(&error), "refused calls could not be written down yet");
                }
                self.refusals.put_back(&refused);
            }
        }
    }

    /// Writes the uses of those entries that are wanted. Uses that cannot be written are kept.
    async fn write(&self, is_wanted: impl Fn(&Entry) -> bool) -> Result<(), StoreError> {
        // Uses that another call has taken are written once it is our turn.
        let _writing = self.writing.lock().await;
        let mut outcome = Ok(());
        for uses in self.entries.take(is_wanted).chunks(MAX_BATCH) {
            if let Err(error) = self.store.record_uses(uses).await {
                if !error.is_moved() {
                    tracing::warn!(cause = %chain(&error), "the use of tokens could not be written down yet");
                }
                for used in uses {
                    self.entries.put_back(used);
                }
                outcome = Err(error);
            }
        }
        outcome
    }
}
