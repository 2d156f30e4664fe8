//! What can go wrong, as far as people outside may know it.

use std::fmt;

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

use super::{number::plural, token::TokenSummary};

/// A refusal or failure: a stable code, a status and a safe sentence. Nothing internal is in it.
///
/// The set is closed. Causes stay inside, in `server::error`, and go to the log. In JSON the name of the
/// variant is outside: to find it inside would take 3 kB more of WebAssembly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// Nobody is signed in, or the session is over.
    Unauthenticated,
    /// The account is suspended: reading and revoking is all it may do.
    Suspended,
    /// The page is another client's: somebody else logged in since, in the same browser.
    OtherClient {
        /// Who is logged in now.
        email: String,
    },
    /// What is to be changed is no longer what the form was made with.
    ChangedMeanwhile,
    /// Nothing shows that a page of ours asked, and not another site in the visitor's name.
    CrossSite,
    /// There is no such thing, or it belongs to someone else: both answer alike.
    NotFound,
    /// The request itself cannot be read.
    BadRequest,
    /// The path is there, but not for this method.
    MethodNotAllowed,
    /// The body did not arrive in time.
    Timeout,
    /// The body is larger than any form of ours.
    TooLarge,
    /// The body is not of a type that is understood here.
    UnsupportedMediaType,
    /// The request is for another host.
    Misdirected,
    /// One field of the input is refused.
    Invalid {
        /// The field's name in the form.
        field: String,
        /// What to change, for the person who typed it.
        message: String,
    },
    /// As many active tokens exist as are allowed.
    TokenLimit {
        /// How many that is.
        limit: u32,
    },
    /// This idempotency key made a token before. Whether anybody saw the answer is not known.
    AlreadyCreated {
        /// The token of then.
        token: TokenSummary,
        /// Whether it was revoked since.
        is_revoked: bool,
    },
    /// Too many requests at once.
    TooManyRequests {
        /// Seconds after which it is worth another try.
        retry_after: u32,
    },
    /// The database or another part is away for a moment.
    Unavailable,
    /// The database was lost in the middle of a change: it may have been made.
    Unclear,
    /// A fault of ours.
    Internal,
    /// No answer came, or one that is not ours. The browser alone says this.
    Unreachable,
}

impl AppError {
    /// The field `field` is refused, with what to change about it.
    pub fn invalid(field: &str, message: impl fmt::Display) -> Self {
        Self::Invalid {
            field: field.to_owned(),
            message: message.to_string(),
        }
    }

    /// The HTTP status that goes with it.
    pub const fn status(&self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Unauthenticated => 401,
            Self::Suspended | Self::CrossSite => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Timeout => 408,
            Self::OtherClient { .. }
            | Self::ChangedMeanwhile
            | Self::TokenLimit { .. }
            | Self::AlreadyCreated { .. } => 409,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::Misdirected => 421,
            Self::Invalid { .. } => 422,
            Self::TooManyRequests { .. } => 429,
            Self::Internal => 500,
            Self::Unavailable | Self::Unclear | Self::Unreachable => 503,
        }
    }

    /// Seconds after which it is worth another try, where that is known (`Retry-After`).
    pub const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooManyRequests { retry_after } => Some(*retry_after),
            Self::Unavailable | Self::Unclear => Some(1),
            _ => None,
        }
    }

    /// Whether it is about a token that exists, and that can be given a new secret to be shown: one
    /// that was used was seen, and replacing its secret would break what uses it.
    pub const fn can_be_shown_anew(&self) -> bool {
        matches!(self, Self::AlreadyCreated { token, is_revoked: false } if token.last_used_at.is_none())
    }

    /// The message for the field `field`, if it is the one refused.
    pub fn of_field(&self, field: &str) -> Option<&str> {
        match self {
            Self::Invalid {
                field: refused,
                message,
            } if refused == field => Some(message),
            _ => None,
        }
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unauthenticated => "You were signed out. Log in to go on.",
            Self::Suspended => {
                "Your account is suspended: you can read and revoke, but not create."
            }
            Self::OtherClient { email } => {
                return write!(
                    f,
                    "You're now logged in as {email} in this browser, so nothing was done. \
                     Reload the page to continue."
                );
            }
            Self::ChangedMeanwhile => {
                "This was changed since you opened the page, so what you typed was not saved. \
                 Above is what is stored now; saving again replaces it."
            }
            Self::CrossSite => "Nothing shows that this request came from a page of this portal, so nothing was done.",
            Self::NotFound => "There is nothing here.",
            Self::BadRequest => "The request could not be read.",
            Self::MethodNotAllowed => "This address does not take requests of this kind.",
            Self::Timeout => "The request took too long to arrive.",
            Self::TooLarge => "The request is too large.",
            Self::UnsupportedMediaType => "The request is not of a type that is understood here.",
            Self::Misdirected => "This is not the address of the portal.",
            Self::Invalid { message, .. } => message,
            Self::TokenLimit { limit } => {
                return write!(
                    f,
                    "You have {limit} active tokens. Revoke one you no longer use."
                );
            }
            Self::AlreadyCreated { token, .. } => {
                return write!(f, "{} was already created by this form.", token.name);
            }
            Self::TooManyRequests { retry_after } => {
                let wait = seconds(*retry_after);
                return write!(f, "Too many requests. Try again in {wait}.");
            }
            Self::Unavailable => {
                "Opentill is not available right now. Nothing was changed. Try again in a moment."
            }
            Self::Unclear => {
                "The connection to our database broke. We could not tell whether the change was made. Trying again is safe."
            }
            Self::Internal => "Something went wrong on our side.",
            Self::Unreachable => "No answer from the server.",
        })
    }
}

/// How long to wait, in words: `6 seconds`. What is long is told in larger units, rounded up.
pub fn seconds(count: u32) -> String {
    let (count, unit) = match count {
        ..300 => (count, "second"),
        300..7_200 => (count.div_ceil(60), "minute"),
        _ => (count.div_ceil(3_600), "hour"),
    };
    format!("{count} {unit}{}", plural(count.into()))
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    /// What the framework reports. Its own texts name our types and fields, so none is kept.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => Self::BadRequest,
            ServerFnErrorErr::Request(_)
            | ServerFnErrorErr::Response(_)
            | ServerFnErrorErr::Deserialization(_) => Self::Unreachable,
            _ => Self::Internal,
        }
    }
}
