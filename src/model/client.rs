//! Clients of the business that runs the portal.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use super::email::Email;
use super::{contact::Contact, timestamp::Timestamp, words::words};

/// A client number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientId(pub i64);

impl ClientId {
    /// Name of the form field, and of the server function's argument, that names the client whose page it comes from.
    pub const FIELD: &str = "client";
}

words! {
    /// What a client may do. The word is the same in the database, the API and the command line.
    pub enum ClientStatus {
        /// Everything.
        Active = "active",
        /// Log in, read and revoke, but change and create nothing.
        Suspended = "suspended",
        /// Nothing: logging in fails as with a wrong password, tokens get a 401.
        Closed = "closed",
    }
}

impl ClientStatus {
    /// The status on the Profile page.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Suspended => "Suspended",
            Self::Closed => "Closed",
        }
    }
}

impl FromStr for ClientStatus {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::from_word(&word.to_ascii_lowercase()).ok_or("use active, suspended or closed")
    }
}

/// A client: its contact data and its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The client number.
    pub id: ClientId,
    /// Name, company and postal address.
    pub contact: Contact,
    /// Email address used to log in.
    pub email: Email,
    /// ISO 4217.
    pub currency_code: String,
    /// What the client may do.
    pub status: ClientStatus,
    /// When the client was added.
    pub created_at: Timestamp,
}

impl Client {
    /// Words that anybody who knows the client would try as a password.
    pub fn own_words(&self) -> Vec<&str> {
        own_words(&self.email, &self.contact)
    }
}

/// Words that anybody who knows this much of a client would try as a password.
pub fn own_words<'c>(email: &'c Email, contact: &'c Contact) -> Vec<&'c str> {
    let local_part = email.as_str().split('@').next();
    let mut words = vec![email.as_str(), &contact.name];
    words.extend(local_part);
    words.extend(contact.company.as_deref());
    words
}

#[cfg(test)]
impl Client {
    /// Somebody of this name.
    pub fn named(name: &str) -> Self {
        Self {
            id: ClientId(1),
            contact: Contact::named(name),
            email: "jane@example.com".parse().expect("it is an address"),
            currency_code: "USD".to_owned(),
            status: ClientStatus::Active,
            created_at: Timestamp::from_unix(0),
        }
    }
}
