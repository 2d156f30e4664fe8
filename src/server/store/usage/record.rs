//! Writes down uses: those of many tokens by as many statements as that of one, but for the lines of the trail.

use std::sync::LazyLock;

use sqlx::FromRow;

use super::Use;
use crate::{
    model::{
        activity::{Event, TokenMention},
        client::ClientId,
        timestamp::{HOUR, Timestamp},
        usage::{MAX_ADDRESSES, day},
    },
    server::{
        actor::Actor,
        store::{
            NewActivity, Store, StoreError,
            db::{Open, Tx, in_tx, rows_affected},
        },
    },
};

/// Days for which calls are counted.
const DAYS: i64 = 90;

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
/// First uses, and uses from addresses that are new to the token: a [`NewsRow`] of each.
static NEWS: OfUses = LazyLock::new(|| {
    of_uses(
        "SELECT u.place, t.client_id, t.name, t.last_four, t.last_used_at, \
         (SELECT max(first_used_at) FROM token_addresses WHERE token_id = u.token_id) \
         AS newest_address_at FROM uses u JOIN tokens t ON t.id = u.token_id \
         WHERE t.last_used_at IS NULL OR u.address IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM token_addresses a WHERE a.token_id = u.token_id AND a.address = u.address) \
         ORDER BY u.place",
    )
});
static TOUCH_TOKENS: OfUses = LazyLock::new(|| {
    of_uses(
        "UPDATE tokens SET last_used_at = u.used_at FROM \
         (SELECT token_id, max(used_at) AS used_at FROM uses GROUP BY token_id) u \
         WHERE tokens.id = u.token_id \
         AND (tokens.last_used_at IS NULL OR tokens.last_used_at < u.used_at)",
    )
});
static TOUCH_ADDRESSES: OfUses = LazyLock::new(|| {
    of_uses(
        "INSERT INTO token_addresses \
         (token_id, address, user_agent, first_used_at, last_used_at) \
         SELECT u.token_id, u.address, u.user_agent, u.used_at, u.used_at \
         FROM uses u JOIN tokens t ON t.id = u.token_id WHERE u.address IS NOT NULL \
         ON CONFLICT (token_id, address) DO UPDATE \
         SET user_agent = excluded.user_agent, last_used_at = excluded.last_used_at \
         WHERE token_addresses.last_used_at < excluded.last_used_at",
    )
});
/// Those unused longest go first.
static FORGET_ADDRESSES: OfUses = LazyLock::new(|| {
    of_uses(&format!(
        "DELETE FROM token_addresses WHERE (token_id, address) IN \
         (SELECT token_id, address FROM (SELECT token_id, address, row_number() OVER \
         (PARTITION BY token_id ORDER BY last_used_at DESC, address) AS place \
         FROM token_addresses WHERE token_id IN (SELECT token_id FROM uses)) latest \
         WHERE place > {MAX_ADDRESSES})"
    ))
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

/// News, and what the trail says of its token.
#[derive(FromRow)]
struct NewsRow {
    place: i64,
    client_id: i64,
    name: String,
    last_four: String,
    /// Before this.
    last_used_at: Option<i64>,
    /// When the last of the addresses that are known was new.
    newest_address_at: Option<i64>,
}

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
                .bind(used.map(|used| &*used.user_agent))
                .bind(used.map(|used| used.used_at.unix()))
                .bind(used.map(|used| day(used.used_at)))
                .bind(used.map(|used| i64::from(used.calls)));
        }
        query
    }};
}

impl Store {
    /// Writes down uses, in the order of tokens, each from another address of its token. No moment ever goes back, so
    /// several nodes may write.
    pub async fn record_uses(&self, uses: &[Use]) -> Result<(), StoreError> {
        let mut tx = self.begin_any().await?;
        for uses in uses.chunks(ROWS) {
            tx.record_uses(uses).await?;
        }
        tx.commit().await
    }
}

impl Tx {
    async fn record_uses(&mut self, uses: &[Use]) -> Result<(), StoreError> {
        if matches!(self.open, Open::Postgres(_)) {
            self.write(&LOCK_TOKENS, uses).await?;
        }
        let news: Vec<NewsRow> = in_tx!(self, |db| {
            with_uses!(sqlx::query_as(NEWS.as_str()), uses).fetch_all(db)
        })?;
        for statement in [&TOUCH_TOKENS, &TOUCH_ADDRESSES, &COUNT_CALLS, &FORGET_DAYS] {
            self.write(statement, uses).await?;
        }
        if !news.is_empty() {
            self.write(&FORGET_ADDRESSES, uses).await?;
        }
        for line in lines(uses, news) {
            self.record(line).await?;
        }
        Ok(())
    }

    async fn write(&mut self, statement: &'static OfUses, uses: &[Use]) -> Result<(), StoreError> {
        in_tx!(self, |db| {
            rows_affected(with_uses!(sqlx::query(statement.as_str()), uses).execute(db))
        })?;
        Ok(())
    }
}

/// What of the news is worth a line of the trail: first uses, and of new addresses at most one an hour, because what
/// roams over many must not fill the trail. The list of addresses has them all.
fn lines(uses: &[Use], news: Vec<NewsRow>) -> Vec<NewActivity> {
    let mut lines = Vec::new();
    let mut token = None;
    let mut newest_address = None;
    for row in news {
        let place = usize::try_from(row.place).ok();
        let Some(one) = place.and_then(|place| uses.get(place)) else {
            continue;
        };
        let mut is_first = false;
        if token.replace(one.token) != Some(one.token) {
            is_first = row.last_used_at.is_none();
            newest_address = row.newest_address_at.map(Timestamp::from_unix);
        }
        let is_roaming = newest_address.is_some_and(|at| one.used_at.seconds_since(at) < HOUR);
        if one.address.is_some() {
            newest_address = newest_address.max(Some(one.used_at));
        }
        let event = match one.address {
            _ if is_first => Event::TokenFirstUsed,
            Some(_) if !is_roaming => Event::TokenUsedFromNewAddress,
            _ => continue,
        };
        let actor = Actor::token(one.address, &one.user_agent);
        let line = NewActivity::new(ClientId(row.client_id), event, &actor, one.used_at);
        lines.push(line.of_token(TokenMention {
            id: one.token,
            name: row.name,
            last_four: row.last_four,
        }));
    }
    lines
}
