//! What happened in a client's account: the audit trail as its owner sees it.

use std::str::FromStr;

use serde::Serialize;

use super::{
    address::Address,
    device::device,
    secret::PREFIX,
    timestamp::{Timestamp, rfc3339},
    token::{TokenId, TokenSummary},
};

/// One kind of thing that is written down. The set is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A session began.
    LoggedIn,
    /// Somebody gave this client's address and a wrong password, or the client is closed.
    LoginFailed,
    /// The password was changed; all sessions ended.
    PasswordChanged,
    /// What the client may do was changed.
    StatusChanged,
    /// Name, company, telephone or address were changed.
    DetailsChanged,
    /// A token was created.
    TokenCreated,
    /// A token whose secret nobody had seen was given another one.
    TokenReplaced,
    /// A token was given another name, which stands here.
    TokenRenamed,
    /// A token was revoked.
    TokenRevoked,
    /// A token was used for the first time.
    TokenFirstUsed,
    /// A token was used from an address that it had not been used from.
    TokenUsedFromNewAddress,
}

impl Event {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::LoggedIn,
        Self::LoginFailed,
        Self::PasswordChanged,
        Self::StatusChanged,
        Self::DetailsChanged,
        Self::TokenCreated,
        Self::TokenReplaced,
        Self::TokenRenamed,
        Self::TokenRevoked,
        Self::TokenFirstUsed,
        Self::TokenUsedFromNewAddress,
    ];

    /// The word for it, in the database, the log and the command line alike.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LoggedIn => "logged_in",
            Self::LoginFailed => "login_failed",
            Self::PasswordChanged => "password_changed",
            Self::StatusChanged => "status_changed",
            Self::DetailsChanged => "details_changed",
            Self::TokenCreated => "token_created",
            Self::TokenReplaced => "token_replaced",
            Self::TokenRenamed => "token_renamed",
            Self::TokenRevoked => "token_revoked",
            Self::TokenFirstUsed => "token_first_used",
            Self::TokenUsedFromNewAddress => "token_used_from_new_address",
        }
    }

    /// It in words, for its owner.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::LoggedIn => "Logged in",
            Self::LoginFailed => "Login failed",
            Self::PasswordChanged => "Password changed",
            Self::StatusChanged => "Account status changed",
            Self::DetailsChanged => "Details changed",
            Self::TokenCreated => "Token created",
            Self::TokenReplaced => "Token given a new secret",
            Self::TokenRenamed => "Token renamed",
            Self::TokenRevoked => "Token revoked",
            Self::TokenFirstUsed => "Token used for the first time",
            Self::TokenUsedFromNewAddress => "Token used from a new address",
        }
    }
}

impl FromStr for Event {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        let mut all = Self::ALL.into_iter();
        all.find(|event| event.as_str() == word).ok_or(())
    }
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Who {
    /// The client, logged in.
    Client,
    /// Whoever runs the installation, on its command line.
    Operator,
    /// An integration, by its token.
    Token,
    /// Somebody who did not get in.
    Anybody,
}

impl Who {
    const ALL: [Self; 4] = [Self::Client, Self::Operator, Self::Token, Self::Anybody];

    /// The word for it, in the database, the log and the command line alike.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Operator => "operator",
            Self::Token => "token",
            Self::Anybody => "anybody",
        }
    }
}

impl FromStr for Who {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        let mut all = Self::ALL.into_iter();
        all.find(|who| who.as_str() == word).ok_or(())
    }
}

/// A token as the trail names it: by what it was called then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenMention {
    /// Which token.
    pub id: TokenId,
    /// Its name at the time.
    pub name: String,
    /// Its last four characters at the time.
    pub last_four: String,
}

impl TokenMention {
    /// The token as far as it may be shown: `ot_live_…a1B2`.
    pub fn hint(&self) -> String {
        format!("{PREFIX}…{}", self.last_four)
    }
}

impl From<&TokenSummary> for TokenMention {
    fn from(token: &TokenSummary) -> Self {
        Self {
            id: token.id,
            name: token.name.to_string(),
            last_four: token.last_four.clone(),
        }
    }
}

/// One line of the audit trail. It is written once, beside what it tells of, and never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Activity {
    /// Its number; later ones are greater.
    pub id: i64,
    /// When.
    #[serde(serialize_with = "rfc3339")]
    pub at: Timestamp,
    /// What.
    pub event: Event,
    /// Who.
    pub who: Who,
    /// To which token, or by which.
    pub token: Option<TokenMention>,
    /// From where; nothing for what the operator did.
    pub address: Option<Address>,
    /// What the browser or program says it is.
    pub user_agent: String,
    /// The number of the request, by which the log knows it.
    pub request_id: Option<String>,
}

impl Activity {
    /// Browser and system in words, as far as they are told.
    pub fn device(&self) -> String {
        device(&self.user_agent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_as_what_it_was_written_for() {
        for event in Event::ALL {
            assert_eq!(event.as_str().parse(), Ok(event));
        }
        for who in Who::ALL {
            assert_eq!(who.as_str().parse(), Ok(who));
        }
        assert_eq!("logged_out".parse::<Event>(), Err(()));
        assert_eq!("root".parse::<Who>(), Err(()));
    }
}
