//! The use of tokens in the database: when last, from where, how often.

use std::collections::BTreeMap;

use super::{
    NewActivity, Store, StoreError,
    db::{Tx, in_tx, rows_affected},
};
use crate::{
    domain::{
        activity::{Event, TokenMention},
        address::Address,
        client::ClientId,
        timestamp::{HOUR, Timestamp},
        token::TokenId,
        usage::{SHOWN_ADDRESSES, SHOWN_DAYS, TokenAddress, TokenUsage, day},
    },
    server::actor::Actor,
};

/// Addresses remembered of each token; those unused longest go first.
const MAX_ADDRESSES: i64 = 100;
/// Days for which calls are counted.
const DAYS: i64 = 90;

/// The use of one token from one address since it was last written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Which token.
    pub token: TokenId,
    /// From where; nothing if that is not known.
    pub address: Option<Address>,
    /// What the program says it is.
    pub user_agent: String,
    /// When it was last used.
    pub used_at: Timestamp,
    /// How often.
    pub calls: u32,
}

impl Store {
    /// Writes down uses of tokens. No moment ever goes back, so several nodes may write.
    pub async fn record_uses(&self, uses: &[Use]) -> Result<(), StoreError> {
        let mut tx = self.begin_any().await?;
        for used in uses {
            tx.record_use(used).await?;
        }
        tx.commit().await
    }
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

impl Tx {
    /// Most uses are of a token that was used before, from an address that is known: the row of each
    /// is changed, and nothing is read. Rows are locked in the same order in every case: the token's,
    /// the address's, the day's.
    async fn record_use(&mut self, used: &Use) -> Result<(), StoreError> {
        let is_later = self.touch_token(used).await?;
        let is_known = match used.address {
            Some(address) => is_later && self.touch_address(used, address).await?,
            None => is_later,
        };
        if !is_known && !self.record_news(used, is_later).await? {
            return Ok(());
        }
        self.count_calls(used).await
    }

    /// Whether the token was used before, and not later than now.
    async fn touch_token(&mut self, used: &Use) -> Result<bool, StoreError> {
        let touched = in_tx!(self, |db| {
            rows_affected(
                sqlx::query(
                    "UPDATE tokens SET last_used_at = $1 WHERE id = $2 AND last_used_at < $1",
                )
                .bind(used.used_at.unix())
                .bind(used.token.0)
                .execute(db),
            )
        })?;
        Ok(touched == 1)
    }

    /// Whether it was used from this address before, and not later than now.
    async fn touch_address(&mut self, used: &Use, address: Address) -> Result<bool, StoreError> {
        let touched = in_tx!(self, |db| {
            rows_affected(
                sqlx::query(
                    "UPDATE token_addresses SET user_agent = $1, last_used_at = $2 \
                     WHERE token_id = $3 AND address = $4 AND last_used_at < $2",
                )
                .bind(used.user_agent.as_str())
                .bind(used.used_at.unix())
                .bind(used.token.0)
                .bind(address.to_string())
                .execute(db),
            )
        })?;
        Ok(touched == 1)
    }

    /// Records a first use, or one from an address that may be new. Whether there is such a token.
    async fn record_news(&mut self, used: &Use, is_later: bool) -> Result<bool, StoreError> {
        let Some(owned) = self.owned_token(used.token).await? else {
            return Ok(false);
        };
        let is_first = !is_later && self.record_first_use(used).await?;
        let is_new_address = match used.address {
            Some(address) => self.record_address(used, address).await?,
            None => false,
        };
        let event = if is_first {
            Some(Event::TokenFirstUsed)
        } else {
            is_new_address.then_some(Event::TokenUsedFromNewAddress)
        };
        if let Some(event) = event {
            let (client, token) = owned;
            let actor = Actor::token(used.address, &used.user_agent);
            let activity = NewActivity::new(client, event, &actor, used.used_at);
            self.record(activity.of_token(token)).await?;
        }
        Ok(true)
    }

