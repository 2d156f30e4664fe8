//! Errors that may be shown to users.

use std::fmt;

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

use super::{number::counted, token::TokenSummary};

/// An error with a stable code, an HTTP status and a sentence for the user. It holds nothing internal: causes are in
/// `server::error` and go to the log.
///
/// In JSON the variants are tagged externally: an internal tag would add 3 kB to the WebAssembly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// Nobody is logged in, or the session has ended.
    Unauthenticated,
    /// The client is suspended: it may read and revoke, and nothing else.
    Suspended,
    /// The page belongs to another client: somebody else has logged in since, in the same browser.
    OtherClient {
        /// Email address of the client who is logged in now.
        email: String,
    },
    /// The data has changed since the form was rendered.
    ChangedMeanwhile,
    /// The request may have been sent by a page of another site.
    CrossSite,
    /// It does not exist or belongs to another client. The two are not told apart.
    NotFound,
    /// The request is malformed.
    BadRequest,
    /// The path exists, but not for this method.
    MethodNotAllowed,
    /// The request body did not arrive in time.
    Timeout,
    /// The request body is too large.
    TooLarge,
    /// The request body has a content type that is not supported.
    UnsupportedMediaType,
    /// The request is for another host.
    Misdirected,
    /// A field of the input is invalid.
    Invalid {
        /// The field's name in the form.
        field: String,
        /// What to change about it, as a sentence for the user.
        message: String,
    },
    /// The client has as many active tokens as are allowed.
    TokenLimit {
        /// The limit.
        limit: u32,
    },
    /// A token was created with this idempotency key before. Whether the response arrived is not known.
    AlreadyCreated {
        /// The token. It is large, and errors are returned by value everywhere.
        token: Box<TokenSummary>,
        /// Whether it has been revoked since.
        is_revoked: bool,
    },
    /// A rate limit was exceeded.
    TooManyRequests {
        /// Seconds after which a retry may succeed.
        retry_after: u32,
    },
    /// The database is unavailable for now.
    Unavailable,
    /// The connection to the database broke during a commit: the change may have been made.
    Unclear,
    /// A bug.
    Internal,
    /// No response, or one that is not of this server. Only the browser's side returns it.
    Unreachable,
}

impl AppError {
    /// An error of the field `field`, with what to change about it.
    pub fn invalid(field: &str, message: impl fmt::Display) -> Self {
        Self::Invalid {
            field: field.to_owned(),
            message: message.to_string(),
        }
    }

    /// The HTTP status.
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

    /// Seconds after which a retry may succeed, if known (`Retry-After`).
    pub const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooManyRequests { retry_after } => Some(*retry_after),
            Self::Unavailable | Self::Unclear => Some(1),
            _ => None,
        }
    }

    /// Whether the token can be given a new secret, to be shown. A token that was used has been seen, and
    /// replacing its secret would break the program that uses it.
    pub fn can_be_shown_anew(&self) -> bool {
        matches!(self, Self::AlreadyCreated { token, is_revoked: false } if token.last_used_at.is_none())
    }

    /// The message, if it is an error of the field `field`.
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
            Self::Unauthenticated => "Your session has ended. Log in to continue.",
            Self::Suspended => {
                "Your account is suspended. Existing tokens still work and can be revoked, but you can't create new ones \
                 or change your details."
            }
            Self::OtherClient { email } => {
                return write!(
                    f,
                    "You're now logged in as {email} in this browser, so nothing was done. \
                     Reload the page to continue."
                );
            }
            Self::ChangedMeanwhile => {
                "This was changed after you opened the page, so what you entered wasn't saved. \
                 The current values are above. Saving again replaces them."
            }
            Self::CrossSite => "We blocked this request because it may have come from another website. Nothing was changed.",
            Self::NotFound => "Not found.",
            Self::BadRequest => "The request couldn't be read.",
            Self::MethodNotAllowed => "Method not allowed.",
            Self::Timeout => "Your request timed out.",
            Self::TooLarge => "The request is too large.",
            Self::UnsupportedMediaType => "Unsupported content type.",
            Self::Misdirected => "This isn't the portal's address.",
            Self::Invalid { message, .. } => message,
            Self::TokenLimit { limit } => {
                return write!(
                    f,
                    "You've reached the limit of {limit} active tokens. Revoke one to create another."
                );
            }
            Self::AlreadyCreated { token, .. } => {
                return write!(f, "“{}” was already created with this form.", token.name);
            }
            Self::TooManyRequests { retry_after } => {
                let wait = duration(*retry_after);
                return write!(f, "Too many requests. Try again in {wait}.");
            }
            Self::Unavailable => {
                "We're having trouble right now. Nothing was changed. Please try again."
            }
            Self::Unclear => {
                "We lost the connection while saving, so we can't tell whether your change went through. It's safe to try again."
            }
            Self::Internal => "Something went wrong on our side.",
            Self::Unreachable => "No response from the server.",
        })
    }
}

/// A duration in words: `6 seconds`. Long ones are rounded up to larger units.
pub fn duration(seconds: u32) -> String {
    let (count, unit) = match seconds {
        ..300 => (seconds, "second"),
        300..7_200 => (seconds.div_ceil(60), "minute"),
        _ => (seconds.div_ceil(3_600), "hour"),
    };
    counted(count.into(), unit)
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    /// An error of the framework. Its messages name types and fields of the source, so they are dropped.
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
