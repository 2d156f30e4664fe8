//! The use of tokens in the database: when last, from where, how often.

mod record;

use std::{collections::BTreeMap, sync::Arc};

use super::{Store, StoreError};
use crate::domain::{
    address::Address,
    client::ClientId,
    timestamp::Timestamp,
    token::TokenId,
    usage::{SHOWN_ADDRESSES, SHOWN_DAYS, TokenAddress, TokenUsage, day},
};

/// The use of one token from one address since it was last written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Which token.
    pub token: TokenId,
    /// From where; nothing if that is not known.
    pub address: Option<Address>,
    /// What the program says it is.
    pub user_agent: Arc<str>,
    /// When it was last used.
    pub used_at: Timestamp,
    /// How often.
    pub calls: u32,
}

impl Store {
    /// How a client's active tokens were used: those that were, by their number.
    pub async fn usage_of(
        &self,
        owner: ClientId,
        now: Timestamp,
    ) -> Result<BTreeMap<TokenId, TokenUsage>, StoreError> {
        let today = day(now);
        let first = today + 1 - i64::try_from(SHOWN_DAYS).unwrap_or(i64::MAX);
        let sql = "SELECT d.token_id, d.day, d.calls FROM token_days d \
            JOIN tokens t ON t.id = d.token_id \
            WHERE t.client_id = $1 AND t.revoked_at IS NULL AND d.day BETWEEN $2 AND $3";
        let values = [owner.0.into(), first.into(), today.into()];
        let days: Vec<(i64, i64, i64)> = self.read_all(sql, values).await?;
        let sql = "SELECT token_id, address, user_agent, last_used_at FROM ( \
            SELECT a.token_id, a.address, a.user_agent, a.last_used_at, row_number() OVER \
            (PARTITION BY a.token_id ORDER BY a.last_used_at DESC, a.address) AS place \
            FROM token_addresses a JOIN tokens t ON t.id = a.token_id \
            WHERE t.client_id = $1 AND t.revoked_at IS NULL) latest \
            WHERE place <= $2 ORDER BY token_id, place";
        let values = [owner.0.into(), i64::from(SHOWN_ADDRESSES).into()];
        let addresses: Vec<(i64, String, String, i64)> = self.read_all(sql, values).await?;
        let mut usage = BTreeMap::new();
        for (id, day, calls) in days {
            let id = TokenId(id);
            let of_token = usage.entry(id).or_insert_with(|| TokenUsage::none(id));
            if let Some(of_day) = usize::try_from(day - first)
                .ok()
                .and_then(|at| of_token.calls.get_mut(at))
            {
                *of_day = calls.unsigned_abs();
            }
        }
        for (id, address, user_agent, last_used_at) in addresses {
            let address = address.parse().map_err(|_| StoreError::BadRow {
                table: "token_addresses",
                id,
            })?;
            let id = TokenId(id);
            let of_token = usage.entry(id).or_insert_with(|| TokenUsage::none(id));
            of_token.addresses.push(TokenAddress {
                address,
                user_agent,
                last_used_at: Timestamp::from_unix(last_used_at),
            });
        }
        Ok(usage)
    }
}
