//! What a token may read.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::words::words;

words! {
    /// A kind of data that a token may be limited to. Its word is the same in the database, the API and the forms.
    pub enum Scope {
        /// Services.
        Services = "services",
        /// Domain names.
        Domains = "domains",
        /// Invoices, with their documents.
        Invoices = "invoices",
        /// Orders.
        Orders = "orders",
    }
}

/// In text: a token that is not limited.
const EVERYTHING: &str = "everything";

/// What a token may read: everything, including what is added to the API later, or some kinds of data alone.
///
/// Chosen when the token is created, and never changed. In text it is `everything`, or the words of the scopes with a space
/// between them, as in RFC 6750.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(
    /// A bit for each scope; none: everything.
    u8,
);

impl Scopes {
    /// No limit.
    pub const EVERYTHING: Self = Self(0);

    /// What somebody has chosen. Who chooses nothing does not limit the token.
    pub fn chosen(scopes: impl IntoIterator<Item = Scope>) -> Self {
        Self(scopes.into_iter().map(bit).fold(0, |all, one| all | one))
    }

    /// Whether a token with these scopes may read data of this kind.
    pub const fn may_read(self, scope: Scope) -> bool {
        !self.is_limited() || self.0 & bit(scope) != 0
    }

    /// Whether it may read some kinds of data alone.
    pub const fn is_limited(self) -> bool {
        self.0 != Self::EVERYTHING.0
    }

    /// The kinds of data to which it is limited; none if it is not limited.
    pub fn limits(self) -> impl Iterator<Item = Scope> {
        let is_limited = self.is_limited();
        Scope::ALL
            .into_iter()
            .filter(move |scope| is_limited && self.may_read(*scope))
    }

    /// For people: `Everything`, or `Invoices, orders`.
    pub fn title(self) -> String {
        let title = self.to_string().replace(' ', ", ");
        title[..1].to_uppercase() + &title[1..]
    }

    /// The value of a column, where NULL stands for everything.
    pub fn column(self) -> Option<String> {
        self.is_limited().then(|| self.to_string())
    }

    /// Reads [`Self::column`].
    ///
    /// # Errors
    /// The text names something that is no scope. Whoever wrote it may have wanted a limit.
    pub fn from_column(column: Option<&str>) -> Result<Self, NoScope> {
        column.map_or(Ok(Self::EVERYTHING), limited)
    }
}

const fn bit(scope: Scope) -> u8 {
    1 << scope as u8
}

/// The scopes with these words, of which there is at least one.
fn limited(words: &str) -> Result<Scopes, NoScope> {
    let scopes = words
        .split(' ')
        .map(|word| Scope::from_word(word).ok_or(NoScope));
    Ok(Scopes::chosen(scopes.collect::<Result<Vec<_>, _>>()?))
}

/// A text that does not say what a token may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoScope;

impl fmt::Display for NoScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = Scope::ALL.map(Scope::as_str).join(", ");
        write!(f, "Give {EVERYTHING}, or some of {words}.")
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_limited() {
            return f.write_str(EVERYTHING);
        }
        let words: Vec<_> = self.limits().map(Scope::as_str).collect();
        f.write_str(&words.join(" "))
    }
}

impl FromStr for Scopes {
    type Err = NoScope;

    fn from_str(text: &str) -> Result<Self, NoScope> {
        if text == EVERYTHING {
            return Ok(Self::EVERYTHING);
        }
        limited(text)
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_choice() -> impl Iterator<Item = Scopes> {
        (0..1 << Scope::ALL.len()).map(Scopes)
    }

    #[test]
    fn a_token_reads_everything_unless_it_is_limited_to_some_kinds_of_data() {
        assert_eq!(Scopes::chosen([]), Scopes::default());
        assert!(
            Scope::ALL
                .into_iter()
                .all(|scope| Scopes::EVERYTHING.may_read(scope))
        );
        for scopes in every_choice().filter(|scopes| scopes.is_limited()) {
            let may_read = Scope::ALL
                .into_iter()
                .filter(|scope| scopes.may_read(*scope));
            assert!(may_read.eq(scopes.limits()), "{scopes}");
            assert_eq!(Scopes::chosen(scopes.limits()), scopes);
        }
    }

    #[test]
    fn every_choice_is_read_back_from_its_text_and_from_its_column() {
        for scopes in every_choice() {
            assert_eq!(scopes.to_string().parse(), Ok(scopes));
            assert_eq!(Scopes::from_column(scopes.column().as_deref()), Ok(scopes));
            let json = serde_json::to_string(&scopes).unwrap();
            assert_eq!(serde_json::from_str::<Scopes>(&json).unwrap(), scopes);
        }
    }

    #[test]
    fn a_text_that_names_no_scope_is_never_taken_for_everything() {
        for text in [
            "",
            " ",
            "invoices ",
            "invoices  orders",
            "Invoices",
            "invoices,orders",
            "tickets",
        ] {
            assert_eq!(text.parse::<Scopes>(), Err(NoScope), "{text:?}");
            assert_eq!(Scopes::from_column(Some(text)), Err(NoScope), "{text:?}");
        }
        assert_eq!(
            Scopes::from_column(Some(EVERYTHING)),
            Err(NoScope),
            "it is NULL there"
        );
    }

    #[test]
    fn people_read_it_as_a_list() {
        assert_eq!(Scopes::EVERYTHING.title(), "Everything");
        let some = Scopes::chosen([Scope::Orders, Scope::Invoices]);
        assert_eq!(some.title(), "Invoices, orders");
        assert_eq!(some.to_string(), "invoices orders");
    }
}
