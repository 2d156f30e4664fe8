//! API tokens, as their owner sees them.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{
    scopes::Scopes,
    secret::{PREFIX, TokenSecret},
    text::{self, TextError},
    timestamp::{DAY, Timestamp},
    token_limits::TokenLimits,
};

/// The longest token name, in characters (Unicode scalar values).
pub const MAX_NAME_LEN: usize = 100;
/// Days without use after which a token is marked in the list.
pub const UNUSED_DAYS: i64 = 90;

/// A token number. Numbers are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenId(pub i64);

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A token's name: trimmed, in Unicode normalization form C, 1 to [`MAX_NAME_LEN`] characters, one of them visible.
///
/// Deserialization does not check it: only the browser does that, and its names come from this server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenName(String);

impl TokenName {
    /// Checks and normalizes what a user typed.
    ///
    /// # Errors
    /// The name is empty, too long, or has characters that are invisible or reorder the text around them.
    pub fn parse(typed: &str) -> Result<Self, NameError> {
        let name = text::parse(typed, MAX_NAME_LEN).map_err(NameError::Text)?;
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        Ok(Self(name))
    }

    /// A name that was stored. It may be older than the rule, and is shown with what breaks it escaped.
    /// `None` if it is empty.
    pub fn stored(name: &str) -> Option<Self> {
        (!name.is_empty()).then(|| Self(text::escaped(name).into_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name without its case: equal for names that differ in case alone.
    pub fn key(&self) -> String {
        // Upper case first: that maps ß to SS, and both small sigmas to one letter.
        self.0.to_uppercase().to_lowercase().nfc().collect()
    }
}

impl fmt::Display for TokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a token's name is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing but white space.
    Empty,
    /// The text breaks the rule for text that people see.
    Text(TextError),
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Enter a name for the token."),
            Self::Text(TextError::NotAllowed(c)) => {
                let code = u32::from(*c);
                write!(
                    f,
                    "The name contains a character that isn't allowed (U+{code:04X})."
                )
            }
            Self::Text(error) => error.fmt(f),
        }
    }
}

/// A row of the list of tokens. It has no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSummary {
    /// The token number.
    pub id: TokenId,
    /// Its name, unique among its owner's active tokens, ignoring case.
    pub name: TokenName,
    /// Its last four characters.
    pub last_four: String,
    /// What it may read.
    pub scopes: Scopes,
    /// Until when and from where it works.
    #[serde(default, skip_serializing_if = "TokenLimits::are_none")]
    pub limits: TokenLimits,
    /// When it was created.
    pub created_at: Timestamp,
    /// Time of the last use, to about a minute.
    pub last_used_at: Option<Timestamp>,
}

impl TokenSummary {
    /// The part of the token that may be shown: `ot_live_…a1B2`.
    pub fn hint(&self) -> String {
        format!("{PREFIX}…{}", self.last_four)
    }

    /// How it ended, if it did at `moment`: `Revoked` or `Expired`.
    pub fn how_it_ended(&self, moment: Timestamp) -> &'static str {
        if self.limits.expires_at == Some(moment) {
            "Expired"
        } else {
            "Revoked"
        }
    }

    /// Whether it has not been used for [`UNUSED_DAYS`].
    pub fn is_stale(&self, now: Timestamp) -> bool {
        let since = self.last_used_at.unwrap_or(self.created_at);
        now.seconds_since(since) >= UNUSED_DAYS * DAY
    }
}

/// How many active tokens a client has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenCounts {
    /// All of them.
    pub active: usize,
    /// Those that are [stale](TokenSummary::is_stale).
    pub stale: usize,
}

/// A token that was revoked, or has expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedToken {
    /// The token.
    pub token: TokenSummary,
    /// When it was revoked, or expired.
    pub revoked_at: Timestamp,
}

impl RevokedToken {
    /// How it ended: `Revoked` or `Expired`.
    pub fn how(&self) -> &'static str {
        self.token.how_it_ended(self.revoked_at)
    }
}

/// A token of a client, whether or not it still works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnyToken {
    /// It works.
    Active(TokenSummary),
    /// It was revoked.
    Revoked(RevokedToken),
}

