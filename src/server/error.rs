//! What can go wrong inside, with its causes, and the one translation to what may be said outside.

use thiserror::Error;

use super::{limits, password::PasswordError, store::StoreError};
use crate::model::error::AppError;

/// A refusal, or a failure of one of our parts.
#[derive(Debug, Error)]
pub enum Failure {
    /// Already in words for outside: a refusal, not a fault.
    #[error("refused: {0}")]
    Refused(#[from] AppError),
    /// The database failed.
    #[error("database")]
    Store(#[from] StoreError),
    /// Hashing a password failed, or too many are being hashed.
    #[error("password")]
    Password(#[from] PasswordError),
}

impl From<limits::Refusal> for Failure {
    fn from(refusal: limits::Refusal) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<Failure> for AppError {
    /// Logs the causes, once; what goes outside is a code.
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(error) => error,
            Failure::Password(PasswordError::Busy) => Self::TooManyRequests { retry_after: 1 },
            Failure::Store(StoreError::SessionEnded) => Self::Unauthenticated,
            Failure::Store(StoreError::NotActive) => Self::Suspended,
            Failure::Store(error) if error.is_moved() => Self::Unavailable,
            Failure::Store(error) if error.is_unavailable() => {
                tracing::warn!(cause = %chain(&error), "the database is unavailable");
                Self::Unavailable
            }
            Failure::Store(error @ StoreError::Unclear(_)) => {
                tracing::error!(cause = %chain(&error), "a commit was not answered");
                Self::Unclear
            }
            failure => {
                tracing::error!(cause = %chain(&failure), "a part failed");
                Self::Internal
            }
        }
    }
}

/// An error and its causes on one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        source = cause.source();
    }
    line.replace(char::is_control, " ")
}
