//! Claiming a mail, sending which takes long, and writing down what became of it.

use const_format::formatcp;

use super::{COLUMNS, MailRow};
use crate::{
    model::{
        activity::Event,
        client::{Client, ClientId, ClientStatus, Email},
        mail::MailKind,
        timestamp::Timestamp,
    },
    server::{
        actor::Actor,
        store::{
            NewActivity, Store, StoreError,
            clients::client_in,
            db::{Db, Tx},
            rows::values,
        },
        token_secret::SecretHash,
    },
};

/// Links to reset a password that a client is sent within an hour.
const MAX_RESETS: u32 = 3;

/// A mail that this process may send until its lease ends.
#[derive(Clone, Debug)]
pub struct ClaimedMail {
    /// Its number.
    pub id: i64,
    /// Whose account it is about.
    pub client: Client,
    /// What it is about.
    pub kind: MailKind,
    /// Whom it goes to.
    pub recipient: String,
    /// What it tells of, as text.
    pub about: Option<String>,
    /// Who did that, and from where.
    pub actor: Actor,
    /// When that was.
    pub at: Timestamp,
    /// The message's ID without the domain.
    pub message_id: String,
    /// How often it was tried, this time included.
    pub tries: i64,
}

/// What became of a mail that was due.
#[derive(Clone, Debug)]
pub enum Claim {
    /// It is to be sent.
    Mail(Box<ClaimedMail>),
    /// There was no reason to send it any more, so it was deleted.
    Dropped,
    /// None is due.
    Nothing,
}

impl Store {
    /// Whether a mail is due.
    pub async fn has_due_mail(&self, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM mails WHERE due_at <= $1 LIMIT 1";
        let due: Option<(i64,)> = self.read_one(sql, values![now.unix()]).await?;
        Ok(due.is_some())
    }

    /// Claims a mail that is due until `lease_ends`, so that no other node sends it meanwhile. With a link in it, the link
    /// of `hash` is made.
    pub async fn claim_mail(
        &self,
        hash: SecretHash,
        now: Timestamp,
        lease_ends: Timestamp,
    ) -> Result<Claim, StoreError> {
        const DUE: &str = "SELECT id FROM mails WHERE due_at <= $1 ORDER BY due_at, id LIMIT 1";
        const SQLITE: &str = formatcp!(
            "UPDATE mails SET due_at = $2, tries = tries + 1 WHERE id = ({DUE}) RETURNING {COLUMNS}"
        );
        const POSTGRES: &str = formatcp!(
            "UPDATE mails SET due_at = $2, tries = tries + 1 WHERE id = ({DUE} FOR UPDATE SKIP LOCKED) \
             RETURNING {COLUMNS}"
        );
        let sql = match &self.db {
            Db::Sqlite { .. } => SQLITE,
            Db::Postgres(_) => POSTGRES,
        };
        let mut tx = self.begin_any().await?;
        let values = values![now.unix(), lease_ends.unix()];
        let Some(row) = tx.fetch_one::<MailRow>(sql, values).await? else {
            return Ok(Claim::Nothing);
        };
        let (id, kind) = (row.id, row.kind()?);
        let wanted = match row.client_id {
            Some(client) => tx.recipient(ClientId(client), kind, row.at).await?,
            None => tx.resolve(&row, now).await?,
        };
        let Some(client) = wanted else {
            tx.delete_mail(id).await?;
            tx.commit().await?;
            return Ok(Claim::Dropped);
        };
        if let Some(link) = kind.link() {
            tx.add_link(client.id, link, hash, now).await?;
        }
        tx.commit().await?;
        Ok(Claim::Mail(Box::new(ClaimedMail {
            id,
            kind,
            // A link lets its holder in, so it goes to where the client is now.
            recipient: match kind.link() {
                Some(_) => client.email.to_string(),
                None => row.recipient.clone(),
            },
            actor: row.actor()?,
            at: Timestamp::from_unix(row.at),
            tries: row.tries,
            about: row.about,
            message_id: row.message_id,
            client,
        })))
    }

