//! The fields of a line, read by name: each is checked, and one that nobody reads is refused.

use std::fmt::Display;

use serde_json::{Map, Value};

use crate::model::{
    contact, country,
    date::Date,
    decimal::Decimal,
    money::Currency,
    text::{TextError, not_allowed},
    timestamp::Timestamp,
};

/// The largest amount, either way: the largest whole number that every reader of JSON keeps as it is (2^53 - 1).
const MAX_AMOUNT: i64 = 9_007_199_254_740_991;
/// The most characters of an external id.
const MAX_ID: usize = 100;
/// The most characters of a text of several lines.
const MAX_NOTES: usize = 10_000;
/// The most elements of a list.
const MAX_LIST: usize = 1_000;
/// The most bytes of a URL.
const MAX_URL: usize = 2_000;

/// Why a line is refused: the field's path and what is wrong with it.
pub type Refusal = String;

/// The fields of an object that were not read yet.
pub struct Fields {
    left: Map<String, Value>,
    /// Where the object is in the line: empty, or `items.0.`.
    path: String,
}

impl Fields {
    pub fn new(value: Value) -> Result<Self, Refusal> {
        Self::at(value, String::new())
    }

    fn at(value: Value, path: String) -> Result<Self, Refusal> {
        match value {
            Value::Object(left) => Ok(Self { left, path }),
            _ if path.is_empty() => Err("is not a JSON object".to_owned()),
            _ => Err(format!("{}: is not an object", path.trim_end_matches('.'))),
        }
    }

    /// A field's path.
    pub fn path(&self, name: &str) -> String {
        format!("{}{name}", self.path)
    }

    fn refuse(&self, name: &str, reason: impl Display) -> Refusal {
        format!("{}{name}: {reason}", self.path)
    }

    /// Null is the same as nothing.
    fn take(&mut self, name: &str) -> Option<Value> {
        self.left.remove(name).filter(|value| !value.is_null())
    }

    fn needed<T>(&self, name: &str, value: Option<T>) -> Result<T, Refusal> {
        value.ok_or_else(|| self.refuse(name, "is missing"))
    }

