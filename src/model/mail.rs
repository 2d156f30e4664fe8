//! Mails that the server sends to clients.

use serde::Serialize;

use super::{
    activity::{Event, Who},
    timestamp::{DAY, MINUTE, Timestamp, rfc3339},
    words::words,
};

words! {
    /// What a mail is about. The word is the same in the database and the command line.
    pub enum MailKind {
        /// A link with which the client chooses the first password.
        Invitation = "invitation",
        /// A link with which the client chooses another password.
        Reset = "reset",
        /// The password was changed.
        PasswordChanged = "password_changed",
        /// A token was created.
        TokenCreated = "token_created",
        /// The operator has revoked a token.
        TokenRevoked = "token_revoked",
    }
}

words! {
    /// What a link lets its holder do, once. The word is the same in the database.
    pub enum LinkKind {
        /// Choose the first password.
        Invitation = "invitation",
        /// Choose another password.
        Reset = "reset",
    }
}

impl MailKind {
    /// The mail that tells the client of an event of their account, if one does.
    pub const fn of_event(event: Event, who: Who) -> Option<Self> {
        match (event, who) {
            (Event::PasswordChanged, _) => Some(Self::PasswordChanged),
            (Event::TokenCreated, _) => Some(Self::TokenCreated),
            (Event::TokenRevoked, Who::Operator) => Some(Self::TokenRevoked),
            _ => None,
        }
    }

    /// The link that is in it.
    pub const fn link(self) -> Option<LinkKind> {
        match self {
            Self::Invitation => Some(LinkKind::Invitation),
            Self::Reset => Some(LinkKind::Reset),
            Self::PasswordChanged | Self::TokenCreated | Self::TokenRevoked => None,
        }
    }
}

impl LinkKind {
    /// Seconds for which it is valid.
    pub const fn valid_for(self) -> i64 {
        match self {
            Self::Invitation => 7 * DAY,
            Self::Reset => 30 * MINUTE,
        }
    }
}

/// A mail that was not sent yet, as the operator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MailSummary {
    /// Its number.
    pub id: i64,
    /// What it is about.
    pub kind: MailKind,
    /// Whom it goes to.
    pub recipient: String,
    /// When its reason happened.
    #[serde(serialize_with = "rfc3339")]
    pub created_at: Timestamp,
    /// How often it was tried to send it.
    pub tries: i64,
    /// When it is tried next.
    #[serde(serialize_with = "rfc3339")]
    pub next_try_at: Timestamp,
    /// Why the last try failed.
    pub error: Option<String>,
}
