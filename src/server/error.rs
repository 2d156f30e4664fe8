//! Errors inside, with their causes, and their one translation to those that may be told outside.

use thiserror::Error;

use super::{password::PasswordError, store::StoreError};
use crate::model::error::AppError;

/// A refusal, or a failure of one of the server's parts.
#[derive(Debug, Error)]
pub enum Failure {
    /// A refusal, not a fault.
    #[error("refused: {0}")]
    Refused(#[from] AppError),
    /// The database failed.
    #[error("database")]
    Store(#[from] StoreError),
    /// Hashing a password failed, or too many are queued.
    #[error("password")]
    Password(#[from] PasswordError),
}

impl Failure {
    /// Logs the causes, once, and returns what may be told outside.
    pub fn report(self) -> AppError {
        match self {
            Self::Refused(error) => error,
            Self::Password(PasswordError::Busy) => AppError::TooManyRequests { retry_after: 1 },
            Self::Store(StoreError::SessionEnded) => AppError::Unauthenticated,
            Self::Store(StoreError::NotActive) => AppError::Suspended,
            Self::Store(error) if error.is_moved() => AppError::Unavailable,
            Self::Store(error) if error.is_unavailable() => {
                tracing::warn!(cause = %chain(&error), "the database is unavailable");
                AppError::Unavailable
            }
            Self::Store(error @ StoreError::Unclear(_)) => {
                tracing::error!(cause = %chain(&error), "a commit was not answered");
                AppError::Unclear
            }
            failure => {
                tracing::error!(cause = %chain(&failure), "a part failed");
                AppError::Internal
            }
        }
    }
}

/// An error and its causes on one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        // Some errors repeat their cause.
        if !line.ends_with(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        source = cause.source();
    }
    line.replace(char::is_control, " ")
}
