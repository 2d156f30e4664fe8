//! What limits a token besides what it may read.

use serde::{Deserialize, Serialize};

use super::{number::push_number, timestamp::Timestamp};

/// Until when and from where a token works. Chosen when it is created, and never changed.
///
/// In JSON for the browser it is what a row of the list shows, and short: `[1800000000,2]`, the end and the number of
/// addresses. A page has many tokens, of which each may have 20 addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Shown", into = "Shown")]
pub struct TokenLimits {
    /// When it ends by itself; `None`: never.
    pub expires_at: Option<Timestamp>,
    /// From where it works.
    pub allowed: AllowedAddresses,
}

type Shown = (Option<Timestamp>, usize);

impl From<TokenLimits> for Shown {
    fn from(limits: TokenLimits) -> Self {
        (limits.expires_at, limits.allowed.count)
    }
}

impl From<Shown> for TokenLimits {
    fn from((expires_at, count): Shown) -> Self {
        let all = String::new();
        Self {
            expires_at,
            allowed: AllowedAddresses { count, all },
        }
    }
}

impl TokenLimits {
    /// For a row of the list: `Expires 15 Jan 2027 · Only from 2 addresses`; empty without limits.
    pub fn words(&self, now: Timestamp) -> String {
        let mut words = String::new();
        if let Some(moment) = self.expires_at {
            words.push_str(if moment <= now {
                "Expired "
            } else {
                "Expires "
            });
            words.push_str(&moment.date());
        }
        let count = self.allowed.count as u64;
        if count > 0 {
            if !words.is_empty() {
                words.push_str(" · ");
            }
            words.push_str("Only from ");
            push_number(&mut words, count);
            words.push_str(if count == 1 { " address" } else { " addresses" });
        }
        words
    }

    /// Whether there are none.
    pub fn are_none(&self) -> bool {
        self.expires_at.is_none() && self.allowed.count == 0
    }

    /// The day on which it ends, as the form has it; empty for none.
    pub fn expires_on(&self) -> String {
        let day = self.expires_at.map(Timestamp::rfc3339);
        day.map_or_else(String::new, |moment| moment[..10].to_owned())
    }
}

/// IP addresses and networks, each in its canonical form; none: everywhere.
///
/// The server checks what was typed, and makes the numbers of it that requests are compared with. The browser knows how many
/// there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedAddresses {
    count: usize,
    /// With a space between them.
    all: String,
}

impl AllowedAddresses {
    /// Texts that were checked.
    pub fn checked(texts: &[String]) -> Self {
        Self::stored(Some(texts.join(" ")))
    }

    /// The value of a column, where NULL stands for everywhere.
    pub fn column(&self) -> Option<&str> {
        Some(self.all.as_str()).filter(|all| !all.is_empty())
    }

    /// What [`Self::column`] gave.
    pub fn stored(column: Option<String>) -> Self {
        let all = column.unwrap_or_default();
        let count = if all.is_empty() {
            0
        } else {
            all.split(' ').count()
        };
        Self { count, all }
    }

    /// Each of them, on the server.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.all.split(' ').filter(|one| !one.is_empty())
    }

    /// For people and for the form, on the server: with commas.
    pub fn list(&self) -> String {
        self.all.replace(' ', ", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::date::Date;

    #[test]
    fn a_row_says_until_when_and_from_how_many_places_and_nothing_without_limits() {
        let day = Date::parse("2027-01-15").unwrap().midnight();
        let two = AllowedAddresses::checked(&["203.0.113.7".into(), "2001:db8::/48".into()]);
        let mut limits = TokenLimits::default();
        assert_eq!(
            (limits.words(day), limits.expires_on()),
            (String::new(), String::new())
        );
        limits.allowed = two.clone();
        assert_eq!(limits.words(day), "Only from 2 addresses");
        limits.expires_at = Some(day);
        let words = limits.words(day.minus(1));
        assert_eq!(words, "Expires 15 Jan 2027 · Only from 2 addresses");
        assert!(limits.words(day).starts_with("Expired 15 Jan 2027"));
        assert_eq!(limits.expires_on(), "2027-01-15");
        let sent = serde_json::to_string(&limits).unwrap();
        let browsers: TokenLimits = serde_json::from_str(&sent).unwrap();
        assert_eq!(browsers.words(day), limits.words(day), "{sent}");
        assert_eq!(two.list(), "203.0.113.7, 2001:db8::/48");
        assert_eq!(AllowedAddresses::stored(two.column().map(Into::into)), two);
        assert_eq!(AllowedAddresses::default().column(), None);
    }
}
