//! Clients in the database.

use const_format::formatcp;

use super::{
    Invitation, NewActivity, NewSession, Store, StoreError,
    db::Tx,
    rows::{CLIENT_COLUMNS, ClientRow, row, values},
};
use crate::{
    model::{
        client::{Client, ClientId, ClientStatus, Email, own_words},
        contact::Contact,
        session::SessionId,
        timestamp::Timestamp,
    },
    server::actor::Actor,
};

/// A client to be added.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// Name, company and postal address.
    pub contact: Contact,
    /// Email address used to log in.
    pub email: Email,
    /// ISO 4217.
    pub currency_code: String,
    /// Password hash, a PHC string. Without one the client cannot log in.
    pub password_hash: Option<String>,
}

impl NewClient {
    /// Words that anybody who knows the client would try as a password.
    pub fn own_words(&self) -> Vec<&str> {
        own_words(&self.email, &self.contact)
    }
}

row! {
    struct ClientAndPasswordRow {
        password_hash: Option<String>,
        #[sqlx(flatten)]
        client: ClientRow,
    }
}

impl Store {
    /// Adds a client, and invites them if that is wanted; `None` if the email address is taken.
    pub async fn add_client(
        &self,
        new: &NewClient,
        invitation: Option<Invitation>,
        now: Timestamp,
    ) -> Result<Option<ClientId>, StoreError> {
        let mut tx = self.begin_any().await?;
        // No client is added under a key of an earlier version, so none can come between.
        if tx.is_taken(&new.email, ClientId(0)).await? {
            return Ok(None);
        }
        let sql = "INSERT INTO clients (name, email, email_key, company, phone, address1, address2, \
            city, state, postcode, country, currency_code, status, password_hash, created_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULLIF($11, ''), $12, 'active', $13, $14) \
            ON CONFLICT (email_key) DO NOTHING RETURNING id";
        let values = values![
            new.contact.name.as_str(),
            new.email.as_str(),
            new.email.key(),
            new.contact.company.as_deref(),
            new.contact.phone.as_deref(),
            new.contact.address1.as_str(),
            new.contact.address2.as_deref(),
            new.contact.city.as_str(),
            new.contact.state.as_str(),
            new.contact.postcode.as_str(),
            new.contact.country.as_str(),
            new.currency_code.as_str(),
            new.password_hash.as_deref(),
            now.unix(),
        ];
        let added: Option<(i64,)> = tx.fetch_one(sql, values).await?;
        let added = added.map(|(id,)| ClientId(id));
        if let (Some(id), Some(by)) = (added, invitation) {
            tx.add_invitation(id, by, &Actor::operator(), now).await?;
        }
        tx.commit().await?;
        Ok(added)
    }

    /// The oldest clients that are newer than `after`.
    pub async fn clients_after(
        &self,
        after: Option<ClientId>,
        limit: u32,
    ) -> Result<Vec<Client>, StoreError> {
        let accounts = self.accounts_after(after, limit).await?;
        Ok(accounts.into_iter().map(|account| account.client).collect())
    }

    /// The client with this email address, and its password hash.
    pub async fn client_by_email(
        &self,
        email: &Email,
    ) -> Result<Option<(Client, Option<String>)>, StoreError> {
        const SQL: &str = formatcp!(
            "SELECT c.password_hash, {CLIENT_COLUMNS} FROM clients c \
             WHERE c.email_key IN ($1, $2, $3, $4) ORDER BY c.email_key <> $1 LIMIT 1"
        );
        let [key, composed, decomposed, typed] = email.keys();
        let values = values![key, composed, decomposed, typed];
        let row: Option<ClientAndPasswordRow> = self.read_one(SQL, values).await?;
        row.map(|row| Ok((row.client.into_client()?, row.password_hash)))
            .transpose()
    }

    /// The highest cost of all hashes of bcrypt, which were imported. `None`: there are none.
    pub async fn highest_bcrypt_cost(&self) -> Result<Option<u32>, StoreError> {
        let sql = "SELECT max(substr(password_hash, 5, 2)) FROM clients \
            WHERE substr(password_hash, 1, 2) = '$2'";
        let found: Option<(Option<String>,)> = self.read_one(sql, Vec::new()).await?;
        Ok(found.and_then(|(cost,)| cost?.parse().ok()))
    }

    /// Sets a password, whatever it was before, and ends all of the client's sessions.
    pub async fn set_password(
        &self,
        id: ClientId,
        hash: &str,
        activity: NewActivity,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin(id).await?;
        tx.replace_password(id, hash).await?;
        tx.record(activity).await?;
        tx.commit().await
    }

