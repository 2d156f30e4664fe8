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
            Self::PasswordUnclear | Self::Renamed | Self::NameUnchanged => None,
        }
    }

    /// The message. It is true as well if the browser sent the form twice.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Details => "Saved.",
            Self::DetailsUnchanged | Self::NameUnchanged => "Nothing changed.",
            Self::PasswordUnclear => {
                "You were signed out. If you were changing your password, it may be changed: try the new one first."
            }
            Self::SessionOver => "That session is over.",
            Self::NoOtherSessions => "You have no other sessions.",
            Self::IsRevoked => "The token is revoked. It does not work any more.",
            Self::NoTokens => "You have no active tokens.",
            Self::Password => "Your password was changed. Other sessions were ended.",
            Self::Session => "The session was ended.",
            Self::Sessions => "All other sessions were ended.",
            Self::Revoked => "The token was revoked. It stopped working at once.",
            Self::Renamed => "The token has a new name. It works as before.",
            Self::AllRevoked => "All tokens were revoked. They stopped working at once.",
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
