//! The one-time secret of a token.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What every token starts with.
pub const PREFIX: &str = "ot_live_";
/// Random characters after the prefix: 32 of base62 are 190 bits.
pub const RANDOM_LEN: usize = 32;
/// Checksum characters at the end.
pub const CHECKSUM_LEN: usize = 6;
/// Characters of a whole token.
pub const TOKEN_LEN: usize = PREFIX.len() + RANDOM_LEN + CHECKSUM_LEN;

/// A token in full: whoever holds it reads its owner's data.
///
/// It is made and parsed on the server alone (`server::token_secret`) and crosses the wire once,
/// inside [`CreatedToken`](super::token::CreatedToken). It cannot be printed: only [`Self::expose`]
/// gives it away, so that name marks every such place.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenSecret(pub(crate) String);

impl TokenSecret {
    /// The token itself. Show it to its owner, once; put it nowhere else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last four characters, by which people tell their tokens apart.
    pub fn hint(&self) -> &str {
        &self.0[self.0.len().saturating_sub(4)..]
    }
}

impl fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSecret(masked)")
    }
}
