//! Whom to tell of a vulnerability of the portal.

use std::fmt;

use url::Url;

use super::settings::{ConfigError, Settings, refuse};

const NAME: &str = "OPENTILL_SECURITY_CONTACT";

/// The `Contact` of `security.txt` (RFC 9116, 2.5.3): a URL with the scheme `mailto`, `https` or `tel`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityContact(Url);

impl SecurityContact {
    /// Reads the setting, if it is set.
    ///
    /// # Errors
    /// It is no such URL.
    pub fn read<G: Fn(&str) -> Option<String>>(
        settings: &Settings<G>,
    ) -> Result<Option<Self>, ConfigError> {
        let parse = |text: String| Self::parse(&text).map_err(|reason| refuse(NAME, reason));
        settings.text(NAME)?.map(parse).transpose()
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        const WANTED: &str =
            "must be an address like mailto:security@example.com or https://example.com/security";
        // It is a line of its own, and a URL may not hold white space.
        if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(WANTED);
        }
        let url = Url::parse(text).map_err(|_| WANTED)?;
        match url.scheme() {
            "https" | "tel" => Ok(Self(url)),
            "mailto" if url.path().contains('@') => Ok(Self(url)),
            _ => Err(WANTED),
        }
    }
}

impl fmt::Display for SecurityContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_a_url_by_which_somebody_can_be_reached() {
        for url in [
            "mailto:security@example.com",
            "https://example.com/security?from=portal",
            "tel:+1-201-555-0123",
        ] {
            assert_eq!(SecurityContact::parse(url).unwrap().to_string(), url);
        }
        for other in [
            "security@example.com",
            "http://example.com/security",
            "mailto:security",
            "javascript:alert(1)",
            "https://",
            "mailto:a@example.com b@example.com",
            "https://example.com/\nExpires: never",
        ] {
            assert!(SecurityContact::parse(other).is_err(), "{other}");
        }
    }
}
