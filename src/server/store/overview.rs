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
    row::rows,
    sessions::SessionRow,
    tokens::{TokenRow, active_and_revoked, token_columns},
};
use crate::domain::{
    activity::Activity,
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
    /// So many lines of the trail.
    pub lines: u32,
}

/// A client's tokens, sessions and trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// The active tokens, newest first.
    pub tokens: Vec<TokenSummary>,
    /// Those that were revoked, latest first.
    pub revoked: Vec<RevokedToken>,
    /// The last lines of the trail, newest first.
    pub activity: Vec<Activity>,
    /// The sessions, last seen first.
    pub sessions: Vec<SessionSummary>,
}

// They come in whatever order it takes least to read them in, and are sorted here; of the trail only the end is read.

macro_rules! tokens {
    ($client:literal, $revoked_after:literal) => {
        concat!(
            "SELECT ",
            token_columns!(),
            " FROM tokens WHERE client_id = ",
            $client,
            " AND (revoked_at IS NULL OR revoked_at > ",
            $revoked_after,
            ")"
        )
    };
}

macro_rules! activity {
    ($client:literal, $lines:literal) => {
        concat!(
            "SELECT ",
            activity_columns!(),
            " FROM activity WHERE client_id = ",
            $client,
            " ORDER BY id DESC LIMIT ",
            $lines
        )
    };
}

macro_rules! sessions {
    ($client:literal, $created_after:literal, $seen_after:literal) => {
        concat!(
            "SELECT id, user_agent, created_at, last_seen_at FROM sessions WHERE client_id = ",
            $client,
            " AND created_at > ",
            $created_after,
            " AND last_seen_at > ",
            $seen_after
        )
    };
}

/// A row with a column for each list.
macro_rules! overview {
    ($client:literal, $revoked_after:literal, $lines:literal, $created_after:literal, $seen_after:literal) => {
        concat!(
            "SELECT ARRAY(SELECT t FROM (",
            tokens!($client, $revoked_after),
            ") t) AS tokens, ARRAY(SELECT a FROM (",
            activity!($client, $lines),
            ") a) AS activity, ARRAY(SELECT s FROM (",
            sessions!($client, $created_after, $seen_after),
            ") s) AS sessions"
        )
    };
}

#[derive(FromRow)]
pub(super) struct OverviewRow {
    tokens: Vec<TokenRow>,
    activity: Vec<ActivityRow>,
    sessions: Vec<SessionRow>,
}

impl FoundByRow for OverviewRow {
    const ONE: &'static str = overview!("$1", "$2", "$3", "$4", "$5");
    const ALL: &'static str = for_all!(
        "$1, $2, $3, $4, $5",
        "client, revoked_after, lines, created_after, seen_after",
        overview!(
            "asked.client",
            "asked.revoked_after",
            "asked.lines",
            "asked.created_after",
            "asked.seen_after"
        )
    );
}

impl OverviewRow {
    fn into_overview(self) -> Result<Overview, StoreError> {
        let (mut tokens, mut revoked) = active_and_revoked(self.tokens)?;
        tokens.sort_by_key(|token| Reverse((token.created_at, token.id)));
        revoked.sort_by_key(|of| Reverse((of.revoked_at, of.token.created_at, of.token.id)));
        let activity = self.activity.into_iter().map(ActivityRow::into_activity);
        let mut sessions: Vec<SessionSummary> = self.sessions.into_iter().map(Into::into).collect();
        sessions.sort_by_key(|session| Reverse((session.last_seen_at, session.id.0)));
        Ok(Overview {
            tokens,
            revoked,
            activity: activity.collect::<Result<_, _>>()?,
            sessions,
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
        let row = match &self.db {
            Db::Sqlite { reader, .. } => {
                let read = move |snapshot: &mut Snapshot<'_>| {
                    let tokens = tokens!("$1", "$2");
                    let activity = activity!("$1", "$2");
                    let sessions = sessions!("$1", "$2", "$3");
                    Ok(OverviewRow {
                        tokens: rows(snapshot, tokens, [client, revoked_after])?,
                        activity: rows(snapshot, activity, [client, lines])?,
                        sessions: rows(snapshot, sessions, [client, created_after, seen_after])?,
                    })
                };
                reader.ask(read).await?
            }
            Db::Postgres { lookups, .. } => {
                let values = [client, revoked_after, lines, created_after, seen_after];
                let values = values.map(Into::into).into();
                let row = lookups.overviews.find(values).await?;
                row.ok_or(sqlx::Error::RowNotFound)?
            }
        };
        row.into_overview()
    }
}
