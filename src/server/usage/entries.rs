//! Uses that were noted and not yet written.

use std::{collections::HashMap, mem, sync::Arc};

use dashmap::{DashMap, mapref::one::RefMut};

use super::{unaddressed::Unaddressed, user_agents::UserAgents};
use crate::{
    model::{
        address::Address,
        timestamp::{MINUTE, Timestamp},
        token::TokenId,
        usage::MAX_ADDRESSES,
    },
    server::store::Use,
};

/// An entry is dropped after so many seconds without use.
const KEPT_FOR: i64 = 10 * MINUTE;
/// Maximum number of entries with an IP address, about 20 MB. Further uses are noted without their address, so a token that
/// was used is always known to have been used.
const MAX_ENTRIES: usize = 100_000;
/// IP addresses that are noted of each token even beyond [`MAX_ENTRIES`], so that the use of other tokens does not hide from
/// where a token is used.
const MIN_ADDRESSES: u32 = 4;

#[derive(Default)]
pub struct Entries {
    uses: DashMap<Key, Entry>,
    /// The number of IP addresses of each token among them.
    addresses: DashMap<TokenId, u32>,
    unaddressed: Unaddressed,
    user_agents: UserAgents,
}

type Key = (TokenId, Option<Address>);

pub struct Entry {
    user_agent: Arc<str>,
    used_at: Timestamp,
    /// Calls since the last write.
    calls: u32,
    pub written_at: Option<Timestamp>,
}

impl Entries {
    /// Notes a use.
    pub fn note(&self, token: TokenId, address: Option<Address>, user_agent: &str, now: Timestamp) {
        let known = self.uses.get_mut(&(token, address));
        let mut entry = known.unwrap_or_else(|| self.new_entry(token, address, user_agent, now));
        entry.calls = entry.calls.saturating_add(1);
        entry.used_at = entry.used_at.max(now);
        if *entry.user_agent != *user_agent {
            entry.user_agent = self.user_agents.intern(user_agent);
        }
    }

    /// A new entry, with the IP address if there is room for it.
    fn new_entry(
        &self,
        token: TokenId,
        address: Option<Address>,
        user_agent: &str,
        now: Timestamp,
    ) -> RefMut<'_, Key, Entry> {
        let address = address.filter(|_| self.has_room(token));
        let new = Entry {
            user_agent: self.user_agents.intern(user_agent),
            used_at: now,
            calls: 0,
            written_at: None,
        };
        // Another thread may have added it meanwhile.
        self.uses.entry((token, address)).or_insert(new)
    }

    /// Whether another IP address of this token is noted.
    fn has_room(&self, token: TokenId) -> bool {
        let has_room_for_many = self.uses.len() < MAX_ENTRIES;
        let mut known = self.addresses.entry(token).or_default();
        let has_room = *known < MIN_ADDRESSES || (has_room_for_many && *known < MAX_ADDRESSES);
        if has_room {
            *known += 1;
        } else {
            self.unaddressed.count();
        }
        has_room
    }

    /// Takes the unwritten uses of those entries that are wanted, in the order of tokens: nodes that write at the same time
    /// then wait for each other's rows without a deadlock.
    pub fn take(&self, is_wanted: impl Fn(&Entry) -> bool) -> Vec<Use> {
        let mut uses: Vec<Use> = self
            .uses
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

    /// Puts a use back that could not be written.
    pub fn put_back(&self, used: &Use) {
        let key = (used.token, used.address);
        let mut entry = self.uses.entry(key).or_insert_with(|| Entry {
            user_agent: Arc::clone(&used.user_agent),
            used_at: used.used_at,
            calls: 0,
            written_at: None,
        });
        entry.calls = entry.calls.saturating_add(used.calls);
        entry.written_at = None;
    }

    /// Drops entries that were written and not used since.
    pub fn drop_unused(&self, now: Timestamp) {
        let mut left: HashMap<TokenId, u32> = HashMap::new();
        self.uses.retain(|(token, address), entry| {
            let is_kept = entry.calls > 0 || now.seconds_since(entry.used_at) < KEPT_FOR;
            if is_kept && address.is_some() {
                *left.entry(*token).or_default() += 1;
            }
            is_kept
        });
        self.addresses.retain(|token, known| {
            *known = left.get(token).copied().unwrap_or_default();
            *known > 0
        });
        self.user_agents.drop_unused();
        self.unaddressed.log(now, KEPT_FOR);
    }
}

#[cfg(test)]
mod tests;
