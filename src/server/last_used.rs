//! When tokens were last used, written down beside the requests, never in their way.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{MissedTickBehavior, interval};

use super::{
    error::chain,
    store::{Store, ValidToken},
};
use crate::domain::{timestamp::Timestamp, token::TokenId};

/// Between two writes of the same token at least this many seconds pass.
const GRAIN: i64 = 60;
/// How often uses are written down. A crash loses no more than this.
const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// Uses waiting to be written while the database is away; further tokens are not noted.
const MAX_WAITING: usize = 100_000;
/// Uses written in one transaction, so that a revocation never waits long for its turn.
const CHUNK: usize = 500;

/// Notes uses in memory and writes them to the store in batches.
#[derive(Clone)]
pub struct LastUsed {
    waiting: Arc<Mutex<HashMap<TokenId, Timestamp>>>,
    store: Store,
}

impl LastUsed {
    /// Starts writing to `store` in the background, for as long as the process lives.
    pub fn start(store: Store) -> Self {
        let last_used = Self {
            waiting: Arc::default(),
            store,
        };
        let writer = last_used.clone();
        tokio::spawn(async move {
            let mut ticks = interval(FLUSH_EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                writer.flush().await;
            }
        });
        last_used
    }

    /// Notes that `token` was used at `now`, unless that is recorded closely enough already.
    pub fn note(&self, token: &ValidToken, now: Timestamp) {
        let is_recent = token
            .last_used_at
            .is_some_and(|recorded| now.minus(GRAIN) < recorded);
        if is_recent {
            return;
        }
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < MAX_WAITING || waiting.contains_key(&token.id) {
            waiting.insert(token.id, now);
        }
    }

    /// Writes down what is waiting. What cannot be written goes on waiting.
    pub async fn flush(&self) {
        let uses: Vec<_> = self
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain()
            .collect();
        for chunk in uses.chunks(CHUNK) {
            if let Err(error) = self.store.record_last_used(chunk).await {
                tracing::warn!(cause = %chain(&error), "last use could not be written down yet");
                let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                for (id, used_at) in chunk {
                    waiting.entry(*id).or_insert(*used_at);
                }
            }
        }
    }
}
