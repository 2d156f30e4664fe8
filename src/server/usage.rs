//! The use of tokens, written down beside the requests, never in their way.

mod user_agents;

use std::{
    collections::HashMap,
    mem,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use dashmap::{DashMap, mapref::one::RefMut};
use tokio::time::{MissedTickBehavior, interval};

use self::user_agents::UserAgents;
use super::{
    error::chain,
    store::{Store, StoreError, Use},
};
use crate::model::{
    address::Address,
    timestamp::{MINUTE, Timestamp},
    token::TokenId,
    usage::MAX_ADDRESSES,
};

/// Between two writes of the same token and address at least this many seconds pass. A crash loses
/// no more than that of their use, and nothing of a first use that is older than [`FLUSH_EVERY`].
const GRAIN: i64 = MINUTE;
/// How often it is looked what is to be written.
const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// After so many seconds without use an entry is forgotten.
const FORGET_AFTER: i64 = 10 * MINUTE;
/// Entries with an address at most, about 20 MB of them. The uses that come on top are noted without their address: a
/// token that was used is always known to have been.
const MAX_ENTRIES: usize = 100_000;
/// So many addresses of each token are noted whatever there is of others, so that nobody else's use hides from where a
/// token is used.
const FEW_ADDRESSES: u32 = 4;
/// Uses written in one transaction. A revocation may have to wait for one of them, and for no more:
/// whoever waits for the writer gets it in turn.
const CHUNK: usize = 100;

/// Notes uses in memory and writes them to the store in batches.
#[derive(Clone)]
pub struct Usage {
    entries: Arc<DashMap<Key, Entry>>,
    /// How many addresses of each token are among them.
    addresses: Arc<DashMap<TokenId, u32>>,
    unaddressed: Arc<Unaddressed>,
    /// Held by whoever writes.
    turn: Arc<tokio::sync::Mutex<()>>,
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

/// Uses that were noted without the address they came from.
#[derive(Default)]
struct Unaddressed {
    /// Since that was last logged.
    calls: AtomicU64,
    logged_at: AtomicI64,
}

impl Usage {
    /// Starts writing to `store` in the background, for as long as the process lives.
    pub fn start(store: Store, clock: super::clock::Clock) -> Self {
        let usage = Self {
            entries: Arc::default(),
            addresses: Arc::default(),
            unaddressed: Arc::default(),
            turn: Arc::default(),
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
        let known = self.entries.get_mut(&(token, address));
        let mut entry = known.unwrap_or_else(|| self.new_entry(token, address, user_agent, now));
        entry.calls = entry.calls.saturating_add(1);
        entry.used_at = entry.used_at.max(now);
        if *entry.user_agent != *user_agent {
            entry.user_agent = self.user_agents.the_one(user_agent);
        }
    }

    /// An entry for uses that there is none for: with their address, if there is room for it.
    fn new_entry(
        &self,
        token: TokenId,
        address: Option<Address>,
        user_agent: &str,
        now: Timestamp,
    ) -> RefMut<'_, Key, Entry> {
        let address = address.filter(|_| self.has_room(token));
        let new = Entry {
            user_agent: self.user_agents.the_one(user_agent),
            used_at: now,
            calls: 0,
            written_at: None,
        };
        // Another thread may have been first.
        self.entries.entry((token, address)).or_insert(new)
    }

    /// Whether one more address of this token is noted.
    fn has_room(&self, token: TokenId) -> bool {
        let has_room_for_many = self.entries.len() < MAX_ENTRIES;
        let mut known = self.addresses.entry(token).or_default();
        let has_room = *known < FEW_ADDRESSES || (has_room_for_many && *known < MAX_ADDRESSES);
        if has_room {
            *known += 1;
        } else {
            self.unaddressed.calls.fetch_add(1, Ordering::Relaxed);
        }
        has_room
    }

    /// Writes down everything that is not yet, as before a stop.
    pub async fn flush(&self) {
        // What failed is logged.
        let _ = self.write(|_| true).await;
    }

    /// Writes down each use of which nothing was written yet. What was used here before this was called is known then
    /// to have been used; what other nodes noted, they write within [`FLUSH_EVERY`].
    ///
    /// # Errors
    /// The database failed: whether a token was used is not known.
    pub async fn write_new(&self) -> Result<(), StoreError> {
        let usage = self.clone();
        // Whoever asks may go away in the middle of it, and what was taken to be written would be lost.
        let writing = tokio::spawn(async move { usage.write(|e| e.written_at.is_none()).await });
        writing.await.map_err(|_| StoreError::Silent)?
    }

    /// Writes down what has waited long enough, and forgets what is not used any more.
    pub async fn write_due(&self, now: Timestamp) {
        let is_due = |entry: &Entry| {
            let at = entry.written_at;
            at.is_none_or(|at| now.seconds_since(at) >= GRAIN)
        };
        // What failed is logged, and tried again the next time.
        let _ = self.write(is_due).await;
        self.forget(now);
        self.unaddressed.log(now);
    }

    fn forget(&self, now: Timestamp) {
        let mut left: HashMap<TokenId, u32> = HashMap::new();
        self.entries.retain(|(token, address), entry| {
            let is_kept = entry.calls > 0 || now.seconds_since(entry.used_at) < FORGET_AFTER;
            if is_kept && address.is_some() {
                *left.entry(*token).or_default() += 1;
            }
            is_kept
        });
        self.addresses.retain(|token, known| {
            *known = left.get(token).copied().unwrap_or_default();
            *known > 0
        });
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

    /// Writes the uses that are wanted. What cannot be written goes on waiting.
    async fn write(&self, is_wanted: impl Fn(&Entry) -> bool) -> Result<(), StoreError> {
        // What somebody else has taken is written when it is our turn.
        let _turn = self.turn.lock().await;
        let mut outcome = Ok(());
        for chunk in self.take(is_wanted).chunks(CHUNK) {
            if let Err(error) = self.store.record_uses(chunk).await {
                if !error.is_moved() {
                    tracing::warn!(cause = %chain(&error), "the use of tokens could not be written down yet");
                }
                for used in chunk {
                    self.put_back(used);
                }
                outcome = Err(error);
            }
        }
        outcome
    }

    fn put_back(&self, used: &Use) {
        let key = (used.token, used.address);
        let mut entry = self.entries.entry(key).or_insert_with(|| Entry {
            user_agent: Arc::clone(&used.user_agent),
            used_at: used.used_at,
            calls: 0,
            written_at: None,
        });
        entry.calls = entry.calls.saturating_add(used.calls);
        entry.written_at = None;
    }
}

impl Unaddressed {
    /// Says that there were some, once for as long as entries are kept.
    fn log(&self, now: Timestamp) {
        let last = Timestamp::from_unix(self.logged_at.load(Ordering::Relaxed));
        if now.seconds_since(last) < FORGET_AFTER {
            return;
        }
        let calls = self.calls.swap(0, Ordering::Relaxed);
        if calls > 0 {
            self.logged_at.store(now.unix(), Ordering::Relaxed);
            tracing::warn!(
                calls,
                "tokens are used from more addresses than are noted: these calls were noted without"
            );
        }
    }
}

#[cfg(test)]
mod tests;
