//! The audit trail in the database.

use std::fmt;

use super::{
    Store, StoreError,
    db::{Tx, in_tx, rows_affected},
    row::row,
};
use crate::{
    model::{
        activity::{Activity, Event, TokenMention},
        address::Address,
        client::ClientId,
        timestamp::Timestamp,
        token::TokenId,
    },
    server::actor::Actor,
};

/// Something that happened, to be written down.
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

/// A part of a trail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrailPart {
    /// What is older than the line with this number; `None`: to the newest.
    pub before: Option<i64>,
    /// What is of this kind alone.
    pub event: Option<Event>,
}

impl NewActivity {
    /// Something that happened to a client's account.
    pub fn new(client: ClientId, event: Event, actor: &Actor, at: Timestamp) -> Self {
        Self {
            client,
            at,
            event,
            actor: actor.clone(),
            token: None,
        }
    }

    /// Who did it.
    pub(super) fn actor(&self) -> &Actor {
        &self.actor
    }

    /// It happened to this token, or by it.
    #[must_use]
    pub fn of_token(mut self, token: impl Into<TokenMention>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Whose account it happened to.
    pub fn client(&self) -> ClientId {
        self.client
    }

    /// Writes it to the log. Names stay out of it: what people type may hold anything.
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

/// The columns of an [`ActivityRow`], named one by one: a later version may add some while this one serves.
macro_rules! activity_columns {
    () => {
        "id, at, event, who, token_id, token_name, token_last_four, address, user_agent, request_id"
    };
}

pub(super) use activity_columns;

row! {
    record pub(super) struct ActivityRow {
        id: i64,
        at: i64,
        event: String,
        who: String,
        token_id: Option<i64>,
        token_name: Option<String>,
        token_last_four: Option<String>,
        address: Option<String>,
        user_agent: String,
        request_id: Option<String>,
    }
}

impl ActivityRow {
    pub(super) fn into_activity(self) -> Result<Activity, StoreError> {
        let bad_row = || StoreError::BadRow {
            table: "activity",
            id: self.id,
        };
        let token = match (self.token_id, self.token_name, self.token_last_four) {
            (Some(id), Some(name), Some(last_four)) => Some(TokenMention {
                id: TokenId(id),
                name,
                last_four,
            }),
            _ => None,
        };
        let address = self.address.map(|address| address.parse::<Address>());
        Ok(Activity {
            id: self.id,
            at: Timestamp::from_unix(self.at),
            event: self.event.parse().map_err(|()| bad_row())?,
            who: self.who.parse().map_err(|()| bad_row())?,
            token,
            address: address.transpose().map_err(|_| bad_row())?,
            user_agent: self.user_agent,
            request_id: self.request_id,
        })
    }
}

impl Store {
    /// Writes down something that changed nothing.
    pub async fn record(&self, activity: NewActivity) -> Result<(), StoreError> {
        self.record_all(&[activity]).await
    }

    /// Writes down some things that changed nothing, all of them or none.
    pub async fn record_all(&self, activities: &[NewActivity]) -> Result<(), StoreError> {
        let mut tx = self.begin_any().await?;
        for activity in activities {
            tx.record(activity.clone()).await?;
        }
        tx.commit().await
    }

    /// The last `limit` lines of a client's trail, newest first.
    pub async fn activity_of(
        &self,
        client: ClientId,
        limit: u32,
    ) -> Result<Vec<Activity>, StoreError> {
        self.activity_before(client, TrailPart::default(), limit)
            .await
    }

    /// The last `limit` lines of a part of a client's trail, newest first.
    pub async fn activity_before(
        &self,
        client: ClientId,
        part: TrailPart,
        limit: u32,
    ) -> Result<Vec<Activity>, StoreError> {
        const ALL: &str = concat!(
            "SELECT ",
            activity_columns!(),
            " FROM activity WHERE client_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
        );
        const OF_EVENT: &str = concat!(
            "SELECT ",
            activity_columns!(),
            " FROM activity WHERE client_id = $1 AND event = $2 AND id < $3 \
             ORDER BY id DESC LIMIT $4"
        );
        let before = part.before.unwrap_or(i64::MAX).into();
        let limit = i64::from(limit).into();
        let (sql, values) = match part.event {
            None => (ALL, vec![client.0.into(), before, limit]),
            Some(event) => {
                let event = event.as_str().to_owned().into();
                (OF_EVENT, vec![client.0.into(), event, before, limit])
            }
        };
        let rows: Vec<ActivityRow> = self.read_all(sql, values).await?;
        rows.into_iter().map(ActivityRow::into_activity).collect()
    }

    /// Whether a client has logged in from an address since `since`.
    pub async fn has_logged_in_from(
        &self,
        client: ClientId,
        address: Address,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM activity WHERE client_id = $1 AND address = $2 \
            AND event = 'logged_in' AND at >= $3 LIMIT 1";
        let values = [
            client.0.into(),
            address.to_string().into(),
            since.unix().into(),
        ];
        let found: Option<(i64,)> = self.read_one(sql, values).await?;
        Ok(found.is_some())
    }
}

impl Tx {
    /// Writes down what is done in this transaction; it stands if the transaction does.
    pub(super) async fn record(&mut self, activity: NewActivity) -> Result<(), StoreError> {
        let NewActivity {
            client,
            at,
            event,
            actor,
            token,
        } = &activity;
        in_tx!(self, |db| {
            rows_affected(
                sqlx::query(
                    "INSERT INTO activity (client_id, at, event, who, token_id, token_name, \
                 token_last_four, address, user_agent, request_id) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                )
                .bind(client.0)
                .bind(at.unix())
                .bind(event.as_str())
                .bind(actor.who.as_str())
                .bind(token.as_ref().map(|token| token.id.0))
                .bind(token.as_ref().map(|token| token.name.as_str()))
                .bind(token.as_ref().map(|token| token.last_four.as_str()))
                .bind(actor.address.map(|address| address.to_string()))
                .bind(actor.user_agent.as_str())
                .bind(actor.request_id.as_deref())
                .execute(db),
            )
        })?;
        self.recorded.push(activity);
        Ok(())
    }
}