    /// Replaces the password whose hash is that of `session`, ends all of the client's sessions and begins that one.
    /// `None` if the password has changed since: nothing was done.
    pub async fn change_password(
        &self,
        hash: &str,
        session: NewSession<'_>,
        activity: NewActivity,
    ) -> Result<Option<SessionId>, StoreError> {
        let mut tx = self.begin_as(session.client, activity.actor()).await?;
        let values = values![hash, session.client.0, session.password_hash];
        if tx.execute(REPLACE_PASSWORD, values).await? == 0 {
            return Ok(None);
        }
        tx.end_sessions(session.client).await?;
        tx.delete_links(session.client).await?;
        let id = tx
            .insert_session(&session, activity.actor().address)
            .await?;
        tx.record(activity).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// Replaces the hash `old` of a password that stays the same, unless it has changed since.
    pub async fn rehash_password(
        &self,
        id: ClientId,
        old: &str,
        new: &str,
    ) -> Result<(), StoreError> {
        self.write(REPLACE_PASSWORD, values![new, id.0, old])
            .await?;
        Ok(())
    }

    /// Changes the data that a client may change itself, if `may_replace` agrees to the stored data being replaced. Returns
    /// the data that was stored before.
    pub async fn set_details(
        &self,
        id: ClientId,
        new: &Contact,
        may_replace: impl Fn(&Contact) -> bool,
        activity: NewActivity,
    ) -> Result<Contact, StoreError> {
        let mut tx = self.begin_active(id, activity.actor()).await?;
        let old = client_in(&mut tx, id).await?.into_client()?.contact;
        if old == *new || !may_replace(&old) {
            return Ok(old);
        }
        tx.set_contact(id, new).await?;
        tx.record(activity).await?;
        tx.commit().await?;
        Ok(old)
    }

    /// Sets a client's status; `false` if it was the same before. Closing an account ends all of its sessions.
    pub async fn set_status(
        &self,
        id: ClientId,
        status: ClientStatus,
        activity: NewActivity,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin(id).await?;
        let sql = "UPDATE clients SET status = $1 WHERE id = $2 AND status <> $1";
        if tx.execute(sql, values![status.as_str(), id.0]).await? == 0 {
            return Ok(false);
        }
        if status == ClientStatus::Closed {
            tx.end_sessions(id).await?;
        }
        tx.record(activity).await?;
        tx.commit().await?;
        Ok(true)
    }
}

const REPLACE_PASSWORD: &str =
    "UPDATE clients SET password_hash = $1 WHERE id = $2 AND password_hash = $3";

/// The client, as the transaction that changes it sees it.
pub(super) async fn client_in(tx: &mut Tx, id: ClientId) -> Result<ClientRow, StoreError> {
    const SQL: &str = formatcp!("SELECT {CLIENT_COLUMNS} FROM clients c WHERE c.id = $1");
    let row = tx.fetch_one(SQL, values![id.0]).await?;
    Ok(row.ok_or(sqlx::Error::RowNotFound)?)
}

impl Tx {
    /// Sets a password, whatever it was before, and ends all of the client's sessions and links.
    pub(super) async fn replace_password(
        &mut self,
        id: ClientId,
        hash: &str,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE clients SET password_hash = $1 WHERE id = $2";
        self.execute(sql, values![hash, id.0]).await?;
        self.end_sessions(id).await?;
        self.delete_links(id).await
    }

    /// Whether a client has a password.
    pub(super) async fn has_password(&mut self, id: ClientId) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM clients WHERE id = $1 AND password_hash IS NOT NULL";
        let found: Option<(i64,)> = self.fetch_one(sql, values![id.0]).await?;
        Ok(found.is_some())
    }

    /// The number of the client with this email address.
    pub(super) async fn id_of(&mut self, email: &Email) -> Result<Option<ClientId>, StoreError> {
        let sql = "SELECT id FROM clients WHERE email_key IN ($1, $2, $3, $4) \
            ORDER BY email_key <> $1 LIMIT 1";
        let [key, composed, decomposed, typed] = email.keys();
        let values = values![key, composed, decomposed, typed];
        let found: Option<(i64,)> = self.fetch_one(sql, values).await?;
        Ok(found.map(|(id,)| ClientId(id)))
    }

    /// Whether a client other than `but` has this email address, under whichever key.
    pub(super) async fn is_taken(
        &mut self,
        email: &Email,
        but: ClientId,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM clients WHERE email_key IN ($1, $2, $3, $4) AND id <> $5 LIMIT 1";
        let [key, composed, decomposed, typed] = email.keys();
        let values = values![key, composed, decomposed, typed, but.0];
        let taken: Option<(i64,)> = self.fetch_one(sql, values).await?;
        Ok(taken.is_some())
    }

    /// Sets all contact data of a client.
    pub(super) async fn set_contact(
        &mut self,
        id: ClientId,
        new: &Contact,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE clients SET name = $1, company = $2, phone = $3, address1 = $4, \
            address2 = $5, city = $6, state = $7, postcode = $8, country = NULLIF($9, '') WHERE id = $10";
        let values = values![
            new.name.as_str(),
            new.company.as_deref(),
            new.phone.as_deref(),
            new.address1.as_str(),
            new.address2.as_deref(),
            new.city.as_str(),
            new.state.as_str(),
            new.postcode.as_str(),
            new.country.as_str(),
            id.0,
        ];
        self.execute(sql, values).await?;
        Ok(())
    }
}
