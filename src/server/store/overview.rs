//! What a client sees of its own account: several lists, asked for together and as of one moment.
//!
//! A page asks for all of them. One by one each would have to find its way to the database and back.

use std::cmp::Reverse;

use sqlx::FromRow;

use super::{
    SessionLimits, Store, StoreError,
    activity::{ActivityRow, activity_columns},
    db::Db,
    lookups::{FoundByRow, for_all},
    reader::Snapshot,
    row::{Value, row, rows as read_rows},
    sessions::SessionRow,
    tokens::{TokenRow, active_and_revoked, token_columns},
};
use crate::model::{
    activity::{Activity, Event},
    client::ClientId,
    session::SessionSummary,
    timestamp::Timestamp,
    token::{RevokedToken, TokenSummary},
};

/// How much of each list is wanted.
#[derive(Clone, Copy, Debug)]
pub struct OverviewLimits {
    /// Revoked tokens are those that were revoked after this.
    pub revoked_after: Timestamp,
    /// Sessions are those that count.
    pub sessions: SessionLimits,
    /// So many lines of each kind of the trail.
    pub lines: u32,
    /// So many active tokens.
    pub tokens: u32,
    /// So many rows of each other list.
    pub rows: u32,
}

/// A client's tokens, sessions and trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// The active tokens, newest first.
    pub tokens: Vec<TokenSummary>,
    /// Those that were revoked, latest first.
    pub revoked: Vec<RevokedToken>,
    /// The last lines of each kind of the trail, newest first: what happens often, or others can make happen, pushes
    /// nothing else out of it.
    pub activity: Vec<Activity>,
    /// The sessions, last seen first.
    pub sessions: Vec<SessionSummary>,
    /// How many there are.
    pub in_all: InAll,
}

/// How long the lists are as a whole. Of revoked tokens and sessions no more than a thousand are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InAll {
    /// Active tokens.
    pub tokens: usize,
    /// Revoked ones.
    pub revoked: usize,
    /// Sessions.
    pub sessions: usize,
}

// Of each list only the end is read. It is sorted here once more: each is put together from parts.

macro_rules! tokens {
    ($client:literal, $tokens:literal, $revoked_after:literal, $rows:literal) => {
        concat!(
            "SELECT * FROM (SELECT ",
            token_columns!(),
            " FROM tokens WHERE client_id = ",
            $client,
            " AND revoked_at IS NULL ORDER BY id DESC LIMIT ",
            $tokens,
            ") active UNION ALL SELECT * FROM (SELECT ",
            token_columns!(),
            " FROM tokens WHERE client_id = ",
            $client,
            " AND revoked_at > ",
            $revoked_after,
            " ORDER BY revoked_at DESC, id DESC LIMIT ",
            $rows,
            ") revoked"
        )
    };
}

macro_rules! activity {
    ($client:literal, $event:literal, $lines:literal) => {
        concat!(
            "SELECT ",
            activity_columns!(),
            " FROM activity WHERE client_id = ",
            $client,
            " AND event = ",
            $event,
            " ORDER BY id DESC LIMIT ",
            $lines
        )
    };
}

/// [`Event::ALL`], for PostgreSQL.
macro_rules! events {
    () => {
        "'logged_in', 'login_failed', 'password_changed', 'status_changed', 'details_changed', \
         'token_created', 'token_replaced', 'token_renamed', 'token_revoked', 'token_first_used', \
         'token_used_from_new_address'"
    };
}

macro_rules! sessions {
    ($client:literal, $created_after:literal, $seen_after:literal) => {
        concat!(
            " FROM sessions WHERE client_id = ",
            $client,
            " AND created_at > ",
            $created_after,
            " AND last_seen_at > ",
            $seen_after
        )
    };
}

macro_rules! latest_sessions {
    ($client:literal, $created_after:literal, $seen_after:literal, $rows:literal) => {
        concat!(
            "SELECT id, user_agent, created_at, last_seen_at",
            sessions!($client, $created_after, $seen_after),
            " ORDER BY last_seen_at DESC, id DESC LIMIT ",
            $rows
        )
    };
}

macro_rules! in_all {
    ($client:literal, $revoked_after:literal, $created_after:literal, $seen_after:literal) => {
        concat!(
            "SELECT (SELECT count(*) FROM tokens WHERE client_id = ",
            $client,
            " AND revoked_at IS NULL) AS tokens, \
             (SELECT count(*) FROM (SELECT 1 FROM tokens WHERE client_id = ",
            $client,
            " AND revoked_at > ",
            $revoked_after,
            " LIMIT 1000) r) AS revoked, (SELECT count(*) FROM (SELECT 1",
            sessions!($client, $created_after, $seen_after),
            " LIMIT 1000) s) AS sessions"
        )
    };
}

