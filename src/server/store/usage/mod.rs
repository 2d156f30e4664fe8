//! The use of tokens in the database: when they were last used, from where, and how often.

mod of_client;
mod record;
mod refused;

use std::sync::Arc;

pub use self::refused::Refused;
use super::{Store, StoreError, rows::values};
use crate::model::{
    activity::RECENT_DAYS,
    address::Address,
    client::ClientId,
    timestamp::Timestamp,
    token::TokenId,
    usage::{DailyCalls, MAX_ADDRESSES, SHOWN_DAYS, TokenAddress, TokenUsage, day},
};

/// The use of a token from an IP address since it was last written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The token.
    pub token: TokenId,
    /// The IP address, if it is known.
    pub address: Option<Address>,
    /// The `User-Agent` of the program.
    pub user_agent: Arc<str>,
    /// When it was last used.
    pub used_at: Timestamp,
    /// The number of calls.
    pub calls: u32,
}

/// The first and the last day of the chart.
fn shown_days(now: Timestamp) -> (i64, i64) {
    let today = day(now);
    let first = today + 1 - i64::try_from(SHOWN_DAYS).unwrap_or(i64::MAX);
    (first, today)
}

/// The calls of these days, in order, beginning with `first`.
fn by_day(days: Vec<(i64, i64)>, first: i64) -> DailyCalls {
    let mut all = [0; SHOWN_DAYS];
    for (day, calls) in days {
        let at = usize::try_from(day - first).ok();
        if let Some(of_day) = at.and_then(|at| all.get_mut(at)) {
            *of_day = calls.unsigned_abs();
        }
    }
    all
}

impl Store {
    /// How one of a client's active tokens was used.
    pub async fn usage_of(
        &self,
        owner: ClientId,
        token: TokenId,
        now: Timestamp,
    ) -> Result<TokenUsage, StoreError> {
        let mut usage = TokenUsage::none(token);
        let (first, today) = shown_days(now);
        let sql = "SELECT d.day, d.calls, d.refused FROM token_days d \
            JOIN tokens t ON t.id = d.token_id \
            WHERE t.id = $1 AND t.client_id = $2 \
            AND d.day BETWEEN $3 AND $4";
        let values = values![token.0, owner.0, first, today];
        let days: Vec<(i64, i64, i64)> = self.read_all(sql, values).await?;
        let recent = days.iter().filter(|(day, ..)| *day > today - RECENT_DAYS);
        usage.refused = recent.map(|(.., refused)| refused.unsigned_abs()).sum();
        let calls = days.into_iter().map(|(day, calls, _)| (day, calls));
        usage.calls = by_day(calls.collect(), first);
        let sql = "SELECT a.address, a.user_agent, a.first_used_at, a.last_used_at \
            FROM token_addresses a JOIN tokens t ON t.id = a.token_id \
            WHERE t.id = $1 AND t.client_id = $2 \
            ORDER BY a.last_used_at DESC, a.address LIMIT $3";
        let values = values![token.0, owner.0, MAX_ADDRESSES];
        let addresses: Vec<(String, String, i64, i64)> = self.read_all(sql, values).await?;
        for (address, user_agent, first_used_at, last_used_at) in addresses {
            let address = address.parse().map_err(|_| StoreError::BadRow {
                table: "token_addresses",
                id: token.0,
            })?;
            usage.addresses.push(TokenAddress {
                address,
                user_agent,
                first_used_at: Timestamp::from_unix(first_used_at),
                last_used_at: Timestamp::from_unix(last_used_at),
            });
        }
        Ok(usage)
    }
}
