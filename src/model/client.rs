//! Clients of the business that runs the portal.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{contact::Contact, timestamp::Timestamp, words::words};

/// A client number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientId(pub i64);

impl ClientId {
    /// Name of the form field, and of the server function's argument, that names the client whose page it comes from.
    pub const FIELD: &str = "client";
}

/// An email address as typed, trimmed. Unique ignoring case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// The longest address, in bytes (RFC 5321, 4.5.3.1.3, less the angle brackets).
    pub const MAX_LEN: usize = 254;

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address in lower case: equal for addresses that differ in case alone.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl FromStr for Email {
    type Err = &'static str;

    /// Checks the syntax only, not whether mail arrives.
    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let address = typed.trim();
        let (local, domain) = address
            .split_once('@')
            .ok_or("an email address holds an @")?;
        if local.is_empty() || domain.is_empty() || domain.contains('@') {
            return Err("an email address looks like name@example.com");
        }
        if address.len() > Self::MAX_LEN {
            return Err("an email address has 254 bytes or fewer");
        }
        if address.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err("an email address holds no white space");
        }
        Ok(Self(address.to_owned()))
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
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
        Self::from_word(word).ok_or("the status is active, suspended or closed")
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
            email: Email("jane@example.com".to_owned()),
            currency_code: "USD".to_owned(),
            status: ClientStatus::Active,
            created_at: Timestamp::from_unix(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_for_their_shape() {
        assert_eq!(
            " jane@example.com ".parse::<Email>().unwrap().as_str(),
            "jane@example.com"
        );
        for typed in [
            "",
            "jane",
            "@",
            "jane@",
            "@example.com",
            "a@b@c",
            "a b@c",
            "a@b\nc",
        ] {
            assert!(typed.parse::<Email>().is_err(), "{typed:?}");
        }
        assert!(format!("{}@b", "a".repeat(252)).parse::<Email>().is_ok());
        assert!(format!("{}@b", "a".repeat(253)).parse::<Email>().is_err());
    }
}
