//! What a client sees of its own account: several lists, asked for together and as of one moment.
//!
//! A page asks for all of them. One by one each would have to find its way to the database and back.

use sqlx::FromRow;

use super::{
    SessionLimits, Store, StoreError,
    activity::{ActivityRow, activity_columns},
    db::{Db, in_time},
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

// In each of them `$1` is the client. The other numbers are those of the statement that has all three in it; SQLite, which
// asks for one after the other, takes them for names and numbers them anew.
macro_rules! tokens {
    () => {
        concat!(
            "SELECT ",
            token_columns!(),
            " FROM tokens WHERE client_id = $1 AND (revoked_at IS NULL OR revoked_at > $2) \
             ORDER BY revoked_at DESC, created_at DESC, id DESC"
        )
    };
}

macro_rules! activity {
    () => {
        concat!(
            "SELECT ",
            activity_columns!(),
            " FROM activity WHERE client_id = $1 ORDER BY id DESC LIMIT $3"
        )
    };
}

macro_rules! sessions {
    () => {
        "SELECT id, user_agent, created_at, last_seen_at FROM sessions \
         WHERE client_id = $1 AND created_at > $4 AND last_seen_at > $5 \
         ORDER BY last_seen_at DESC, id DESC"
    };
}

/// A column for each list.
const ALL: &str = concat!(
    "SELECT ARRAY(SELECT t FROM (",
    tokens!(),
    ") t) AS tokens, ARRAY(SELECT a FROM (",
    activity!(),
    ") a) AS activity, ARRAY(SELECT s FROM (",
    sessions!(),
    ") s) AS sessions"
);

#[derive(FromRow)]
struct Rows {
    tokens: Vec<TokenRow>,
    activity: Vec<ActivityRow>,
    sessions: Vec<SessionRow>,
}

impl Rows {
    fn into_overview(self) -> Result<Overview, StoreError> {
        let (tokens, revoked) = active_and_revoked(self.tokens)?;
        let activity = self.activity.into_iter().map(ActivityRow::into_activity);
        Ok(Overview {
            tokens,
            revoked,
            activity: activity.collect::<Result<_, _>>()?,
            sessions: self.sessions.into_iter().map(Into::into).collect(),
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
        let rows = match &self.db {
            Db::Sqlite { reader, .. } => {
                let read = move |connection: &rusqlite::Connection| {
                    Ok(Rows {
                        tokens: rows(connection, tokens!(), [client, revoked_after])?,
                        activity: rows(connection, activity!(), [client, lines])?,
                        sessions: rows(
                            connection,
                            sessions!(),
                            [client, created_after, seen_after],
                        )?,
                    })
                };
                reader.ask(read).await?
            }
            Db::Postgres { pool, .. } => {
                let mut connection = pool.acquire().await?;
                let all = sqlx::query_as(ALL)
                    .bind(client)
                    .bind(revoked_after)
                    .bind(lines)
                    .bind(created_after)
                    .bind(seen_after)
                    .fetch_one(connection.ask()?);
                let outcome = in_time(all).await;
                connection.heard(outcome)?
            }
        };
        rows.into_overview()
    }
}
