//! Links with which clients get into their account: each works once.

use const_format::formatcp;

use super::{
    NewActivity, Store, StoreError,
    clients::client_in,
    db::Tx,
    invitation::{Invitation, Invited},
    rows::{CLIENT_COLUMNS, ClientRow, row, values},
};
use crate::{
    model::{
        activity::Event,
        client::{Client, ClientId, ClientStatus},
        mail::{LinkKind, MailKind},
        timestamp::Timestamp,
    },
    server::{actor::Actor, token_secret::SecretHash},
};

/// A valid link.
#[derive(Clone, Debug)]
pub struct FoundLink {
    /// What it lets its holder do.
    pub kind: LinkKind,
    /// Whose account it is for.
    pub client: Client,
}

row! {
    struct LinkRow {
        link_id: i64,
        kind: String,
        #[sqlx(flatten)]
        client: ClientRow,
    }
}

const VALID: &str = formatcp!(
    "SELECT l.id AS link_id, l.kind, {CLIENT_COLUMNS} FROM links l JOIN clients c ON c.id = l.client_id \
     WHERE l.hash = $1 AND l.expires_at > $2 AND c.status <> 'closed'"
);

impl LinkRow {
    fn into_link(self) -> Result<FoundLink, StoreError> {
        let bad_row = StoreError::BadRow {
            table: "links",
            id: self.link_id,
        };
        Ok(FoundLink {
            kind: LinkKind::from_word(&self.kind).ok_or(bad_row)?,
            client: self.client.into_client()?,
        })
    }
}

impl Store {
    /// The link whose secret has this hash, unless it has expired or the client is closed.
    pub async fn link_by_hash(
        &self,
        hash: SecretHash,
        now: Timestamp,
    ) -> Result<Option<FoundLink>, StoreError> {
        let row: Option<LinkRow> = self.read_one(VALID, values![hash.0, now.unix()]).await?;
        row.map(LinkRow::into_link).transpose()
    }

    /// Invites a client who has no password.
    pub async fn invite(
        &self,
        client: ClientId,
        by: Invitation,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Invited, StoreError> {
        let mut tx = self.begin(client).await?;
        let status = client_in(&mut tx, client).await?.into_client()?.status;
        if status == ClientStatus::Closed {
            return Ok(Invited::Closed);
        }
        if tx.has_password(client).await? {
            return Ok(Invited::HasPassword);
        }
        if !tx.add_invitation(client, by, actor, now).await? {
            return Ok(Invited::TooMany);
        }
        tx.commit().await?;
        Ok(Invited::Done)
    }

    /// Sets the password that the holder of a link has chosen: ends the client's sessions and all other links, and revokes
    /// the tokens, too, if that is wanted. `false` if the link is not valid any more.
    pub async fn set_password_by_link(
        &self,
        hash: SecretHash,
        client: ClientId,
        password_hash: &str,
        revoke_tokens: bool,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin(client).await?;
        let row: Option<LinkRow> = tx.fetch_one(VALID, values![hash.0, now.unix()]).await?;
        let link = row.map(LinkRow::into_link).transpose()?;
        if link.is_none_or(|link| link.client.id != client) {
            return Ok(false);
        }
        tx.replace_password(client, password_hash).await?;
        if revoke_tokens {
            tx.revoke_tokens(client, actor, now).await?;
        }
        tx.record(NewActivity::new(client, Event::PasswordChanged, actor, now))
            .await?;
        tx.commit().await?;
        Ok(true)
    }
}

impl Tx {
    /// Makes the invitation of a client; `false` if too many mails wait.
    pub(super) async fn add_invitation(
        &mut self,
        client: ClientId,
        by: Invitation,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        match by {
            Invitation::Mail => {
                self.add_mail(client, MailKind::Invitation, None, actor, now)
                    .await
            }
            Invitation::Print(hash) => {
                self.add_link(client, LinkKind::Invitation, hash, now)
                    .await?;
                Ok(true)
            }
        }
    }

    /// Makes a link that is valid from `now` on. Deletes those that have expired.
    pub(super) async fn add_link(
        &mut self,
        client: ClientId,
        kind: LinkKind,
        hash: SecretHash,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM links WHERE client_id = $1 AND expires_at <= $2";
        self.execute(sql, values![client.0, now.unix()]).await?;
        let sql = "INSERT INTO links (client_id, kind, hash, expires_at) VALUES ($1, $2, $3, $4)";
        let expires_at = now.minus(-kind.valid_for()).unix();
        let values = values![client.0, kind.as_str(), hash.0, expires_at];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Deletes a link that nobody has.
    pub(super) async fn delete_link(&mut self, hash: SecretHash) -> Result<(), StoreError> {
        let sql = "DELETE FROM links WHERE hash = $1";
        self.execute(sql, values![hash.0]).await?;
        Ok(())
    }

    /// Deletes all links of a client.
    pub(super) async fn delete_links(&mut self, of: ClientId) -> Result<(), StoreError> {
        let sql = "DELETE FROM links WHERE client_id = $1";
        self.execute(sql, values![of.0]).await?;
        Ok(())
    }
}
