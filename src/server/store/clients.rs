//! Clients in the database.

use super::{
    NewActivity, NewSession, Store, StoreError,
    db::{Tx, in_tx, on_writer, rows_affected},
    row::row,
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
    /// Where they log in with.
    pub email: Email,
    /// ISO 4217.
    pub currency_code: String,
    /// A PHC string; without one nobody can log in.
    pub password_hash: Option<String>,
}

impl NewClient {
    /// Words that anybody would try who knows the client.
    pub fn own_words(&self) -> Vec<&str> {
        own_words(&self.email, &self.contact)
    }
}

/// The columns of a [`ClientRow`], named one by one: a later version may add some while this one serves.
macro_rules! client_columns {
    () => {
        "c.id, c.name, c.email, c.company, c.phone, c.address1, c.address2, c.city, c.state, \
         c.postcode, c.country, c.currency_code, c.status, c.created_at"
    };
}

pub(super) use client_columns;

row! {
    pub(super) struct ClientRow {
        id: i64,
        name: String,
        email: String,
        company: Option<String>,
        phone: Option<String>,
        address1: String,
        address2: Option<String>,
        city: String,
        state: String,
        postcode: String,
        country: String,
        currency_code: String,
        status: String,
        created_at: i64,
    }
}

row! {
    struct ClientAndPasswordRow {
        password_hash: Option<String>,
        #[sqlx(flatten)]
        client: ClientRow,
    }
}

impl ClientRow {
    pub(super) fn into_client(self) -> Result<Client, StoreError> {
        let bad_row = || StoreError::BadRow {
            table: "clients",
            id: self.id,
        };
        Ok(Client {
            id: ClientId(self.id),
            email: self.email.parse().map_err(|_| bad_row())?,
            status: self.status.parse().map_err(|_| bad_row())?,
            contact: Contact {
                name: self.name,
                company: self.company,
                phone: self.phone,
                address1: self.address1,
                address2: self.address2,
                city: self.city,
                state: self.state,
                postcode: self.postcode,
                country: self.country,
            },
            currency_code: self.currency_code,
            created_at: Timestamp::from_unix(self.created_at),
        })
    }
}

impl Store {
    /// Adds a client; `None` if the address is taken.
    pub async fn add_client(
        &self,
        new: &NewClient,
        now: Timestamp,
    ) -> Result<Option<ClientId>, StoreError> {
        let added: Option<i64> = on_writer!(self, |db| {
            sqlx::query_scalar(
                "INSERT INTO clients (name, email, email_key, company, phone, address1, address2, \
                 city, state, postcode, country, currency_code, status, password_hash, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'active', $13, $14) \
                 ON CONFLICT (email_key) DO NOTHING RETURNING id",
            )
            .bind(&new.contact.name)
            .bind(new.email.as_str())
            .bind(new.email.key())
            .bind(&new.contact.company)
            .bind(&new.contact.phone)
            .bind(&new.contact.address1)
            .bind(&new.contact.address2)
            .bind(&new.contact.city)
            .bind(&new.contact.state)
            .bind(&new.contact.postcode)
            .bind(&new.contact.country)
            .bind(&new.currency_code)
            .bind(&new.password_hash)
            .bind(now.unix())
            .fetch_optional(db)
        })?;
        Ok(added.map(ClientId))
    }

    /// The oldest clients that are newer than `after`.
    pub async fn clients_after(
        &self,
        after: Option<ClientId>,
        limit: u32,
    ) -> Result<Vec<Client>, StoreError> {
        let sql = concat!(
            "SELECT ",
            client_columns!(),
            " FROM clients c WHERE c.id > $1 ORDER BY c.id LIMIT $2"
        );
        let after = after.map_or(0, |client| client.0);
        let rows: Vec<ClientRow> = self
            .read_all(sql, [after, limit.into()].map(Into::into))
            .await?;
        rows.into_iter().map(ClientRow::into_client).collect()
    }

