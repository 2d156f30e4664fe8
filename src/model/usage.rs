//! How tokens are used, as their owner sees it.

use super::{
    address::Address,
    device::device,
    timestamp::{DAY, Timestamp},
    token::TokenId,
};

/// Days that are shown, today included.
pub const SHOWN_DAYS: usize = 30;
/// Addresses that are known of each token.
pub const MAX_ADDRESSES: u32 = 100;
/// Days for which an address is pointed out as new.
const NEW_DAYS: i64 = 7;

/// The use of one token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenUsage {
    /// Which token.
    pub id: TokenId,
    /// Calls a day, in UTC; the last is today.
    pub calls: [u64; SHOWN_DAYS],
    /// The addresses it was used from, latest first.
    pub addresses: Vec<TokenAddress>,
}

impl TokenUsage {
    /// No use at all.
    pub fn none(id: TokenId) -> Self {
        Self {
            id,
            calls: [0; SHOWN_DAYS],
            addresses: Vec::new(),
        }
    }

    /// Calls on all days that are shown.
    pub fn total(&self) -> u64 {
        self.calls.iter().sum()
    }
}

/// Where a token was used from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenAddress {
    /// From where.
    pub address: Address,
    /// What the program says it is.
    pub user_agent: String,
    /// When first.
    pub first_used_at: Timestamp,
    /// When last, to about a minute.
    pub last_used_at: Timestamp,
}

impl TokenAddress {
    /// Program and system in words, as far as they are told.
    pub fn device(&self) -> String {
        device(&self.user_agent)
    }

    /// Whether the token was first used from here of late.
    pub fn is_new(&self, now: Timestamp) -> bool {
        now.seconds_since(self.first_used_at) < NEW_DAYS * DAY
    }
}

/// The day of a moment: days since 1970-01-01, in UTC.
pub const fn day(moment: Timestamp) -> i64 {
    moment.unix().div_euclid(DAY)
}
