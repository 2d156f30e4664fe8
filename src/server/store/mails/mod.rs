//! The outbox: mails that were not sent yet.
//!
//! A mail is a row, written in the transaction that is its reason. Whichever node claims it ([`claim`]) sends it, and deletes
//! the row when the mail server has accepted it.

mod claim;

use const_format::formatcp;

pub use self::claim::{Claim, ClaimedMail};
use super::{
    NewActivity, Store, StoreError,
    db::Tx,
    outbox::Outbox,
    rows::{row, values},
};
use crate::{
    model::{
        activity::{Event, Who},
        address::Address,
        client::{ClientId, Email},
        mail::{MailKind, MailSummary},
        timestamp::{HOUR, Timestamp},
    },
    server::{actor::Actor, token_secret::random_base62},
};

/// Mails that wait at most, of all clients and of one. More are not written down; the activity has what they would tell.
const MAX_MAILS: u32 = 10_000;
const MAX_MAILS_OF_CLIENT: u32 = 100;
/// Mails of a kind that tell a client of events within an hour.
const MAX_TOLD: u32 = 20;
/// Characters of a message's ID before the domain.
const MESSAGE_ID_LEN: usize = 24;

row! {
    struct MailRow {
        id: i64,
        client_id: Option<i64>,
        kind: String,
        recipient: String,
        about: Option<String>,
        who: String,
        address: Option<String>,
        user_agent: String,
        at: i64,
        message_id: String,
        due_at: i64,
        tries: i64,
        error: Option<String>,
    }
}

const COLUMNS: &str = "id, client_id, kind, recipient, about, who, address, user_agent, at, message_id, \
     due_at, tries, error";
const INSERT: &str = "INSERT INTO mails (client_id, kind, recipient, about, who, address, user_agent, at, \
     message_id, due_at)";

impl MailRow {
    fn bad(&self) -> StoreError {
        StoreError::BadRow {
            table: "mails",
            id: self.id,
        }
    }

    fn kind(&self) -> Result<MailKind, StoreError> {
        MailKind::from_word(&self.kind).ok_or_else(|| self.bad())
    }

    fn actor(&self) -> Result<Actor, StoreError> {
        let address = self.address.as_deref().map(str::parse::<Address>);
        let address = address.transpose().map_err(|_| self.bad())?;
        Ok(Actor {
            who: Who::from_word(&self.who).ok_or_else(|| self.bad())?,
            ..Actor::anybody(address, &self.user_agent, None)
        })
    }
}

impl Store {
    /// The same store, which writes mails down.
    #[must_use]
    pub fn with_outbox(mut self) -> Self {
        self.outbox = Outbox::on();
        self
    }

    /// The same store, which writes no mails down.
    #[must_use]
    pub fn without_outbox(mut self) -> Self {
        self.outbox = Outbox::default();
        self
    }

    /// Where this store writes mails down.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Writes down that somebody asked for a link to reset the password of the account `email`. Whether there is one is
    /// looked up when the mail is due: here the work is the same either way.
    pub async fn ask_for_reset(
        &self,
        email: &Email,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = formatcp!(
            "{INSERT} SELECT NULL, $1, $2, NULL, $3, $4, $5, $6, $7, $6 \
             WHERE (SELECT count(*) FROM mails) < {MAX_MAILS}"
        );
        let mut tx = self.begin_any().await?;
        let values = values![
            MailKind::Reset.as_str(),
            email.as_str(),
            actor.who.as_str(),
            actor.address.map(|address| address.to_string()),
            actor.user_agent.as_str(),
            now.unix(),
            random_base62(MESSAGE_ID_LEN),
        ];
        if tx.execute(SQL, values).await? == 0 {
            tracing::error!(
                "a request to reset a password is not written down: too many mails wait"
            );
        }
        tx.announce_mail();
        tx.commit().await
    }

    /// The first mails after the one with the number `after`, for the operator.
    pub async fn mails_after(
        &self,
        after: i64,
        limit: u32,
    ) -> Result<Vec<MailSummary>, StoreError> {
        const SQL: &str =
            formatcp!("SELECT {COLUMNS} FROM mails WHERE id > $1 ORDER BY id LIMIT $2");
        let rows: Vec<MailRow> = self.read_all(SQL, values![after, limit]).await?;
        let summary = |row: MailRow| {
            Ok(MailSummary {
                id: row.id,
                kind: row.kind()?,
                recipient: row.recipient,
                created_at: Timestamp::from_unix(row.at),
                tries: row.tries,
                next_try_at: Timestamp::from_unix(row.due_at),
                error: row.error,
            })
        };
        rows.into_iter().map(summary).collect()
    }
}

impl Tx {
    /// Writes down a mail to a client, unless too many wait; `false`: they do.
    pub(super) async fn add_mail(
        &mut self,
        client: ClientId,
        kind: MailKind,
        about: Option<String>,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        const SQL: &str = formatcp!(
            "{INSERT} SELECT c.id, $2, c.email, $3, $4, $5, $6, $7, $8, $7 FROM clients c WHERE c.id = $1 \
             AND (SELECT count(*) FROM mails) < {MAX_MAILS} \
             AND (SELECT count(*) FROM mails WHERE client_id = $1) < {MAX_MAILS_OF_CLIENT}"
        );
        let values = values![
            client.0,
            kind.as_str(),
            about,
            actor.who.as_str(),
            actor.address.map(|address| address.to_string()),
            actor.user_agent.as_str(),
            at.unix(),
            random_base62(MESSAGE_ID_LEN),
        ];
        let is_added = self.execute(SQL, values).await? == 1;
        if !is_added {
            let (client, kind) = (client.0, kind.as_str());
            tracing::error!(client, kind, "a mail is not written down: too many wait");
        }
        self.announce_mail();
        Ok(is_added)
    }

    /// Writes down the mail about an event that was recorded, if there is one. A client who causes many is told of the
    /// first ones of an hour.
    pub(super) async fn add_mail_about(&mut self, event: &NewActivity) -> Result<(), StoreError> {
        let Some(kind) = MailKind::of_event(event.event(), event.actor().who) else {
            return Ok(());
        };
        if !self.outbox().is_on() {
            return Ok(());
        }
        let recent = self.count_recent(event.client(), event.event(), event.at(), MAX_TOLD);
        if recent.await? > i64::from(MAX_TOLD) {
            return Ok(());
        }
        let about = event
            .token()
            .map(|token| format!("{} ({})", token.name, token.hint()));
        self.add_mail(event.client(), kind, about, event.actor(), event.at())
            .await?;
        Ok(())
    }

    /// Wakes whoever sends mails once this transaction was committed.
    fn announce_mail(&mut self) {
        let outbox = self.outbox().clone();
        self.on_commit(move || outbox.announce());
    }

    /// How many of the last events of a kind happened within an hour before `at`; at most one more than `most`.
    async fn count_recent(
        &mut self,
        client: ClientId,
        event: Event,
        at: Timestamp,
        most: u32,
    ) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM (SELECT at FROM activity WHERE client_id = $1 \
            AND event = $2 ORDER BY id DESC LIMIT $4) latest WHERE at > $3";
        let since = at.minus(HOUR).unix();
        let values = values![client.0, event.as_str(), since, most + 1];
        let count: Option<(i64,)> = self.fetch_one(sql, values).await?;
        Ok(count.map_or(0, |(count,)| count))
    }
}
