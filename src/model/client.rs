//! Clients of the business that runs the portal.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, Serializer};

use super::timestamp::Timestamp;

/// Which client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientId(pub i64);

impl ClientId {
    /// The field in which a form, and the argument in which a call, says whose page it comes from.
    pub const FIELD: &str = "client";
}

/// An email address as typed, without the white space around it. Unique ignoring case.
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

    /// What two addresses share if they differ in case alone.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl FromStr for Email {
    type Err = &'static str;

    /// Checks the shape alone; whether mail arrives is not for us to know.
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

/// What a client may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientStatus {
    /// Everything.
    Active,
    /// Log in, read and revoke; nothing new.
    Suspended,
    /// Nothing: logging in fails like a wrong password, tokens answer the 401.
    Closed,
}

impl ClientStatus {
    /// The word for it, in the database, the API and the command line alike.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }
}

impl FromStr for ClientStatus {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "active" => Ok(Self::Active),
            "suspended" => Ok(Self::Suspended),
            "closed" => Ok(Self::Closed),
            _ => Err("the status is active, suspended or closed"),
        }
    }
}

/// A client's own data: the `data` of `GET /api/v1/me`, and the details on the Profile page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Client {
    /// The client number.
    pub id: ClientId,
    /// The person.
    pub name: String,
    /// Where they log in with.
    pub email: Email,
    /// Their company, if any.
    pub company: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// First line of the address.
    pub address1: String,
    /// Second line of the address.
    pub address2: Option<String>,
    /// City.
    pub city: String,
    /// State or region.
    pub state: String,
    /// Postal code.
    pub postcode: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// ISO 4217.
    pub currency_code: String,
    /// What they may do.
    pub status: ClientStatus,
    /// Since when they are a client.
    #[serde(serialize_with = "rfc3339")]
    pub created_at: Timestamp,
}

/// What a client may change of its own data: checked, trimmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// The person.
    pub name: String,
    /// Their company, if any.
    pub company: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// First line of the address.
    pub address1: String,
    /// Second line of the address.
    pub address2: Option<String>,
    /// City.
    pub city: String,
    /// State or region.
    pub state: String,
    /// Postal code.
    pub postcode: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

impl Details {
    /// The field in which the form says with which details it was made.
    pub const VERSION: &str = "version";
}

impl From<Client> for Details {
    fn from(client: Client) -> Self {
        Self {
            name: client.name,
            company: client.company,
            phone: client.phone,
            address1: client.address1,
            address2: client.address2,
            city: client.city,
            state: client.state,
            postcode: client.postcode,
            country: client.country,
        }
    }
}

/// The longest text of a client's field, in characters.
pub const MAX_TEXT_LEN: usize = 200;

/// A field of a client's data: trimmed, and one line of no more than [`MAX_TEXT_LEN`] characters.
///
/// # Errors
/// What to change about it.
pub fn text(typed: &str) -> Result<String, String> {
    let text = typed.trim();
    if text.chars().any(char::is_control) {
        return Err("Control characters are not allowed.".to_owned());
    }
    if text.chars().count() > MAX_TEXT_LEN {
        return Err(format!("Use {MAX_TEXT_LEN} characters or fewer."));
    }
    Ok(text.to_owned())
}

/// A country as ISO 3166-1 alpha-2 writes it.
///
/// # Errors
/// What to change about it.
pub fn country(typed: &str) -> Result<String, String> {
    code(typed, 2, "Use two capital letters, like US.")
}

/// A currency as ISO 4217 writes it.
///
/// # Errors
/// What to change about it.
pub fn currency(typed: &str) -> Result<String, String> {
    code(typed, 3, "Use three capital letters, like USD.")
}

fn code(typed: &str, len: usize, wanted: &str) -> Result<String, String> {
    let code = typed.trim();
    let is_code = code.len() == len && code.bytes().all(|b| b.is_ascii_uppercase());
    is_code
        .then(|| code.to_owned())
        .ok_or_else(|| wanted.to_owned())
}

impl Client {
    /// Words that anybody would try who knows the client.
    pub fn own_words(&self) -> Vec<&str> {
        own_words(&self.email, &self.name, self.company.as_deref())
    }

    /// Up to two letters that stand for the client where there is room for no more.
    pub fn initials(&self) -> String {
        let mut words = self.name.split_whitespace();
        let first = words.next().and_then(|w| w.chars().next());
        let last = words.next_back().and_then(|w| w.chars().next());
        first
            .into_iter()
            .chain(last)
            .flat_map(char::to_uppercase)
            .collect()
    }
}

/// Words that anybody would try who knows this much of a client.
pub fn own_words<'c>(email: &'c Email, name: &'c str, company: Option<&'c str>) -> Vec<&'c str> {
    let local = email.as_str().split('@').next();
    let mut words = vec![email.as_str(), name];
    words.extend(local);
    words.extend(company);
    words
}

/// Writes a moment as RFC 3339 does.
///
/// # Errors
/// The serializer fails.
// serde hands over a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
pub fn rfc3339<S: Serializer>(moment: &Timestamp, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(&moment.rfc3339())
}

#[cfg(test)]
impl Client {
    /// Somebody of this name.
    pub fn named(name: &str) -> Self {
        Self {
            id: ClientId(1),
            name: name.to_owned(),
            email: Email("jane@example.com".to_owned()),
            company: None,
            phone: None,
            address1: String::new(),
            address2: None,
            city: String::new(),
            state: String::new(),
            postcode: String::new(),
            country: "US".to_owned(),
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

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        for (name, initials) in [
            ("Jane Smith", "JS"),
            ("ada king byron", "AB"),
            (" Plato ", "P"),
            ("émile zola", "ÉZ"),
            ("", ""),
        ] {
            let client = Client::named(name);
            assert_eq!(client.initials(), initials, "{name:?}");
        }
    }
}
