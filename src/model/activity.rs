//! The audit trail of a client's account.

use std::str::FromStr;

use serde::Serialize;

use super::{
    address::Address,
    device::device,
    scopes::Scopes,
    secret::PREFIX,
    timestamp::{Timestamp, maybe_rfc3339, rfc3339},
    token::{TokenId, TokenSummary},
    words::words,
};

/// Days for which the dashboard points out what may need attention.
pub const RECENT_DAYS: i64 = 7;
/// Events of a kind that are counted; more are as bad.
pub const MAX_RECENT: u32 = 100;

words! {
    /// A kind of event in the audit trail. Its word is the same in the database, the log and the command line.
    pub enum Event {
        /// A session began.
        LoggedIn = "logged_in",
        /// A login with this client's email address failed: wrong password, or the client is closed.
        LoginFailed = "login_failed",
        /// A session was ended by its own browser.
        LoggedOut = "logged_out",
        /// One or more sessions were ended from elsewhere.
        SessionEnded = "session_ended",
        /// A change of the password was refused: the current one was wrong.
        PasswordRefused = "password_refused",
        /// The password was changed; all sessions ended.
        PasswordChanged = "password_changed",
        /// A link to choose another password was asked for.
        PasswordResetRequested = "password_reset_requested",
        /// A mail to the client could not be delivered.
        MailFailed = "mail_failed",
        /// The client's status was changed.
        StatusChanged = "status_changed",
        /// The contact data was changed.
        DetailsChanged = "details_changed",
        /// A token was created.
        TokenCreated = "token_created",
        /// A token whose secret nobody had seen was given another one.
        TokenReplaced = "token_replaced",
        /// A token was given the name that is recorded here.
        TokenRenamed = "token_renamed",
        /// A token was revoked.
        TokenRevoked = "token_revoked",
        /// A token was used for the first time.
        TokenFirstUsed = "token_first_used",
        /// A token was used from an IP address for the first time.
        TokenUsedFromNewAddress = "token_used_from_new_address",
        /// A token reached its end.
        TokenExpired = "token_expired",
        /// A token was refused because of the IP address that it was used from.
        TokenRefused = "token_refused",
    }
}

impl Event {
    /// A sentence for the client.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::LoggedIn => "Logged in",
            Self::LoginFailed => "Failed login",
            Self::LoggedOut => "Logged out",
            Self::SessionEnded => "Sessions ended",
            Self::PasswordRefused => "Wrong current password",
            Self::PasswordChanged => "Password changed",
            Self::PasswordResetRequested => "Password reset requested",
            Self::MailFailed => "Mail could not be delivered",
            Self::StatusChanged => "Account status changed",
            Self::DetailsChanged => "Details changed",
            Self::TokenCreated => "Token created",
            Self::TokenReplaced => "Token secret replaced",
            Self::TokenRenamed => "Token renamed",
            Self::TokenRevoked => "Token revoked",
            Self::TokenFirstUsed => "Token used for the first time",
            Self::TokenUsedFromNewAddress => "Token used from a new IP address",
            Self::TokenExpired => "Token expired",
            Self::TokenRefused => "Token refused from an IP address that isn't allowed",
        }
    }
}

impl FromStr for Event {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::from_word(word).ok_or(())
    }
}

words! {
    /// Who caused an event. The word is the same in the database, the log and the command line.
    pub enum Who {
        /// The client, logged in.
        Client = "client",
        /// The operator of the installation, on the command line.
        Operator = "operator",
        /// A program, with a token.
        Token = "token",
        /// Somebody who was not authenticated.
        Anybody = "anybody",
    }
}

impl FromStr for Who {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::from_word(word).ok_or(())
    }
}

/// A token as it was when the event was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenMention {
    /// Which token.
    pub id: TokenId,
    /// Its name at the time.
    pub name: String,
    /// Its last four characters at the time.
    pub last_four: String,
    /// What it may read.
    pub scopes: Scopes,
    /// When it was to end; not recorded with its use.
    #[serde(with = "maybe_rfc3339")]
    pub expires_at: Option<Timestamp>,
}

impl TokenMention {
    /// The part of the token that may be shown: `ot_live_…a1B2`.
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
            scopes: token.scopes,
            expires_at: token.limits.expires_at,
        }
    }
}

/// An event. It is written in the transaction of the change that it records, and never updated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Activity {
    /// Its number. Later events have greater ones.
    pub id: i64,
    /// When it happened.
    #[serde(serialize_with = "rfc3339")]
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
    /// Who caused it.
    pub who: Who,
    /// The token that was changed or used.
    pub token: Option<TokenMention>,
    /// IP address of the request; none for what the operator did.
    pub address: Option<Address>,
    /// `User-Agent` of the request.
    pub user_agent: String,
    /// The request's number in the log.
    pub request_id: Option<String>,
}

impl Activity {
    /// Browser and operating system in words: `Firefox on Linux`.
    pub fn device(&self) -> String {
        device(&self.user_agent)
    }
}
