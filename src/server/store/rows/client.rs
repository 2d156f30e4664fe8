//! Rows of clients.

use super::row;
use crate::{
    model::{
        client::{Client, ClientId},
        contact::Contact,
        timestamp::Timestamp,
    },
    server::store::StoreError,
};

/// The columns of a [`ClientRow`]. They are listed because a later version may add some while this one serves.
pub const CLIENT_COLUMNS: &str = "c.id, c.name, c.email, c.company, c.phone, c.address1, \
     c.address2, c.city, c.state, c.postcode, c.country, c.currency_code, c.status, c.created_at";

row! {
    pub struct ClientRow {
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
        country: Option<String>,
        currency_code: String,
        status: String,
        created_at: i64,
    }
}

impl ClientRow {
    pub fn into_client(self) -> Result<Client, StoreError> {
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
                // Empty where an import knows none.
                country: self.country.unwrap_or_default(),
            },
            currency_code: self.currency_code,
            created_at: Timestamp::from_unix(self.created_at),
        })
    }
}
