//! The audit trail in the database.

use std::fmt;

use const_format::formatcp;

use super::{
    Store, StoreError,
    db::Tx,
    rows::{ACTIVITY_COLUMNS, ActivityRow, values},
};
use crate::{
    model::{
        activity::{Activity, Event, TokenMention},
        address::Address,
        client::ClientId,
        timestamp::Timestamp,
    },
    server::actor::Actor,
};

/// An event to be recorded.
#[derive(Clone, Debug)]
pub struct NewActivity {
    client: ClientId,
    at: Timestamp,
    event: Event,
    actor: Actor,
    token: Option<TokenMention>,
}

impl fmt::Display for NewActivity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (event, client) = (self.event.as_str(), self.client.0);
        let request = self.actor.request_id.as_deref().unwrap_or("-");
        write!(f, "{event} of client {client}, request {request}, from ")?;
        match self.actor.address {
            Some(address) => address.fmt(f),
            None => f.write_str("nowhere known"),
        }
    }
}

/// A part of an audit trail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrailPart {
    /// Only entries older than the one with this id.
    pub before: Option<i64>,
    /// Only events of this kind.
    pub event: Option<Event>,
}

impl NewActivity {
    /// An event of a client's account.
    pub fn new(client: ClientId, event: Event, actor: &Actor, at: Timestamp) -> Self {
        Self {
            client,
            at,
            event,
            actor: actor.clone(),
            token: None,
        }
    }

    /// Who caused it.
    pub(super) fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What happened.
    pub(super) fn event(&self) -> Event {
        self.event
    }

    /// When.
    pub(super) fn at(&self) -> Timestamp {
        self.at
    }

    /// The token that it happened to.
    pub(super) fn token(&self) -> Option<&TokenMention> {
        self.token.as_ref()
    }

    /// The same event, of this token.
    #[must_use]
    pub fn of_token(mut self, token: impl Into<TokenMention>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The client.
    pub fn client(&self) -> ClientId {
        self.client
    }

    /// Writes it to the log. Names are left out, as users may type anything into them.
    pub(super) fn log(&self) {
        let Actor {
            who,
            address,
            request_id,
            ..
        } = &self.actor;
        tracing::info!(
            target: "opentill::activity",
            event = self.event.as_str(),
            client = self.client.0,
            who = who.as_str(),
            token = self.token.as_ref().map(|token| token.id.0),
            address = address.map(tracing::field::display),
            request = request_id,
        );
    }
}

impl Store {
    /// Records an event that changed nothing.
    pub async fn record(&self, activity: NewActivity) -> Result<(), StoreError> {
        self.record_all(&[activity]).await
    }

    /// Records events that changed nothing, all of them or none.
    pub async fn record_all(&self, activities: &[NewActivity]) -> Result<(), StoreError> {
        let mut tx = self.begin_any().await?;
        for activity in activities {
            tx.record(activity.clone()).await?;
        }
        tx.commit().await
    }

    /// The last `limit` entries of a client's trail, newest first.
    pub async fn activity_of(
        &self,
        client: ClientId,
        limit: u32,
    ) -> Result<Vec<Activity>, StoreError> {
        self.activity_before(client, TrailPart::default(), limit)
            .await
    }

    /// The last `limit` entries of a part of a client's trail, newest first.
    pub async fn activity_before(
        &self,
        client: ClientId,
        part: TrailPart,
        limit: u32,
    ) -> Result<Vec<Activity>, StoreError> {
        const ALL: &str = formatcp!(
            "SELECT {ACTIVITY_COLUMNS} FROM activity WHERE client_id = $1 AND id < $2 \
             ORDER BY id DESC LIMIT $3"
        );
        const OF_EVENT: &str = formatcp!(
            "SELECT {ACTIVITY_COLUMNS} FROM activity WHERE client_id = $1 AND event = $4 \
             AND id < $2 ORDER BY id DESC LIMIT $3"
        );
        let before = part.before.unwrap_or(i64::MAX);
        let mut values = values![client.0, before, limit];
        let mut sql = ALL;
        if let Some(event) = part.event {
            values.push(event.as_str().into());
            sql = OF_EVENT;
        }
        let rows: Vec<ActivityRow> = self.read_all(sql, values).await?;
        rows.into_iter().map(ActivityRow::into_activity).collect()
    }

    /// How many of the last `most` events of this kind happened at `since` or later.
    pub async fn count_recent(
        &self,
        client: ClientId,
        event: Event,
        since: Timestamp,
        most: u32,
    ) -> Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM (SELECT at FROM activity WHERE client_id = $1 \
            AND event = $2 ORDER BY id DESC LIMIT $4) latest WHERE at >= $3";
        let values = values![client.0, event.as_str(), since.unix(), most];
        let count: Option<(i64,)> = self.read_one(sql, values).await?;
        Ok(count.map_or(0, |(count,)| usize::try_from(count).unwrap_or_default()))
    }

    /// Whether a client has logged in from an IP address since `since`.
    pub async fn has_logged_in_from(
        &self,
        client: ClientId,
        address: Address,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM activity WHERE client_id = $1 AND address = $2 \
            AND event = 'logged_in' AND at >= $3 LIMIT 1";
        let values = values![client.0, address.to_string(), since.unix()];
        let found: Option<(i64,)> = self.read_one(sql, values).await?;
        Ok(found.is_some())
    }
}

impl Tx {
    /// Records an event of this transaction with the mail about it, and logs it once the transaction was committed.
    pub(super) async fn record(&mut self, activity: NewActivity) -> Result<(), StoreError> {
        let NewActivity {
            client,
            at,
            event,
            actor,
            token,
        } = &activity;
        let sql = "INSERT INTO activity (client_id, at, event, who, token_id, token_name, \
            token_last_four, token_scopes, token_expires_at, address, user_agent, request_id) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let values = values![
            client.0,
            at.unix(),
            event.as_str(),
            actor.who.as_str(),
            token.as_ref().map(|token| token.id.0),
            token.as_ref().map(|token| token.name.as_str()),
            token.as_ref().map(|token| token.last_four.as_str()),
            token.as_ref().and_then(|token| token.scopes.column()),
            token
                .as_ref()
                .and_then(|token| token.expires_at)
                .map(Timestamp::unix),
            actor.address.map(|address| address.to_string()),
            actor.user_agent.as_str(),
            actor.request_id.as_deref(),
        ];
        self.execute(sql, values).await?;
        self.add_mail_about(&activity).await?;
        self.on_commit(move || activity.log());
        Ok(())
    }
}
