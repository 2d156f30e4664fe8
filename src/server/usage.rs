//! The use of tokens, written down beside the requests, never in their way.

use std::{
    collections::HashSet,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use dashmap::DashMap;
use tokio::time::{MissedTickBehavior, interval};

use super::{
    error::chain,
    store::{Store, Use},
};
use crate::domain::{
    address::Address,
    timestamp::{MINUTE, Timestamp},
    token::TokenId,
};

/// Between two writes of the same token and address at least this many seconds pass. A crash loses
/// no more than that of their use, and nothing of a first use that is older than [`FLUSH_EVERY`].
const GRAIN: i64 = MINUTE;
/// How often it is looked what is to be written.
const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// After so many seconds without use an entry is forgotten.
const FORGET_AFTER: i64 = 10 * MINUTE;
/// Entries kept at most, about 20 MB of them. What comes on top is not noted.
const MAX_ENTRIES: usize = 100_000;
/// Texts that are kept once for all entries at most.
const MAX_USER_AGENTS: usize = 1_000;
/// Uses written in one transaction. A revocation may have to wait for one of them, and for no more:
/// whoever waits for the writer gets it in turn.
const CHUNK: usize = 100;

/// Notes uses in memory and writes them to the store in batches.
#[derive(Clone)]
pub struct Usage {
    entries: Arc<DashMap<Key, Entry>>,
    user_agents: Arc<UserAgents>,
    store: Store,
}

type Key = (TokenId, Option<Address>);

struct Entry {
    user_agent: Arc<str>,
    used_at: Timestamp,
    /// Since the last write.
    calls: u32,
    written_at: Option<Timestamp>,
}

impl Usage {
    /// Starts writing to `store` in the background, for as long as the process lives.
    pub fn start(store: Store, clock: super::clock::Clock) -> Self {
        let usage = Self {
            entries: Arc::default(),
            user_agents: Arc::default(),
            store,
        };
        let writer = usage.clone();
        tokio::spawn(async move {
            let mut ticks = interval(FLUSH_EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                writer.write_due(clock.now()).await;
            }
        });
        usage
    }

    /// Notes that a token was used at `now`.
    pub fn note(&self, token: TokenId, address: Option<Address>, user_agent: &str, now: Timestamp) {
        if cfg!(feature = "without-use") {
            return;
        }
        let key = (token, address);
        let mut entry = match self.entries.get_mut(&key) {
            Some(entry) => entry,
            None if self.entries.len() < MAX_ENTRIES => {
                let user_agent = self.user_agents.the_one(user_agent);
                let new = Entry {
                    user_agent,
                    used_at: now,
                    calls: 0,
                    written_at: None,
                };
                // Another thread may have been first.
                self.entries.entry(key).or_insert(new)
            }
            None => return,
        };
        entry.calls = entry.calls.saturating_add(1);
        entry.used_at = entry.used_at.max(now);
        if *entry.user_agent != *user_agent {
            entry.user_agent = self.user_agents.the_one(user_agent);
        }
    }

    /// Writes down everything that is not yet, as before a stop.
    pub async fn flush(&self) {
        let waiting = self.take(|_| true);
        self.write(waiting).await;
    }

    /// Writes down what has waited long enough, and forgets what is not used any more.
    pub async fn write_due(&self, now: Timestamp) {
        let due = self.take(|entry| {
            entry
                .written_at
                .is_none_or(|at| now.seconds_since(at) >= GRAIN)
        });
        self.write(due).await;
        self.entries
            .retain(|_, entry| entry.calls > 0 || now.seconds_since(entry.used_at) < FORGET_AFTER);
        self.user_agents.forget_unused();
    }

    /// Takes the uses out of those entries that are wanted, in the order of tokens: nodes that write
    /// at the same time then wait for each other's rows and never cross.
    fn take(&self, is_wanted: impl Fn(&Entry) -> bool) -> Vec<Use> {
        let mut uses: Vec<Use> = self
            .entries
            .iter_mut()
            .filter(|entry| entry.calls > 0 && is_wanted(entry))
            .map(|mut entry| {
                let (token, address) = *entry.key();
                entry.written_at = Some(entry.used_at);
                Use {
                    token,
                    address,
                    user_agent: Arc::clone(&entry.user_agent),
                    used_at: entry.used_at,
                    calls: mem::take(&mut entry.calls),
                }
            })
            .collect();
        uses.sort_by_key(|used| (used.token, used.address));
        uses
    }

    /// What cannot be written goes on waiting.
    async fn write(&self, uses: Vec<Use>) {
        for chunk in uses.chunks(CHUNK) {
            let Err(error) = self.store.record_uses(chunk).await else {
                continue;
            };
            if !error.is_moved() {
                tracing::warn!(cause = %chain(&error), "the use of tokens could not be written down yet");
            }
            for used in chunk {
                if let Some(mut entry) = self.entries.get_mut(&(used.token, used.address)) {
                    entry.calls = entry.calls.saturating_add(used.calls);
                    entry.written_at = None;
                }
            }
        }
    }
}

/// What programs say they are, once each: few are used by many, and a text of its own for each entry is in no cache when
/// it is compared.
#[derive(Default)]
struct UserAgents(Mutex<HashSet<Arc<str>>>);

impl UserAgents {
    fn the_one(&self, text: &str) -> Arc<str> {
        let mut known = self.known();
        if let Some(one) = known.get(text) {
            return Arc::clone(one);
        }
        let one = Arc::from(text);
        // Somebody who calls it something else each time must not fill the memory.
        if known.len() < MAX_USER_AGENTS {
            known.insert(Arc::clone(&one));
        }
        one
    }

    fn forget_unused(&self) {
        self.known().retain(|one| Arc::strong_count(one) > 1);
    }

    fn known(&self) -> MutexGuard<'_, HashSet<Arc<str>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