    /// The client with this address and the hash of its password.
    pub async fn client_by_email(
        &self,
        email: &Email,
    ) -> Result<Option<(Client, Option<String>)>, StoreError> {
        let sql = concat!(
            "SELECT c.password_hash, ",
            client_columns!(),
            " FROM clients c WHERE c.email_key = $1"
        );
        let row: Option<ClientAndPasswordRow> = self.read_one(sql, [email.key().into()]).await?;
        row.map(|row| Ok((row.client.into_client()?, row.password_hash)))
            .transpose()
    }

    /// Sets a password, whichever there was, and ends all of the client's sessions.
    pub async fn set_password(
        &self,
        id: ClientId,
        hash: &str,
        activity: NewActivity,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin(id).await?;
        in_tx!(&mut tx, |db| {
            rows_affected(
                sqlx::query("UPDATE clients SET password_hash = $1 WHERE id = $2")
                    .bind(hash)
                    .bind(id.0)
                    .execute(db),
            )
        })?;
        tx.end_sessions(id).await?;
        tx.record(activity).await?;
        tx.commit().await
    }

    /// Replaces the password whose hash is that of `session`, ends all of the client's sessions and begins that one.
    /// `None` if the password is another one by now: nothing was changed.
    pub async fn change_password(
        &self,
        hash: &str,
        session: NewSession<'_>,
        activity: NewActivity,
    ) -> Result<Option<SessionId>, StoreError> {
        let mut tx = self.begin_as(session.client, activity.actor()).await?;
        let changed = in_tx!(&mut tx, |db| {
            rows_affected(
                sqlx::query(
                    "UPDATE clients SET password_hash = $1 WHERE id = $2 AND password_hash = $3",
                )
                .bind(hash)
                .bind(session.client.0)
                .bind(session.password_hash)
                .execute(db),
            )
        })?;
        if changed == 0 {
            return Ok(None);
        }
        tx.end_sessions(session.client).await?;
        let id = tx.insert_session(&session).await?;
        tx.record(activity).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// Replaces the hash `old` of a password that stays the same, unless somebody was faster.
    pub async fn rehash_password(
        &self,
        id: ClientId,
        old: &str,
        new: &str,
    ) -> Result<(), StoreError> {
        on_writer!(self, |db| {
            rows_affected(
                sqlx::query(
                    "UPDATE clients SET password_hash = $1 WHERE id = $2 AND password_hash = $3",
                )
                .bind(new)
                .bind(id.0)
                .bind(old)
                .execute(db),
            )
        })?;
        Ok(())
    }

    /// Changes what a client may change of its own data, if `may_replace` lets what is stored go.
    /// Returns what was stored before.
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
        in_tx!(&mut tx, |db| {
            rows_affected(
                sqlx::query(
                    "UPDATE clients SET name = $1, company = $2, phone = $3, address1 = $4, \
                     address2 = $5, city = $6, state = $7, postcode = $8, country = $9 WHERE id = $10",
                )
                .bind(&new.name)
                .bind(&new.company)
                .bind(&new.phone)
                .bind(&new.address1)
                .bind(&new.address2)
                .bind(&new.city)
                .bind(&new.state)
                .bind(&new.postcode)
                .bind(&new.country)
                .bind(id.0)
                .execute(db),
            )
        })?;
        tx.record(activity).await?;
        tx.commit().await?;
        Ok(old)
    }

    /// Sets what a client may do; `false` if it might do the same before. Closing it ends all of its sessions.
    pub async fn set_status(
        &self,
        id: ClientId,
        status: ClientStatus,
        activity: NewActivity,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin(id).await?;
        let changed = in_tx!(&mut tx, |db| {
            rows_affected(
                sqlx::query("UPDATE clients SET status = $1 WHERE id = $2 AND status <> $1")
                    .bind(status.as_str())
                    .bind(id.0)
                    .execute(db),
            )
        })?;
        if changed == 0 {
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

/// The client, as whoever changes it finds it.
async fn client_in(tx: &mut Tx, id: ClientId) -> Result<ClientRow, StoreError> {
    in_tx!(tx, |db| {
        sqlx::query_as(concat!(
            "SELECT ",
            client_columns!(),
            " FROM clients c WHERE c.id = $1"
        ))
        .bind(id.0)
        .fetch_one(db)
    })
}
