//! Use of tokens, as their owner sees it.

use super::{
    address::Address,
    device::device,
    timestamp::{DAY, Timestamp},
    token::TokenId,
};

/// Days in the chart, including today.
pub const SHOWN_DAYS: usize = 30;
/// IP addresses that are recorded of each token.
pub const MAX_ADDRESSES: u32 = 100;
/// Days for which an IP address is marked as new.
const NEW_DAYS: i64 = 7;

/// Calls per day, in UTC. The last is today's.
pub type DailyCalls = [u64; SHOWN_DAYS];

/// An active token, and how often it was used in the days of the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusyToken {
    /// The token number.
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// Calls on all of the days.
    pub calls: u64,
}

/// Calls of the last days with a valid token that were refused: over its rate limit, after its end, for data or from an
/// address that it is not for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RefusedCalls {
    /// With all active tokens.
    pub calls: u64,
    /// The token with which most of them were made.
    pub most: Option<TokenId>,
}

/// The use of one token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenUsage {
    /// The token number.
    pub id: TokenId,
    /// How often.
    pub calls: DailyCalls,
    /// Calls of the last days that were refused.
    pub refused: u64,
    /// The IP addresses that it was used from, the last used first.
    pub addresses: Vec<TokenAddress>,
}

impl TokenUsage {
    /// No use.
    pub fn none(id: TokenId) -> Self {
        Self {
            id,
            calls: [0; SHOWN_DAYS],
            refused: 0,
            addresses: Vec::new(),
        }
    }

    /// Calls on all days of the chart.
    pub fn total(&self) -> u64 {
        self.calls.iter().sum()
    }
}

/// Use of a token from one IP address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenAddress {
    /// The IP address.
    pub address: Address,
    /// `User-Agent` of the last call.
    pub user_agent: String,
    /// Time of the first use.
    pub first_used_at: Timestamp,
    /// Time of the last use, to about a minute.
    pub last_used_at: Timestamp,
}

impl TokenAddress {
    /// Program and operating system in words.
    pub fn device(&self) -> String {
        device(&self.user_agent)
    }

    /// Whether the token was first used from it in the last few days.
    pub fn is_new(&self, now: Timestamp) -> bool {
        now.seconds_since(self.first_used_at) < NEW_DAYS * DAY
    }
}

/// Days since 1970-01-01, in UTC.
pub const fn day(moment: Timestamp) -> i64 {
    moment.unix().div_euclid(DAY)
}
