//! The secret of a link.

use std::fmt;

use crate::server::token_secret::{SecretHash, random_base62};

/// The page that a link leads to; its secret follows.
pub const PAGE: &str = "/set-password/";
/// Characters of a secret: 43 of base62 are 256 bits.
const LEN: usize = 43;

/// The secret of a link. It is in the mail, or printed for the operator, and the database has its hash.
pub struct LinkSecret(String);

impl LinkSecret {
    /// Generates one.
    pub fn generate() -> Self {
        Self(random_base62(LEN))
    }

    /// Parses what stands in a URL; `None` if it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let is_ours = text.len() == LEN && text.bytes().all(|b| b.is_ascii_alphanumeric());
        is_ours.then(|| Self(text.to_owned()))
    }

    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The whole link, on the portal at `origin`.
    pub fn url(&self, origin: &str) -> String {
        format!("{origin}{PAGE}{}", self.0)
    }

    /// The hash by which the database finds it.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }
}

impl fmt::Debug for LinkSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkSecret(masked)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_back_from_its_url_and_is_never_printed() {
        let secret = LinkSecret::generate();
        let url = secret.url("https://portal.example.com");
        let shown = url.rsplit_once('/').unwrap().1;
        assert_eq!(LinkSecret::parse(shown).unwrap().hash(), secret.hash());
        assert_eq!(format!("{secret:?}"), "LinkSecret(masked)");
        for wrong in [
            "",
            &shown[1..],
            &format!("{shown}a"),
            &shown.replacen(char::is_alphanumeric, "-", 1),
        ] {
            assert!(LinkSecret::parse(wrong).is_none(), "{wrong}");
        }
    }
}
