//! The message of a page about the change that led to it.

use leptos::prelude::*;

use super::section::Section;
use crate::model::words::words;

words! {
    /// A change, or that there was nothing to change. The word is its name in a cookie.
    pub enum Done {
        /// The details were changed.
        Details = "details",
        /// They are the same as before.
        DetailsUnchanged = "details-unchanged",
        /// The password was changed.
        Password = "password",
        /// The password may have been changed: the session has ended, as it does after a change.
        PasswordUnclear = "password-unclear",
        /// The password was set by a link.
        PasswordSet = "password-set",
        /// The same, and all tokens were revoked.
        PasswordSetTokensRevoked = "password-set-tokens-revoked",
        /// One session was ended.
        Session = "session",
        /// The session had ended before.
        SessionOver = "session-over",
        /// All other sessions were ended.
        Sessions = "sessions",
        /// There were no other sessions.
        NoOtherSessions = "no-other-sessions",
        /// A token was given another name.
        Renamed = "renamed",
        /// The token has the same name as before.
        NameUnchanged = "name-unchanged",
        /// A token was revoked.
        Revoked = "revoked",
        /// The token had been revoked before.
        IsRevoked = "is-revoked",
        /// All tokens were revoked.
        AllRevoked = "all-revoked",
        /// There were no tokens.
        NoTokens = "no-tokens",
    }
}

impl Done {
    /// The section that shows the message.
    pub const fn section(self) -> Option<Section> {
        match self {
            Self::Details | Self::DetailsUnchanged => Some(Section::Details),
            Self::Password => Some(Section::Password),
            Self::Session | Self::SessionOver | Self::Sessions | Self::NoOtherSessions => {
                Some(Section::Sessions)
            }
            Self::Revoked | Self::IsRevoked | Self::AllRevoked | Self::NoTokens => {
                Some(Section::ApiTokens)
            }
            // The login page and the token's own page show these.
            Self::PasswordUnclear
            | Self::PasswordSet
            | Self::PasswordSetTokensRevoked
            | Self::Renamed
            | Self::NameUnchanged => None,
        }
    }

    /// The message. It is true as well if the browser sent the form twice.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Details => "Details saved.",
            Self::DetailsUnchanged | Self::NameUnchanged => "Nothing changed.",
            Self::PasswordUnclear => {
                "You've been logged out. If you were changing your password, it may have changed: try the new one first."
            }
            Self::PasswordSet => "Your password is set. Log in with it.",
            Self::PasswordSetTokensRevoked => {
                "Your password is set and all API tokens are revoked. Log in with it."
            }
            Self::SessionOver => "That session has already ended.",
            Self::NoOtherSessions => "You have no other sessions.",
            Self::IsRevoked => "Token is revoked. It no longer works.",
            Self::NoTokens => "You have no active tokens.",
            Self::Password => "Password changed. You've been logged out everywhere else.",
            Self::Session => "Session logged out.",
            Self::Sessions => "All other sessions logged out.",
            Self::Revoked => "Token revoked. It no longer works.",
            Self::Renamed => "Token renamed.",
            Self::AllRevoked => "All tokens revoked.",
        }
    }
}

/// The message, if there is one.
#[component]
pub fn Saved(done: Option<Done>) -> impl IntoView {
    done.map(|done| {
        view! {
            <p class="saved" role="status">
                {done.sentence()}
            </p>
        }
    })
}
