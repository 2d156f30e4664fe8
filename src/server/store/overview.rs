//! A client's overview of its own account: several lists, read together and as of one moment.
//!
//! A page shows all of them. Read one by one, each would cost a round trip to the database.

use std::{cmp::Reverse, sync::LazyLock};

use const_format::formatcp;

use super::{
    SessionLimits, Store, StoreError,
    batches::{RowLookup, for_all},
    lookups::Lookups,
    rows::{
        ACTIVITY_COLUMNS, ActivityRow, OverviewRow, SessionRow, TOKEN_COLUMNS, TokenRow, TotalsRow,
        Value, values,
    },
    sqlite::snapshot::Snapshot,
};
use crate::model::{
    activity::{Activity, Event},
    client::ClientId,
    session::SessionSummary,
    timestamp::Timestamp,
    token::{RevokedToken, TokenSummary},
};

/// How much of each list is read.
#[derive(Clone, Copy, Debug)]
pub struct OverviewLimits {
    /// Only tokens that were revoked after this are among the revoked ones.
    pub revoked_after: Timestamp,
    /// Only sessions within these limits are listed.
    pub sessions: SessionLimits,
    /// Maximum number of entries of each kind of the audit trail.
    pub lines: u32,
    /// Maximum number of active tokens.
    pub tokens: u32,
    /// Maximum number of rows of each other list.
    pub rows: u32,
}

/// A client's tokens, sessions and audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// The active tokens, newest first.
    pub tokens: Vec<TokenSummary>,
    /// The revoked tokens, the last one first.
    pub revoked: Vec<RevokedToken>,
    /// The last entries of each kind of the audit trail, newest first. So events that are frequent, or that others can
    /// cause, do not displace the rest.
    pub activity: Vec<Activity>,
    /// The sessions, the one that was used last first.
    pub sessions: Vec<SessionSummary>,
    /// The length of each list.
    pub in_all: InAll,
}

/// The whole length of each list. Revoked tokens and sessions are counted up to a thousand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InAll {
    /// Active tokens.
    pub tokens: usize,
    /// Revoked tokens.
    pub revoked: usize,
    /// Sessions.
    pub sessions: usize,
}

// The values: $1 client, $2 revoked after, $3 lines, $4 created after, $5 seen after, $6 tokens, $7 rows, and for a file $8
// event. Only the order within `LIMIT` matters here: the parts of a list are sorted as a whole later.

const TOKENS: &str = formatcp!(
    "SELECT * FROM (SELECT {TOKEN_COLUMNS} FROM tokens WHERE client_id = $1 AND revoked_at IS NULL \
     ORDER BY id DESC LIMIT $6) active UNION ALL SELECT * FROM (SELECT {TOKEN_COLUMNS} FROM tokens \
     WHERE client_id = $1 AND revoked_at > $2 ORDER BY revoked_at DESC, id DESC LIMIT $7) revoked"
);

const ACTIVITY: &str = formatcp!(
    "SELECT {ACTIVITY_COLUMNS} FROM activity WHERE client_id = $1 AND event = $8 \
     ORDER BY id DESC LIMIT $3"
);

/// The same for each `kinds.event`.
const ACTIVITY_OF_KINDS: &str = formatcp!(
    "SELECT {ACTIVITY_COLUMNS} FROM activity WHERE client_id = $1 AND event = kinds.event \
     ORDER BY id DESC LIMIT $3"
);

/// [`Event::ALL`], for PostgreSQL.
const EVENTS: &str = "'logged_in', 'login_failed', 'logged_out', 'session_ended', 'password_refused', \
    'password_changed', 'password_reset_requested', 'mail_failed', 'status_changed', 'details_changed', 'token_created', \
    'token_replaced', 'token_renamed', 'token_revoked', 'token_first_used', 'token_used_from_new_address', \
    'token_expired', 'token_refused'";

const VALID_SESSIONS: &str =
    "FROM sessions WHERE client_id = $1 AND created_at > $4 AND last_seen_at > $5";

const SESSIONS: &str = formatcp!(
    "SELECT id, user_agent, created_at, last_seen_at, address {VALID_SESSIONS} \
     ORDER BY last_seen_at DESC, id DESC LIMIT $7"
);

