//! The secret of a token, which is shown once.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Prefix of every token.
pub const PREFIX: &str = "ot_live_";
/// Random characters after the prefix: 32 in base62 are 190 bits.
pub const RANDOM_LEN: usize = 32;
/// Checksum characters at the end.
pub const CHECKSUM_LEN: usize = 6;
/// Length of a token in characters.
pub const TOKEN_LEN: usize = PREFIX.len() + RANDOM_LEN + CHECKSUM_LEN;

/// A token in full, which gives access to its owner's data.
///
/// Only the server generates and parses it (`server::token_secret`), and it is sent once, in
/// [`CreatedToken`](super::token::CreatedToken). `Debug` masks it; only [`Self::expose`] returns it, so that
/// name marks every place that reads it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenSecret(pub(crate) String);

impl TokenSecret {
    /// The token. Show it to its owner, once, and store or log it nowhere.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last four characters, by which owners recognize their tokens.
    pub fn hint(&self) -> &str {
        &self.0[self.0.len().saturating_sub(4)..]
    }
}

impl fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSecret(masked)")
    }
}