    /// Deletes a mail that was sent.
    pub async fn mail_was_sent(&self, id: i64) -> Result<(), StoreError> {
        let sql = "DELETE FROM mails WHERE id = $1";
        self.write(sql, values![id]).await?;
        Ok(())
    }

    /// Writes down why a mail could not be sent, and when to try again. `unsent_link` is the link that nobody got.
    pub async fn mail_failed(
        &self,
        id: i64,
        error: &str,
        next_try_at: Timestamp,
        unsent_link: Option<SecretHash>,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_any().await?;
        let sql = "UPDATE mails SET error = $1, due_at = $2 WHERE id = $3";
        tx.execute(sql, values![error, next_try_at.unix(), id])
            .await?;
        if let Some(hash) = unsent_link {
            tx.delete_link(hash).await?;
        }
        tx.commit().await
    }

    /// Deletes a mail that is not tried again, and records that.
    pub async fn give_up_mail(
        &self,
        id: i64,
        unsent_link: Option<SecretHash>,
        activity: NewActivity,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_any().await?;
        tx.delete_mail(id).await?;
        if let Some(hash) = unsent_link {
            tx.delete_link(hash).await?;
        }
        tx.record(activity).await?;
        tx.commit().await
    }
}

impl Tx {
    /// The client that a mail of the time `at` goes to. `None` if there is no reason for it any more.
    async fn recipient(
        &mut self,
        id: ClientId,
        kind: MailKind,
        at: i64,
    ) -> Result<Option<Client>, StoreError> {
        if kind.link().is_some() {
            // Whatever ends the client's links comes before the one that is made here, or after it.
            let sql = "SELECT 1 FROM clients WHERE id = $1 FOR NO KEY UPDATE";
            self.lock(sql, values![id.0]).await?;
        }
        let client = client_in(self, id).await?.into_client()?;
        let may_log_in = client.status != ClientStatus::Closed;
        let is_wanted = match kind {
            MailKind::Reset => may_log_in && !self.has_changed_password(id, at).await?,
            MailKind::Invitation => may_log_in && !self.has_password(id).await?,
            _ => true,
        };
        Ok(is_wanted.then_some(client))
    }

    /// Whether a client's password was changed after `since`.
    async fn has_changed_password(&mut self, id: ClientId, since: i64) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM activity WHERE client_id = $1 AND event = $2 AND at > $3 LIMIT 1";
        let values = values![id.0, Event::PasswordChanged.as_str(), since];
        let found: Option<(i64,)> = self.fetch_one(sql, values).await?;
        Ok(found.is_some())
    }

    /// The client whose address somebody typed, if they may be sent another link. The mail is theirs from now on, and goes
    /// to the address that is stored, never to the one that was typed.
    async fn resolve(
        &mut self,
        row: &MailRow,
        now: Timestamp,
    ) -> Result<Option<Client>, StoreError> {
        let Ok(email) = row.recipient.parse::<Email>() else {
            return Ok(None);
        };
        let Some(id) = self.id_of(&email).await? else {
            return Ok(None);
        };
        // This locks the client, so that two nodes count one after the other.
        let Some(client) = self.recipient(id, MailKind::Reset, row.at).await? else {
            return Ok(None);
        };
        let recent = self.count_recent(id, Event::PasswordResetRequested, now, MAX_RESETS);
        if recent.await? >= i64::from(MAX_RESETS) {
            return Ok(None);
        }
        let sql = "UPDATE mails SET client_id = $1, recipient = $2 WHERE id = $3";
        self.execute(sql, values![id.0, client.email.as_str(), row.id])
            .await?;
        let asked = NewActivity::new(id, Event::PasswordResetRequested, &row.actor()?, now);
        self.record(asked).await?;
        Ok(Some(client))
    }

    async fn delete_mail(&mut self, id: i64) -> Result<(), StoreError> {
        let sql = "DELETE FROM mails WHERE id = $1";
        self.execute(sql, values![id]).await?;
        Ok(())
    }
}