/// A row with a column for each list.
macro_rules! overview {
    (
        $client:literal, $revoked_after:literal, $lines:literal, $created_after:literal, $seen_after:literal,
        $tokens:literal, $rows:literal
    ) => {
        concat!(
            "SELECT ARRAY(SELECT t FROM (",
            tokens!($client, $tokens, $revoked_after, $rows),
            ") t) AS tokens, ARRAY(SELECT a FROM (SELECT latest.* FROM unnest(ARRAY[",
            events!(),
            "]) AS kinds (event), LATERAL (",
            activity!($client, "kinds.event", $lines),
            ") latest) a) AS activity, ARRAY(SELECT s FROM (",
            latest_sessions!($client, $created_after, $seen_after, $rows),
            ") s) AS sessions, ARRAY(SELECT i FROM (",
            in_all!($client, $revoked_after, $created_after, $seen_after),
            ") i) AS in_all"
        )
    };
}

row! {
    record pub(super) struct InAllRow {
        tokens: i64,
        revoked: i64,
        sessions: i64,
    }
}

impl From<InAllRow> for InAll {
    fn from(row: InAllRow) -> Self {
        let count = |count| usize::try_from(count).unwrap_or_default();
        Self {
            tokens: count(row.tokens),
            revoked: count(row.revoked),
            sessions: count(row.sessions),
        }
    }
}

#[derive(FromRow)]
pub(super) struct OverviewRow {
    tokens: Vec<TokenRow>,
    activity: Vec<ActivityRow>,
    sessions: Vec<SessionRow>,
    /// One row.
    in_all: Vec<InAllRow>,
}

impl FoundByRow for OverviewRow {
    const ONE: &'static str = overview!("$1", "$2", "$3", "$4", "$5", "$6", "$7");
    const ALL: &'static str = for_all!(
        "$1, $2, $3, $4, $5, $6, $7",
        "client, revoked_after, lines, created_after, seen_after, tokens, rows",
        overview!(
            "asked.client",
            "asked.revoked_after",
            "asked.lines",
            "asked.created_after",
            "asked.seen_after",
            "asked.tokens",
            "asked.rows"
        )
    );
}

impl OverviewRow {
    fn into_overview(self) -> Result<Overview, StoreError> {
        let (mut tokens, mut revoked) = active_and_revoked(self.tokens)?;
        tokens.sort_by_key(|token| Reverse((token.created_at, token.id)));
        revoked.sort_by_key(|of| Reverse((of.revoked_at, of.token.created_at, of.token.id)));
        let activity = self.activity.into_iter().map(ActivityRow::into_activity);
        let mut activity = activity.collect::<Result<Vec<_>, _>>()?;
        activity.sort_by_key(|line| Reverse(line.id));
        let mut sessions: Vec<SessionSummary> = self.sessions.into_iter().map(Into::into).collect();
        sessions.sort_by_key(|session| Reverse((session.last_seen_at, session.id.0)));
        Ok(Overview {
            tokens,
            revoked,
            activity,
            sessions,
            in_all: self
                .in_all
                .into_iter()
                .next()
                .map_or_else(InAll::default, Into::into),
        })
    }
}

impl Store {
    /// A client's tokens, sessions and trail.
    pub async fn overview_of(
        &self,
        client: ClientId,
        limits: OverviewLimits,
    ) -> Result<Overview, StoreError> {
        self.faults.strike()?;
        let client = client.0;
        let revoked_after = limits.revoked_after.unix();
        let lines = i64::from(limits.lines);
        let created_after = limits.sessions.created_after.unix();
        let seen_after = limits.sessions.seen_after.unix();
        let most_tokens = i64::from(limits.tokens);
        let rows = i64::from(limits.rows);
        let row = match &self.db {
            Db::Sqlite { reader, .. } => {
                let read = move |snapshot: &mut Snapshot<'_>| {
                    let mut activity = Vec::new();
                    for event in Event::ALL {
                        let event = event.as_str().to_owned().into();
                        let values: [Value; 3] = [client.into(), event, lines.into()];
                        activity.extend(read_rows(snapshot, activity!("$1", "$2", "$3"), values)?);
                    }
                    // SQLite counts the values by where each is first named.
                    let of_tokens = [client, most_tokens, revoked_after, rows];
                    let tokens = tokens!("$1", "$2", "$3", "$4");
                    let sessions = latest_sessions!("$1", "$2", "$3", "$4");
                    let in_all = in_all!("$1", "$2", "$3", "$4");
                    let of_sessions = [client, created_after, seen_after, rows];
                    let of_all = [client, revoked_after, created_after, seen_after];
                    Ok(OverviewRow {
                        activity,
                        tokens: read_rows(snapshot, tokens, of_tokens)?,
                        sessions: read_rows(snapshot, sessions, of_sessions)?,
                        in_all: read_rows(snapshot, in_all, of_all)?,
                    })
                };
                reader.ask(read).await?
            }
            Db::Postgres { lookups, .. } => {
                let values = [
                    client,
                    revoked_after,
                    lines,
                    created_after,
                    seen_after,
                    most_tokens,
                    rows,
                ];
                let values = values.map(Into::into).into();
                let row = lookups.overviews.find(values).await?;
                row.ok_or(sqlx::Error::RowNotFound)?
            }
        };
        row.into_overview()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_the_trail_is_asked_for() {
        let all = Event::ALL.map(|event| format!("'{}'", event.as_str()));
        assert_eq!(events!(), all.join(", "));
    }
}
