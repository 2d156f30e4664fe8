//! Writes the use of tokens. The number of statements does not depend on the number of tokens, except for the audit trail.

use std::sync::LazyLock;

use super::Use;
use crate::{
    model::{
        activity::{Event, TokenMention},
        client::ClientId,
        scopes::Scopes,
        timestamp::{HOUR, Timestamp},
        usage::{MAX_ADDRESSES, day},
    },
    server::{
        actor::Actor,
        store::{
            NewActivity, Store, StoreError,
            db::Tx,
            rows::{Value, row},
        },
    },
};

/// Days for which the number of calls is kept.
pub(super) const DAYS: i64 = 90;

/// A statement about uses.
type Statement = LazyLock<String>;

const COLUMNS: [&str; 7] = [
    "place",
    "token_id",
    "address",
    "user_agent",
    "used_at",
    "day",
    "calls",
];
/// Uses of one statement. If there are fewer, the others are NULL.
const ROWS: usize = 25;

/// A statement that refers to the uses as `uses`, by the names in [`COLUMNS`].
fn of_uses(statement: &str) -> String {
    let row = |n: usize| {
        let values = (1..=COLUMNS.len()).map(|at| format!("${}", n * COLUMNS.len() + at));
        format!("({})", values.collect::<Vec<_>>().join(", "))
    };
    let rows: Vec<String> = (0..ROWS).map(row).collect();
    let (columns, rows) = (COLUMNS.join(", "), rows.join(", "));
    format!("WITH uses ({columns}) AS (VALUES {rows}) {statement}")
}

/// For PostgreSQL: nodes that write at the same time, and revocations, then wait for each other without a deadlock.
static LOCK_TOKENS: Statement = LazyLock::new(|| {
    of_uses(
        "SELECT id FROM tokens WHERE id IN (SELECT token_id FROM uses) \
         ORDER BY id FOR NO KEY UPDATE",
    )
});
/// First uses, and uses from addresses that are new for the token: a [`NewsRow`] of each.
static NEWS: Statement = LazyLock::new(|| {
    of_uses(
        "SELECT u.place, t.client_id, t.name, t.last_four, t.scopes, t.last_used_at, \
         (SELECT max(first_used_at) FROM token_addresses WHERE token_id = u.token_id) \
         AS newest_address_at FROM uses u JOIN tokens t ON t.id = u.token_id \
         WHERE t.last_used_at IS NULL OR u.address IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM token_addresses a WHERE a.token_id = u.token_id AND a.address = u.address) \
         ORDER BY u.place",
    )
});
static TOUCH_TOKENS: Statement = LazyLock::new(|| {
    of_uses(
        "UPDATE tokens SET last_used_at = u.used_at FROM \
         (SELECT token_id, max(used_at) AS used_at FROM uses GROUP BY token_id) u \
         WHERE tokens.id = u.token_id \
         AND (tokens.last_used_at IS NULL OR tokens.last_used_at < u.used_at)",
    )
});
static TOUCH_ADDRESSES: Statement = LazyLock::new(|| {
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
/// Deletes the addresses that were used longest ago.
static DELETE_ADDRESSES: Statement = LazyLock::new(|| {
    of_uses(&format!(
        "DELETE FROM token_addresses WHERE (token_id, address) IN \
         (SELECT token_id, address FROM (SELECT token_id, address, row_number() OVER \
         (PARTITION BY token_id ORDER BY last_used_at DESC, address) AS place \
         FROM token_addresses WHERE token_id IN (SELECT token_id FROM uses)) latest \
         WHERE place > {MAX_ADDRESSES})"
    ))
});
static COUNT_CALLS: Statement = LazyLock::new(|| {
    of_uses(
        "INSERT INTO token_days (token_id, day, calls) \
         SELECT u.token_id, u.day, sum(u.calls) FROM uses u JOIN tokens t ON t.id = u.token_id \
         WHERE true GROUP BY u.token_id, u.day ON CONFLICT (token_id, day) \
         DO UPDATE SET calls = token_days.calls + excluded.calls",
    )
});
static DELETE_DAYS: Statement = LazyLock::new(|| {
    of_uses(&format!(
        "DELETE FROM token_days WHERE (token_id, day) IN (SELECT d.token_id, d.day FROM uses u \
         JOIN token_days d ON d.token_id = u.token_id AND d.day <= u.day - {DAYS})"
    ))
});

row! {
    struct NewsRow {
        place: i64,
        client_id: i64,
        name: String,
        last_four: String,
        scopes: Option<String>,
        last_used_at: Option<i64>,
        newest_address_at: Option<i64>,
    }
}

/// The values of a statement of uses.
fn values_of(uses: &[Use]) -> Vec<Value> {
    let uses = (0..ROWS).map(|place| (place, uses.get(place)));
    let values = uses.flat_map(|(place, used): (usize, Option<&Use>)| {
        let address = used.and_then(|used| used.address);
        [
            Value::from(used.map(|_| i64::try_from(place).unwrap_or(i64::MAX))),
            Value::from(used.map(|used| used.token.0)),
            Value::from(address.map(|address| address.to_string())),
            Value::from(used.map(|used| &*used.user_agent)),
            Value::from(used.map(|used| used.used_at.unix())),
            Value::from(used.map(|used| day(used.used_at))),
            Value::from(used.map(|used| i64::from(used.calls))),
        ]
    });
    values.collect()
}

impl Store {
    /// Writes uses, which have to be in the order of tokens, each from another IP address of its token. No time ever
    /// decreases, so several nodes may write.
    pub async fn record_uses(&self, uses: &[Use]) -> Result<(), StoreError> {
        let mut tx = self.begin_any().await?;
        for uses in uses.chunks(ROWS) {
            record(&mut tx, uses).await?;
        }
        tx.commit().await
    }
}

async fn record(tx: &mut Tx, uses: &[Use]) -> Result<(), StoreError> {
    let values = values_of(uses);
    tx.lock(&LOCK_TOKENS, values.clone()).await?;
    let news: Vec<NewsRow> = tx.fetch(&NEWS, values.clone()).await?;
    for sql in [&TOUCH_TOKENS, &TOUCH_ADDRESSES, &COUNT_CALLS, &DELETE_DAYS] {
        tx.execute(sql, values.clone()).await?;
    }
    if !news.is_empty() {
        tx.execute(&DELETE_ADDRESSES, values).await?;
    }
    for activity in activities(uses, news) {
        tx.record(activity).await?;
    }
    Ok(())
}

/// Entries of the audit trail: first uses, and at most one new address per token and hour, because a program that roams must
/// not fill the trail. The list of addresses has all of them.
fn activities(uses: &[Use], news: Vec<NewsRow>) -> Vec<NewActivity> {
    let mut activities = Vec::new();
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
        // A row that nobody of ours wrote: the token is refused by now.
        let Ok(scopes) = Scopes::from_column(row.scopes.as_deref()) else {
            continue;
        };
        let actor = Actor::token(one.address, &one.user_agent);
        let activity = NewActivity::new(ClientId(row.client_id), event, &actor, one.used_at);
        activities.push(activity.of_token(TokenMention {
            id: one.token,
            name: row.name,
            last_four: row.last_four,
            scopes,
            expires_at: None,
        }));
    }
    activities
}
