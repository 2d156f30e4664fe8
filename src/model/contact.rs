//! The contact data of a client, which the client may change itself.

use std::convert::Infallible;

use super::{country, field, text};

/// Name, company, telephone and postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// Name of the person.
    pub name: String,
    /// Company, if any.
    pub company: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// First line of the postal address.
    pub address1: String,
    /// Second line of the postal address.
    pub address2: Option<String>,
    /// City.
    pub city: String,
    /// State or region.
    pub state: String,
    /// Postal code.
    pub postcode: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

/// Checks what was typed into a field, and trims it.
pub type Check = fn(&str) -> Result<String, String>;

impl Contact {
    /// Reads each field with `read`, which is given the field's name and its check.
    ///
    /// # Errors
    /// The first error of `read`.
    pub fn read<E>(
        mut read: impl FnMut(&'static str, Check) -> Result<String, E>,
    ) -> Result<Self, E> {
        let some = |text: String| (!text.is_empty()).then_some(text);
        Ok(Self {
            name: read(field::NAME, text)?,
            company: read(field::COMPANY, text).map(some)?,
            phone: read(field::PHONE, text).map(some)?,
            address1: read(field::ADDRESS1, text)?,
            address2: read(field::ADDRESS2, text).map(some)?,
            city: read(field::CITY, text)?,
            state: read(field::STATE, text)?,
            postcode: read(field::POSTCODE, text)?,
            country: read(field::COUNTRY, country::parse)?,
        })
    }

    /// The values of all fields, in the order of the declaration. A missing one is empty.
    pub fn values(&self) -> [&str; 9] {
        let or_empty = Option::<&str>::unwrap_or_default;
        [
            &self.name,
            or_empty(self.company.as_deref()),
            or_empty(self.phone.as_deref()),
            &self.address1,
            or_empty(self.address2.as_deref()),
            &self.city,
            &self.state,
            &self.postcode,
            &self.country,
        ]
    }

    /// The same with other values of some fields, by their names.
    #[must_use]
    pub fn with(&self, changes: &[(&'static str, String)]) -> Self {
        let mut old = self.values().into_iter();
        let Ok(new) = Self::read(|field, _| {
            let old = old.next().unwrap_or_default();
            let change = changes.iter().find(|(name, _)| *name == field);
            let value = change.map_or(old, |(_, value)| value);
            Ok::<_, Infallible>(value.to_owned())
        });
        new
    }

    /// The address on one line, without empty parts.
    pub fn postal_address(&self) -> String {
        let [_, _, _, address @ ..] = self.values();
        let mut parts = address.to_vec();
        parts.retain(|part| !part.is_empty());
        parts.join(", ")
    }

    /// Up to two letters that stand for the client.
    pub fn initials(&self) -> String {
        let mut words = self.name.split_whitespace();
        let first = words.next().and_then(|word| word.chars().next());
        let last = words.next_back().and_then(|word| word.chars().next());
        first
            .into_iter()
            .chain(last)
            .flat_map(char::to_uppercase)
            .collect()
    }
}

/// The longest text of a field, in characters.
pub const MAX_TEXT_LEN: usize = 200;

/// Checks a text of at most [`MAX_TEXT_LEN`] characters, see [`text::parse`].
///
/// # Errors
/// What to change about it.
pub fn text(typed: &str) -> Result<String, String> {
    text::parse(typed, MAX_TEXT_LEN).map_err(|error| error.to_string())
}

/// Checks a currency: ISO 4217, in any letters.
///
/// # Errors
/// What to change about it.
pub fn currency(typed: &str) -> Result<String, String> {
    let code = typed.trim().to_ascii_uppercase();
    let is_code = code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
    is_code
        .then_some(code)
        .ok_or_else(|| "Use three letters, like USD.".to_owned())
}

#[cfg(test)]
impl Contact {
    /// Somebody of this name.
    pub fn named(name: &str) -> Self {
        let Ok(contact) = Self::read(|field, _| {
            let value = match field {
                field::NAME => name,
                field::COUNTRY => "US",
                _ => "",
            };
            Ok::<_, Infallible>(value.to_owned())
        });
        contact
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        for (name, initials) in [
            ("Jane Smith", "JS"),
            ("ada king byron", "AB"),
            (" Plato ", "P"),
            ("émile zola", "ÉZ"),
            ("", ""),
        ] {
            assert_eq!(Contact::named(name).initials(), initials, "{name:?}");
        }
    }

    #[test]
    fn the_values_are_in_the_order_in_which_they_are_read() {
        let mut read = Vec::new();
        let contact = Contact::read(|field, _| {
            read.push(field);
            Ok::<_, ()>(field.to_owned())
        });
        assert_eq!(contact.unwrap().values().to_vec(), read);
    }

    #[test]
    fn only_the_fields_that_are_named_change_and_nothing_is_kept_as_none() {
        let old = Contact::named("Jane").with(&[(field::COMPANY, "Acme".to_owned())]);
        assert_eq!(old.company.as_deref(), Some("Acme"));
        let changes = [
            (field::COMPANY, String::new()),
            (field::CITY, "Austin".to_owned()),
        ];
        let new = Contact {
            company: None,
            city: "Austin".to_owned(),
            ..old.clone()
        };
        assert_eq!(old.with(&changes), new);
        assert_eq!(old.with(&[]), old);
    }
}