const TOTALS: &str = formatcp!(
    "SELECT (SELECT count(*) FROM tokens WHERE client_id = $1 AND revoked_at IS NULL) AS tokens, \
     (SELECT count(*) FROM (SELECT 1 FROM tokens WHERE client_id = $1 AND revoked_at > $2 \
     LIMIT 1000) r) AS revoked, \
     (SELECT count(*) FROM (SELECT 1 {VALID_SESSIONS} LIMIT 1000) s) AS sessions"
);

impl RowLookup for OverviewRow {
    const ONE: &'static str = formatcp!(
        "SELECT ARRAY(SELECT t FROM ({TOKENS}) t) AS tokens, \
         ARRAY(SELECT a FROM (SELECT latest.* FROM unnest(ARRAY[{EVENTS}]) AS kinds (event), \
         LATERAL ({ACTIVITY_OF_KINDS}) latest) a) AS activity, \
         ARRAY(SELECT s FROM ({SESSIONS}) s) AS sessions, \
         ARRAY(SELECT i FROM ({TOTALS}) i) AS totals"
    );

    fn all() -> &'static str {
        static ALL: LazyLock<String> = LazyLock::new(|| for_all(OverviewRow::ONE, 7, ""));
        &ALL
    }
}

impl OverviewRow {
    fn into_overview(self) -> Result<Overview, StoreError> {
        let (mut tokens, mut revoked) = TokenRow::active_and_revoked(self.tokens)?;
        tokens.sort_by_key(|token| Reverse((token.created_at, token.id)));
        revoked.sort_by_key(|of| Reverse((of.revoked_at, of.token.created_at, of.token.id)));
        let activity = self.activity.into_iter().map(ActivityRow::into_activity);
        let mut activity = activity.collect::<Result<Vec<_>, _>>()?;
        activity.sort_by_key(|line| Reverse(line.id));
        let mut sessions: Vec<SessionSummary> = self
            .sessions
            .into_iter()
            .map(SessionRow::into_summary)
            .collect::<Result<_, _>>()?;
        sessions.sort_by_key(|session| Reverse((session.last_seen_at, session.id.0)));
        Ok(Overview {
            tokens,
            revoked,
            activity,
            sessions,
            in_all: self
                .totals
                .into_iter()
                .next()
                .map_or_else(InAll::default, Into::into),
        })
    }
}

impl From<TotalsRow> for InAll {
    fn from(row: TotalsRow) -> Self {
        let count = |count| usize::try_from(count).unwrap_or_default();
        Self {
            tokens: count(row.tokens),
            revoked: count(row.revoked),
            sessions: count(row.sessions),
        }
    }
}

impl Store {
    /// A client's tokens, sessions and audit trail.
    pub async fn overview_of(
        &self,
        client: ClientId,
        limits: OverviewLimits,
    ) -> Result<Overview, StoreError> {
        self.faults.before_statement()?;
        let values = values![
            client.0,
            limits.revoked_after.unix(),
            limits.lines,
            limits.sessions.created_after.unix(),
            limits.sessions.seen_after.unix(),
            limits.tokens,
            limits.rows,
        ];
        let row = match &*self.lookups {
            Lookups::Sqlite { lists, .. } => {
                lists
                    .read(move |snapshot| in_file(snapshot, values))
                    .await?
            }
            Lookups::Postgres { overviews, .. } => {
                let row = overviews.find(values).await?;
                row.ok_or(sqlx::Error::RowNotFound)?
            }
        };
        row.into_overview()
    }
}

/// Reads the lists from a SQLite file, which has no arrays, one by one.
fn in_file(
    snapshot: &mut Snapshot<'_, ()>,
    mut values: Vec<Value>,
) -> rusqlite::Result<OverviewRow> {
    let (tokens, sessions, totals) = (
        snapshot.read_all(TOKENS, &values)?,
        snapshot.read_all(SESSIONS, &values)?,
        snapshot.read_all(TOTALS, &values)?,
    );
    let mut activity = Vec::new();
    for event in Event::ALL {
        values.truncate(7);
        values.push(event.as_str().into());
        activity.extend(snapshot.read_all(ACTIVITY, &values)?);
    }
    Ok(OverviewRow {
        tokens,
        activity,
        sessions,
        totals,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_the_trail_is_asked_for() {
        let all = Event::ALL.map(|event| format!("'{}'", event.as_str()));
        assert_eq!(EVENTS, all.join(", "));
    }
}
