//! Decimal numbers that are shown and never computed with, like a quantity or the rate of a tax.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A decimal number as it was given: `1.5`, `-2`, `0.19`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Decimal(String);

impl Decimal {
    /// The most digits before the point, and the most behind it.
    pub const MAX_DIGITS: usize = 15;

    /// Reads a number. Without an exponent, a plus sign, or separators.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_part = |part: &str| {
            (1..=Self::MAX_DIGITS).contains(&part.len())
                && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        (is_part(whole) && is_part(fraction)).then(|| Self(text.to_owned()))
    }

    /// The number one.
    pub fn one() -> Self {
        Self("1".to_owned())
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_as_they_are_given_and_nothing_else_is() {
        for text in ["0", "1.50", "-2", "0.19", "007"] {
            assert_eq!(Decimal::parse(text).unwrap().as_str(), text);
        }
        for text in [
            "",
            "-",
            "1.",
            ".5",
            "1e3",
            "+1",
            "1,5",
            "NaN",
            " 1",
            "1234567890123456",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text:?}");
        }
    }
}
