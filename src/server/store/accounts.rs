//! Accounts of clients, as an operator sees and changes them.

use const_format::formatcp;

use super::{
    NewActivity, Store, StoreError,
    clients::client_in,
    rows::{CLIENT_COLUMNS, ClientRow, row, values},
};
use crate::model::{
    client::{Client, ClientId, Email},
    timestamp::Timestamp,
};

/// A client with what an operator wants to know about the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The client.
    pub client: Client,
    /// Whether a password was set.
    pub has_password: bool,
    /// How many active tokens there are.
    pub tokens: i64,
    /// When the client last logged in.
    pub last_login_at: Option<Timestamp>,
}

/// An operator's change of a client.
#[derive(Clone, Debug, Default)]
pub struct ClientEdit {
    /// New values of contact data, by field.
    pub contact: Vec<(&'static str, String)>,
    /// A new email address.
    pub email: Option<Email>,
    /// ISO 4217.
    pub currency_code: Option<String>,
}

/// The outcome of such a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edited {
    /// It was made.
    Changed,
    /// There was nothing to change.
    Unchanged,
    /// Another client has the email address.
    EmailTaken,
}

row! {
    struct AccountRow {
        has_password: i64,
        tokens: i64,
        last_login_at: Option<i64>,
        #[sqlx(flatten)]
        client: ClientRow,
    }
}

impl AccountRow {
    fn into_account(self) -> Result<Account, StoreError> {
        Ok(Account {
            has_password: self.has_password == 1,
            tokens: self.tokens,
            last_login_at: self.last_login_at.map(Timestamp::from_unix),
            client: self.client.into_client()?,
        })
    }
}

const ACCOUNTS: &str = formatcp!(
    "SELECT CAST(CASE WHEN c.password_hash IS NULL THEN 0 ELSE 1 END AS BIGINT) AS has_password, \
     (SELECT count(*) FROM tokens t WHERE t.client_id = c.id AND t.revoked_at IS NULL) AS tokens, \
     (SELECT a.at FROM activity a WHERE a.client_id = c.id AND a.event = 'logged_in' \
     ORDER BY a.id DESC LIMIT 1) AS last_login_at, {CLIENT_COLUMNS} FROM clients c"
);

impl Store {
    /// The oldest clients that are newer than `after`.
    pub async fn accounts_after(
        &self,
        after: Option<ClientId>,
        limit: u32,
    ) -> Result<Vec<Account>, StoreError> {
        const SQL: &str = formatcp!("{ACCOUNTS} WHERE c.id > $1 ORDER BY c.id LIMIT $2");
        let after = after.map_or(0, |client| client.0);
        let rows: Vec<AccountRow> = self.read_all(SQL, values![after, limit]).await?;
        rows.into_iter().map(AccountRow::into_account).collect()
    }

    /// The account of a client.
    pub async fn account(&self, id: ClientId) -> Result<Option<Account>, StoreError> {
        const SQL: &str = formatcp!("{ACCOUNTS} WHERE c.id = $1");
        let row: Option<AccountRow> = self.read_one(SQL, values![id.0]).await?;
        row.map(AccountRow::into_account).transpose()
    }

    /// Makes an operator's change of a client.
    pub async fn edit_client(
        &self,
        id: ClientId,
        edit: &ClientEdit,
        activity: NewActivity,
    ) -> Result<Edited, StoreError> {
        let mut tx = self.begin(id).await?;
        let old = client_in(&mut tx, id).await?.into_client()?;
        let mut new = old.clone();
        new.contact = old.contact.with(&edit.contact);
        new.email
            .clone_from(edit.email.as_ref().unwrap_or(&old.email));
        new.currency_code
            .clone_from(edit.currency_code.as_ref().unwrap_or(&old.currency_code));
        if new == old {
            return Ok(Edited::Unchanged);
        }
        if new.email != old.email {
            if tx.is_taken(&new.email, id).await? {
                return Ok(Edited::EmailTaken);
            }
            let sql = "UPDATE clients SET email = $1, email_key = $2 WHERE id = $3";
            let values = values![new.email.as_str(), new.email.key(), id.0];
            match tx.execute(sql, values).await {
                Err(error) if error.is_unique_violation() => return Ok(Edited::EmailTaken),
                updated => updated?,
            };
            // They were sent to the old one.
            tx.delete_links(id).await?;
        }
        tx.set_contact(id, &new.contact).await?;
        let sql = "UPDATE clients SET currency_code = $1 WHERE id = $2";
        tx.execute(sql, values![new.currency_code.as_str(), id.0])
            .await?;
        tx.record(activity).await?;
        tx.commit().await?;
        Ok(Edited::Changed)
    }
}
