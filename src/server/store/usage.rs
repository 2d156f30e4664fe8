//! The use of tokens in the database: when last, from where, how often.

use std::{collections::BTreeMap, sync::LazyLock};

use super::{
    NewActivity, Store, StoreError,
    db::{Open, Tx, in_tx, rows_affected},
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

/// A statement that reads or writes something of each use, by the names in [`COLUMNS`].
type OfUses = LazyLock<String>;

const COLUMNS: [&str; 7] = [
    "place",
    "token_id",
    "address",
    "user_agent",
    "used_at",
    "day",
    "calls",
];
/// Uses that one statement is for. Where there are fewer, the rest are of no token.
const ROWS: usize = 25;

/// `statement`, which has to call the uses `uses`.
fn of_uses(statement: &str) -> String {
    let row = |n: usize| {
        let values = (1..=COLUMNS.len()).map(|at| format!("${}", n * COLUMNS.len() + at));
        format!("({})", values.collect::<Vec<_>>().join(", "))
    };
    let rows: Vec<String> = (0..ROWS).map(row).collect();
    let (columns, rows) = (COLUMNS.join(", "), rows.join(", "));
    format!("WITH uses ({columns}) AS (VALUES {rows}) {statement}")
}

/// For PostgreSQL: nodes that write at the same time, and whoever revokes, then wait for each other and never cross.
static LOCK_TOKENS: OfUses = LazyLock::new(|| {
    of_uses(
        "SELECT id FROM tokens WHERE id IN (SELECT token_id FROM uses) \
         ORDER BY id FOR NO KEY UPDATE",
    )
});
/// First uses, and uses from addresses that are new to the token.
static NEWS: OfUses = LazyLock::new(|| {
    of_uses(
        "SELECT u.place FROM uses u JOIN tokens t ON t.id = u.token_id \
         WHERE t.last_used_at IS NULL OR u.address IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM token_addresses a WHERE a.token_id = u.token_id AND a.address = u.address) \
         ORDER BY u.place",
    )
});
static TOUCH_TOKENS: OfUses = LazyLock::new(|| {
    of_uses(
        "UPDATE tokens SET last_used_at = u.used_at FROM \
         (SELECT token_id, max(used_at) AS used_at FROM uses GROUP BY token_id) u \
         WHERE tokens.id = u.token_id AND tokens.last_used_at < u.used_at",
    )
});
static TOUCH_ADDRESSES: OfUses = LazyLock::new(|| {
    of_uses(
        "UPDATE token_addresses SET user_agent = u.user_agent, last_used_at = u.used_at \
         FROM uses u WHERE token_addresses.token_id = u.token_id \
         AND token_addresses.address = u.address AND token_addresses.last_used_at < u.used_at",
    )
});
static COUNT_CALLS: OfUses = LazyLock::new(|| {
    of_uses(
        "INSERT INTO token_days (token_id, day, calls) \
         SELECT u.token_id, u.day, sum(u.calls) FROM uses u JOIN tokens t ON t.id = u.token_id \
         WHERE true GROUP BY u.token_id, u.day ON CONFLICT (token_id, day) \
         DO UPDATE SET calls = token_days.calls + excluded.calls",
    )
});
static FORGET_DAYS: OfUses = LazyLock::new(|| {
    of_uses(&format!(
        "DELETE FROM token_days WHERE (token_id, day) IN (SELECT d.token_id, d.day FROM uses u \
         JOIN token_days d ON d.token_id = u.token_id AND d.day <= u.day - {DAYS})"
    ))
});

/// Gives a statement its uses.
macro_rules! with_uses {
    ($query:expr, $uses:expr) => {{
        let mut query = $query;
        for place in 0..ROWS {
            let used: Option<&Use> = $uses.get(place);
            query = query
                .bind(used.map(|_| i64::try_from(place).unwrap_or_default()))
                .bind(used.map(|used| used.token.0))
                .bind(used.and_then(|used| used.address).map(|at| at.to_string()))
                .bind(used.map(|used| used.user_agent.as_str()))
                .bind(used.map(|used| used.used_at.unix()))
                .bind(used.map(|used| day(used.used_at)))
                .bind(used.map(|used| i64::from(used.calls)));
        }
        query
    }};
}

impl Store {
    /// Writes down uses of tokens, which are in the order of tokens. No moment ever goes back, so several nodes may
    /// write.
    pub async fn record_uses(&self, uses: &[Use]) -> Result<(), StoreError> {
        let mut tx = self.begin_any().await?;
        for uses in uses.chunks(ROWS) {
            tx.record_uses(uses).await?;
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
    /// Most uses are of a token that was used before, from an address that is known: they are written all at once.
    /// News are worth a line of the trail, each by itself.
    async fn record_uses(&mut self, uses: &[Use]) -> Result<(), StoreError> {
        if matches!(self.open, Open::Postgres(_)) {
            self.write(&LOCK_TOKENS, uses).await?;
        }
        let news: Vec<i64> = in_tx!(self, |db| {
            with_uses!(sqlx::query_scalar(NEWS.as_str()), uses).fetch_all(db)
        })?;
        for place in news {
            let place = usize::try_from(place).ok();
            if let Some(used) = place.and_then(|place| uses.get(place)) {
                self.record_news(used).await?;
            }
        }
        for statement in [&TOUCH_TOKENS, &TOUCH_ADDRESSES, &COUNT_CALLS, &FORGET_DAYS] {
            self.write(statement, uses).await?;
        }
        Ok(())
    }

    async fn write(&mut self, statement: &'static OfUses, uses: &[Use]) -> Result<(), StoreError> {
        in_tx!(self, |db| {
            rows_affected(with_uses!(sqlx::query(statement.as_str()), uses).execute(db))
        })?;
        Ok(())
    }

    /// Records a first use, or one from an address that is new.
    async fn record_news(&mut self, used: &Use) -> Result<(), StoreError> {
        let Some((client, token)) = self.owned_token(used.token).await? else {
            return Ok(());
        };
        let is_first = self.record_first_use(used).await?;
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
            let actor = Actor::token(used.address, &used.user_agent);
            let activity = NewActivity::new(client, event, &actor, used.used_at);
            self.record(activity.of_token(token)).await?;
        }
        Ok(())
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
}