    async fn record_first_use(&mut self, used: &Use) -> Result<bool, StoreError> {
        let first = in_tx!(self, |db| {
            rows_affected(
                sqlx::query(
                    "UPDATE tokens SET last_used_at = $1 WHERE id = $2 AND last_used_at IS NULL",
                )
                .bind(used.used_at.unix())
                .bind(used.token.0)
                .execute(db),
            )
        })?;
        Ok(first == 1)
    }

    async fn owned_token(
        &mut self,
        id: TokenId,
    ) -> Result<Option<(ClientId, TokenMention)>, StoreError> {
        let row: Option<(i64, String, String)> = in_tx!(self, |db| {
            sqlx::query_as("SELECT client_id, name, last_four FROM tokens WHERE id = $1")
                .bind(id.0)
                .fetch_optional(db)
        })?;
        Ok(row.map(|(client, name, last_four)| {
            let token = TokenMention {
                id,
                name,
                last_four,
            };
            (ClientId(client), token)
        }))
    }

    /// Whether the address is new to the token and worth a line: at most one an hour is, because
    /// what roams over many addresses must not fill the trail. The list of addresses has them all.
    async fn record_address(&mut self, used: &Use, address: Address) -> Result<bool, StoreError> {
        let newest: Option<i64> = in_tx!(self, |db| {
            sqlx::query_scalar("SELECT max(first_used_at) FROM token_addresses WHERE token_id = $1")
                .bind(used.token.0)
                .fetch_one(db)
        })?;
        let added = in_tx!(self, |db| {
            rows_affected(
                sqlx::query(
                    "INSERT INTO token_addresses \
                     (token_id, address, user_agent, first_used_at, last_used_at) \
                     VALUES ($1, $2, $3, $4, $4) ON CONFLICT (token_id, address) DO NOTHING",
                )
                .bind(used.token.0)
                .bind(address.to_string())
                .bind(used.user_agent.as_str())
                .bind(used.used_at.unix())
                .execute(db),
            )
        })?;
        if added == 0 {
            self.touch_address(used, address).await?;
            return Ok(false);
        }
        in_tx!(self, |db| {
            rows_affected(
                sqlx::query(
                    "DELETE FROM token_addresses WHERE token_id = $1 AND address NOT IN \
                 (SELECT address FROM token_addresses WHERE token_id = $1 \
                 ORDER BY last_used_at DESC, address LIMIT $2)",
                )
                .bind(used.token.0)
                .bind(MAX_ADDRESSES)
                .execute(db),
            )
        })?;
        Ok(newest.is_none_or(|newest| used.used_at.unix() - newest >= HOUR))
    }

    async fn count_calls(&mut self, used: &Use) -> Result<(), StoreError> {
        let day = day(used.used_at);
        let counted = in_tx!(self, |db| {
            rows_affected(
                sqlx::query(
                    "UPDATE token_days SET calls = calls + $1 WHERE token_id = $2 AND day = $3",
                )
                .bind(i64::from(used.calls))
                .bind(used.token.0)
                .bind(day)
                .execute(db),
            )
        })?;
        if counted == 1 {
            return Ok(());
        }
        // Another node may be as early on a new day.
        in_tx!(self, |db| {
            rows_affected(
            sqlx::query(
                "INSERT INTO token_days (token_id, day, calls) VALUES ($1, $2, $3) \
                 ON CONFLICT (token_id, day) DO UPDATE SET calls = token_days.calls + excluded.calls",
            )
            .bind(used.token.0)
            .bind(day)
            .bind(i64::from(used.calls))
            .execute(db),
            )
        })?;
        in_tx!(self, |db| {
            rows_affected(
                sqlx::query("DELETE FROM token_days WHERE token_id = $1 AND day <= $2")
                    .bind(used.token.0)
                    .bind(day - DAYS)
                    .execute(db),
            )
        })?;
        Ok(())
    }
}
