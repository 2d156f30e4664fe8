//! Ends tokens at their time, in the background.
//!
//! This only writes down what verification knows by itself. So that an idle server does not read its database every second,
//! it remembers when the next token ends, and reads that anew once an hour, because other nodes create tokens, too.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, MissedTickBehavior, interval};

use super::{
    clock::Clock,
    error::chain,
    store::{Store, StoreError},
};
use crate::model::timestamp::Timestamp;

/// How often the time is compared.
const TICK: Duration = Duration::from_secs(1);
/// How often the database is read for tokens of other nodes.
const REREAD: Duration = Duration::from_hours(1);

/// Knows when the next token ends. Copies share it.
#[derive(Clone)]
pub struct Expiry {
    next: Arc<AtomicI64>,
    store: Store,
}

impl Expiry {
    /// Starts a task that ends tokens as long as the process lives.
    pub fn start(store: Store, clock: Clock) -> Self {
        let expiry = Self {
            // Unknown, so it is read at once.
            next: Arc::new(AtomicI64::new(i64::MIN)),
            store,
        };
        let task = expiry.clone();
        tokio::spawn(async move {
            let mut ticks = interval(TICK);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut read_at = Instant::now();
            loop {
                ticks.tick().await;
                if read_at.elapsed() >= REREAD {
                    task.next.store(i64::MIN, Ordering::Relaxed);
                }
                let was_due = task.end_due(clock.now()).await;
                if was_due {
                    read_at = Instant::now();
                }
            }
        });
        expiry
    }

    /// A token ends at this time.
    pub fn note(&self, expires_at: Timestamp) {
        self.next.fetch_min(expires_at.unix(), Ordering::Relaxed);
    }

    /// Ends the tokens whose time has come; whether that meant reading the database.
    pub async fn end_due(&self, now: Timestamp) -> bool {
        let next = self.next.load(Ordering::Relaxed);
        if next > now.unix() {
            return false;
        }
        // Whatever is noted meanwhile is earlier than this, and is kept.
        self.next.store(i64::MAX, Ordering::Relaxed);
        let known = self.end(now).await;
        match known {
            Ok(None) => {}
            Ok(Some(next)) => self.note(next),
            Err(error) => {
                tracing::debug!(cause = %chain(&error), "expired tokens could not be ended yet");
                self.note(Timestamp::from_unix(next));
            }
        }
        true
    }

    async fn end(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let next = self.store.next_expiry().await?;
        if next.is_some_and(|next| next <= now) {
            self.store.end_expired(now).await?;
            return self.store.next_expiry().await;
        }
        Ok(next)
    }
}
