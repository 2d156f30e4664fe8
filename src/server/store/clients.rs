//! Clients in the database.

use const_format::formatcp;

use super::{
    NewActivity, NewSession, Store, StoreError,
    db::Tx,
    rows::{CLIENT_COLUMNS, ClientRow, row, values},
};
use crate::model::{
    client::{Client, ClientId, ClientStatus, Email, own_words},
    contact::Contact,
    session::SessionId,
    timestamp::Timestamp,
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
    /// Adds a client; `None` if the email address is taken.
    pub async fn add_client(
        &self,
        new: &NewClient,
        now: Timestamp,
    ) -> Result<Option<ClientId>, StoreError> {
        let mut tx = self.begin_any().await?;
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
        tx.commit().await?;
        Ok(added.map(|(id,)| ClientId(id)))
    }

    /// The oldest clients that are newer than `after`.
    pub async fn clients_after(
        &self,
        after: Option<ClientId>,
        limit: u32,
    ) -> Result<Vec<Client>, StoreError> {
        const SQL: &str = formatcp!(
            "SELECT {CLIENT_COLUMNS} FROM clients c WHERE c.id > $1 ORDER BY c.id LIMIT $2"
        );
        let after = after.map_or(0, |client| client.0);
        let rows: Vec<ClientRow> = self.read_all(SQL, values![after, limit]).await?;
        rows.into_iter().map(ClientRow::into_client).collect()
    }

    /// The client with this email address, and its password hash.
    pub async fn client_by_email(
        &self,
        email: &Email,
    ) -> Result<Option<(Client, Option<String>)>, StoreError> {
        const SQL: &str = formatcp!(
            "SELECT c.password_hash, {CLIENT_COLUMNS} FROM clients c WHERE c.email_key = $1"
        );
        let row: Option<ClientAndPasswordRow> = self.read_one(SQL, values![email.key()]).await?;
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
        let sql = "UPDATE clients SET password_hash = $1 WHERE id = $2";
        tx.execute(sql, values![hash, id.0]).await?;
        tx.end_sessions(id).await?;
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
        tx.execute(sql, values).await?;
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
async fn client_in(tx: &mut Tx, id: ClientId) -> Result<ClientRow, StoreError> {
    const SQL: &str = formatcp!("SELECT {CLIENT_COLUMNS} FROM clients c WHERE c.id = $1");
    let row = tx.fetch_one(SQL, values![id.0]).await?;
    Ok(row.ok_or(sqlx::Error::RowNotFound)?)
}