    fn string(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.refuse(name, "is not a text")),
        }
    }

    fn parsed<T>(
        &mut self,
        name: &str,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        let text = self.string(name)?;
        text.map(|text| {
            parse(&text).ok_or_else(|| self.refuse(name, format_args!("is not {wanted}")))
        })
        .transpose()
    }

    /// A line of text. An empty one is the same as none.
    pub fn maybe_text(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        let Some(text) = self.string(name)? else {
            return Ok(None);
        };
        let text = contact::text(&text).map_err(|reason| self.refuse(name, reason))?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// The same, or an empty text.
    pub fn text_or_empty(&mut self, name: &str) -> Result<String, Refusal> {
        Ok(self.maybe_text(name)?.unwrap_or_default())
    }

    /// A line of text that has to be there.
    pub fn text(&mut self, name: &str) -> Result<String, Refusal> {
        let text = self.maybe_text(name)?;
        self.needed(name, text)
    }

    /// Text of several lines.
    pub fn notes(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        let Some(text) = self.string(name)? else {
            return Ok(None);
        };
        let text = text.trim().replace("\r\n", "\n");
        if text.chars().count() > MAX_NOTES {
            return Err(self.refuse(name, format_args!("has more than {MAX_NOTES} characters")));
        }
        if let Some(c) = text.split(['\n', '\t']).find_map(not_allowed) {
            return Err(self.refuse(name, TextError::NotAllowed(c)));
        }
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// An id of the other system: a text, or a whole number as some write it.
    pub fn maybe_id(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        if let Some(number) = self.left.get(name).and_then(Value::as_i64) {
            self.left.remove(name);
            return Ok(Some(number.to_string()));
        }
        let id = self.maybe_text(name)?;
        match id {
            Some(id) if id.chars().count() > MAX_ID => {
                Err(self.refuse(name, format_args!("has more than {MAX_ID} characters")))
            }
            id => Ok(id),
        }
    }

    /// An id that has to be there.
    pub fn id(&mut self, name: &str) -> Result<String, Refusal> {
        let id = self.maybe_id(name)?;
        self.needed(name, id)
    }

    /// One of some words.
    pub fn maybe_word<T>(
        &mut self,
        name: &str,
        of_word: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        self.parsed(name, "one of its words", of_word)
    }

    /// One of some words that has to be there.
    pub fn word<T>(
        &mut self,
        name: &str,
        of_word: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Refusal> {
        let word = self.maybe_word(name, of_word)?;
        self.needed(name, word)
    }

    /// A country of ISO 3166-1.
    pub fn maybe_country(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        let country = self.string(name)?.filter(|code| !code.is_empty());
        let country = country.map(|code| country::parse(&code));
        country
            .transpose()
            .map_err(|reason| self.refuse(name, reason))
    }

    pub fn maybe_currency(&mut self, name: &str) -> Result<Option<Currency>, Refusal> {
        self.parsed(name, "a currency of ISO 4217 like USD", Currency::from_code)
    }

    pub fn currency(&mut self, name: &str) -> Result<Currency, Refusal> {
        let currency = self.maybe_currency(name)?;
        self.needed(name, currency)
    }

    /// An amount: a whole number of the smallest unit, or a decimal string.
    pub fn maybe_money(&mut self, name: &str, of: Currency) -> Result<Option<i64>, Refusal> {
        let amount = match self.take(name) {
            None => return Ok(None),
            Some(Value::Number(number)) => number.as_i64().ok_or_else(|| {
                let wanted = "is neither a whole number of the smallest unit nor a decimal string";
                self.refuse(name, wanted)
            })?,
            Some(Value::String(text)) => of
                .parse(&text)
                .map_err(|reason| self.refuse(name, reason))?,
            Some(_) => return Err(self.refuse(name, "is not an amount")),
        };
        if (-MAX_AMOUNT..=MAX_AMOUNT).contains(&amount) {
            Ok(Some(amount))
        } else {
            Err(self.refuse(name, format_args!("is beyond {MAX_AMOUNT}")))
        }
    }

    /// An amount that has to be there.
    pub fn money(&mut self, name: &str, of: Currency) -> Result<i64, Refusal> {
        let amount = self.maybe_money(name, of)?;
        self.needed(name, amount)
    }

    /// An amount, or zero.
    pub fn money_or_zero(&mut self, name: &str, of: Currency) -> Result<i64, Refusal> {
        Ok(self.maybe_money(name, of)?.unwrap_or_default())
    }

    pub fn maybe_date(&mut self, name: &str) -> Result<Option<Date>, Refusal> {
        self.parsed(name, "a date like 2026-01-15", Date::parse)
    }

    pub fn date(&mut self, name: &str) -> Result<Date, Refusal> {
        let date = self.maybe_date(name)?;
        self.needed(name, date)
    }

    pub fn maybe_time(&mut self, name: &str) -> Result<Option<Timestamp>, Refusal> {
        let time = |text: &str| Timestamp::parse_rfc3339(text).filter(|time| time.unix() >= 0);
        self.parsed(name, "a time like 2026-01-15T10:30:00Z", time)
    }

    /// A number as a decimal string, or a whole number.
    pub fn maybe_decimal(&mut self, name: &str) -> Result<Option<Decimal>, Refusal> {
        if let Some(number) = self.left.get(name).and_then(Value::as_i64) {
            self.left
                .insert(name.to_owned(), Value::String(number.to_string()));
        }
        self.parsed(name, "a decimal string like \"1.5\"", Decimal::parse)
    }

    /// Whether something is so; not, if nothing is said.
    pub fn flag(&mut self, name: &str) -> Result<bool, Refusal> {
        match self.take(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(self.refuse(name, "is neither true nor false")),
        }
    }

    /// How many; one, if nothing is said.
    pub fn count(&mut self, name: &str) -> Result<u32, Refusal> {
        match self.take(name) {
            None => Ok(1),
            Some(value) => value
                .as_u64()
                .and_then(|count| u32::try_from(count).ok())
                .filter(|count| (1..=1_000_000).contains(count))
                .ok_or_else(|| self.refuse(name, "is not a whole number from 1 to 1000000")),
        }
    }

    /// An absolute URL over https, or over http, too.
    pub fn maybe_url(&mut self, name: &str, schemes: &[&str]) -> Result<Option<String>, Refusal> {
        let wanted = format!("an absolute URL over {}", schemes.join(" or "));
        self.parsed(name, &wanted, |text| {
            let url = url::Url::parse(text).ok()?;
            let is_fit = schemes.contains(&url.scheme())
                && url.host_str().is_some_and(|host| !host.is_empty())
                && url.username().is_empty()
                && url.password().is_none()
                && url.as_str().len() <= MAX_URL;
            is_fit.then(|| url.to_string())
        })
    }

    /// A text as it is.
    pub fn maybe_string(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        self.string(name)
    }

    /// The objects of a list.
    pub fn list<T>(
        &mut self,
        name: &str,
        mut read: impl FnMut(&mut Self) -> Result<T, Refusal>,
    ) -> Result<Vec<T>, Refusal> {
        let elements = match self.take(name) {
            None => return Ok(Vec::new()),
            Some(Value::Array(elements)) => elements,
            Some(_) => return Err(self.refuse(name, "is not a list")),
        };
        if elements.len() > MAX_LIST {
            return Err(self.refuse(name, format_args!("has more than {MAX_LIST} elements")));
        }
        let elements = elements.into_iter().enumerate().map(|(at, element)| {
            let mut fields = Self::at(element, format!("{}{name}.{at}.", self.path))?;
            let read = read(&mut fields)?;
            fields.finish()?;
            Ok(read)
        });
        elements.collect()
    }

    /// An object within the object, or an empty one.
    pub fn object<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let value = self.take(name).unwrap_or_else(|| Value::Object(Map::new()));
        let mut fields = Self::at(value, format!("{}{name}.", self.path))?;
        let read = read(&mut fields)?;
        fields.finish()?;
        Ok(read)
    }

    /// Refuses what was not read.
    pub fn finish(&self) -> Result<(), Refusal> {
        match self.left.keys().next() {
            None => Ok(()),
            Some(name) => Err(format!(
                "{}{}: there is no such field",
                self.path,
                short(name)
            )),
        }
    }
}

/// The beginning of a name that somebody else made up.
fn short(name: &str) -> String {
    name.chars()
        .take(40)
        .flat_map(char::escape_default)
        .collect()
}
