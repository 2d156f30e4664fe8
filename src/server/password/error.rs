//! Errors of hashing.

use thiserror::Error;

/// An error of hashing a password.
#[derive(Debug, Error)]
pub enum PasswordError {
    /// Too many are queued.
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// The hash function failed.
    #[error("hashing failed")]
    Hash(#[from] argon2::password_hash::Error),
    /// The hash function panicked.
    #[error("hashing was cut off")]
    Gone,
}