impl AnyToken {
    /// The token, and when it was revoked.
    pub fn into_parts(self) -> (TokenSummary, Option<Timestamp>) {
        match self {
            Self::Active(token) => (token, None),
            Self::Revoked(revoked) => (revoked.token, Some(revoked.revoked_at)),
        }
    }
}

/// A token that was just created. No other type sends a secret to its owner.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreatedToken {
    /// Its row in the list.
    pub token: TokenSummary,
    /// The token in full, shown once.
    pub secret: TokenSecret,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(name: &str) -> Result<String, NameError> {
        TokenName::parse(name).map(|n| n.0)
    }

    #[test]
    fn names_are_trimmed_and_normalised() {
        assert_eq!(parse("  My Integration \n"), Ok("My Integration".into()));
        assert_eq!(parse("Cafe\u{301}"), Ok("Caf\u{e9}".into()));
    }

    #[test]
    fn names_take_every_script_and_emoji() {
        for name in [
            "日本語",
            "שלום",
            "हिन्दी",
            "👩‍👩‍👧‍👦",
            "</script>",
            "'; DROP TABLE tokens;--",
            "a",
        ] {
            assert!(parse(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn names_that_cannot_be_read_are_refused() {
        for (name, why) in [
            ("", NameError::Empty),
            (" \t\r\n\u{a0}\u{3000}", NameError::Empty),
            ("a\u{0}b", NameError::Text(TextError::NotAllowed('\u{0}'))),
            ("a\r\nb", NameError::Text(TextError::NotAllowed('\r'))),
            (
                "a\u{1b}[31m",
                NameError::Text(TextError::NotAllowed('\u{1b}')),
            ),
            (
                "a\u{202e}b",
                NameError::Text(TextError::NotAllowed('\u{202e}')),
            ),
            (
                "a\u{2067}b",
                NameError::Text(TextError::NotAllowed('\u{2067}')),
            ),
            (
                "a\u{200f}",
                NameError::Text(TextError::NotAllowed('\u{200f}')),
            ),
            (
                "\u{200b}\u{200d}",
                NameError::Text(TextError::NotAllowed('\u{200b}')),
            ),
            ("\u{301}", NameError::Text(TextError::Invisible)),
            ("\u{378}", NameError::Text(TextError::NotAllowed('\u{378}'))),
            (
                "\u{e000}",
                NameError::Text(TextError::NotAllowed('\u{e000}')),
            ),
        ] {
            assert_eq!(parse(name), Err(why), "{name:?}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_after_normalisation() {
        assert!(parse(&"é".repeat(MAX_NAME_LEN)).is_ok());
        assert!(parse(&"e\u{301}".repeat(MAX_NAME_LEN)).is_ok());
        assert_eq!(
            parse(&"é".repeat(MAX_NAME_LEN + 1)),
            Err(NameError::Text(TextError::TooLong(MAX_NAME_LEN)))
        );
    }

    #[test]
    fn names_that_differ_in_case_alone_share_a_key() {
        let key = |name: &str| TokenName::parse(name).unwrap().key();
        assert_eq!(key("Billing Dashboard"), key("BILLING dashboard"));
        assert_eq!(key("Straße"), key("STRASSE"));
        assert_eq!(key("ΟΔΟΣ"), key("οδος"));
        assert_ne!(key("Billing 1"), key("Billing 2"));
    }

    #[test]
    fn a_token_is_stale_after_ninety_days_without_use() {
        let now = Timestamp::from_unix(1_000 * DAY);
        let mut token = TokenSummary {
            id: TokenId(1),
            name: TokenName::parse("A").unwrap(),
            last_four: "a1B2".into(),
            scopes: Scopes::EVERYTHING,
            limits: TokenLimits::default(),
            created_at: now.minus(91 * DAY),
            last_used_at: None,
        };
        assert!(token.is_stale(now));
        token.last_used_at = Some(now.minus(89 * DAY));
        assert!(!token.is_stale(now));
    }

    proptest! {
        #[test]
        fn a_parsed_name_parses_to_itself(typed in any::<String>()) {
            if let Ok(name) = TokenName::parse(&typed) {
                prop_assert_eq!(TokenName::parse(name.as_str()), Ok(name.clone()));
                prop_assert!((1..=MAX_NAME_LEN).contains(&name.as_str().chars().count()));
                prop_assert!(!name.as_str().chars().any(char::is_control));
            }
        }
    }
}
