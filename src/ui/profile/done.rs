//! What a page says of the change that led to it.

use leptos::prelude::*;

use super::section::Section;

/// What was done before the page is shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// The details were changed.
    Details,
    /// They are what they were.
    DetailsUnchanged,
    /// The password was changed.
    Password,
    /// It may have been changed: whoever asked for it was signed out, as a change does.
    PasswordUnclear,
    /// One session was ended.
    Session,
    /// It had ended before.
    SessionOver,
    /// All other sessions were ended.
    Sessions,
    /// There were none.
    NoOtherSessions,
    /// A token was given another name.
    Renamed,
    /// It has the name that it had.
    NameUnchanged,
    /// A token was revoked.
    Revoked,
    /// It had been revoked before.
    IsRevoked,
    /// All tokens were revoked.
    AllRevoked,
    /// There were none.
    NoTokens,
}

impl Done {
    const ALL: [Self; 14] = [
        Self::Details,
        Self::DetailsUnchanged,
        Self::Password,
        Self::PasswordUnclear,
        Self::Session,
        Self::SessionOver,
        Self::Sessions,
        Self::NoOtherSessions,
        Self::Renamed,
        Self::NameUnchanged,
        Self::Revoked,
        Self::IsRevoked,
        Self::AllRevoked,
        Self::NoTokens,
    ];

    /// The word for it in a cookie.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Details => "details",
            Self::DetailsUnchanged => "details-unchanged",
            Self::Password => "password",
            Self::PasswordUnclear => "password-unclear",
            Self::Session => "session",
            Self::SessionOver => "session-over",
            Self::Sessions => "sessions",
            Self::NoOtherSessions => "no-other-sessions",
            Self::Renamed => "renamed",
            Self::NameUnchanged => "name-unchanged",
            Self::Revoked => "revoked",
            Self::IsRevoked => "is-revoked",
            Self::AllRevoked => "all-revoked",
            Self::NoTokens => "no-tokens",
        }
    }

    /// Reads the word in a cookie.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|done| done.as_str() == word)
    }

    /// The section that it is said in.
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
            // Said on the login page and on a token's own page.
            Self::PasswordUnclear | Self::Renamed | Self::NameUnchanged => None,
        }
    }

    /// It in a sentence, that is true as well when a browser has sent the form twice by itself.
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

/// The sentence, if anything was done.
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
