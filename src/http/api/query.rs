//! Query parameters, read one by one, with all that is wrong with them in one 400.

use std::{fmt::Display, ops::RangeInclusive};

use super::error::{ApiError, QueryErrors};

/// The query of a request while it is read.
///
/// Parameters are taken out by name; [`finish`](Self::finish) refuses what is left.
pub struct Query {
    pairs: Vec<(String, String)>,
    errors: QueryErrors,
}

impl Query {
    /// Parses the part of the URI after the question mark.
    pub fn new(query: Option<&str>) -> Self {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        Self {
            pairs: pairs.into_owned().collect(),
            errors: QueryErrors::new(),
        }
    }

    /// Takes the parameter `name` and parses it. `None` if it is missing, repeated or wrong.
    pub fn take<T, E: Display>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let is_named = |pair: &mut (String, String)| pair.0 == name;
        let mut values = self.pairs.extract_if(.., is_named);
        let (_, value) = values.next()?;
        if values.count() > 0 {
            self.refuse(name, "Give this parameter once.");
            return None;
        }
        match parse(&value) {
            Ok(value) => Some(value),
            Err(error) => {
                self.refuse(name, error);
                None
            }
        }
    }

    /// Whether the parameter `name` is there, right or wrong.
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|pair| pair.0 == name)
    }

    /// Takes a whole number.
    pub fn number(&mut self, name: &str, range: RangeInclusive<u32>) -> Option<u32> {
        self.take(name, |value| {
            let number = value.parse().ok().filter(|number| range.contains(number));
            let (first, last) = (range.start(), range.end());
            number.ok_or_else(|| format!("Give a whole number from {first} to {last}."))
        })
    }

    /// Adds an error of the parameter `name`.
    pub fn refuse(&mut self, name: &str, error: impl Display) {
        let errors = self.errors.entry(name.to_owned()).or_default();
        errors.push(error.to_string());
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`ApiError::InvalidQuery`] if anything was wrong, or a parameter is left that nobody took.
    pub fn finish(mut self) -> Result<(), ApiError> {
        for (name, _) in self.pairs {
            self.errors
                .insert(name, vec!["There is no such parameter.".to_owned()]);
        }
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(ApiError::InvalidQuery(self.errors))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(query: &str) -> Result<Option<u32>, Value> {
        let mut query = Query::new(Some(query));
        let size = query.number("size", 1..=100);
        match query.finish() {
            Ok(()) => Ok(size),
            Err(error) => Err(json!(error.body())["errors"].clone()),
        }
    }

    #[test]
    fn a_parameter_that_is_right_is_read_and_one_may_be_missing() {
        assert_eq!(read(""), Ok(None));
        assert_eq!(read("size=1"), Ok(Some(1)));
        assert_eq!(read("size=100"), Ok(Some(100)));
        assert_eq!(read("%73ize=%31"), Ok(Some(1)), "percent-encoded");
    }

    #[test]
    fn each_parameter_that_is_wrong_is_named_with_what_is_wrong() {
        let number = json!({ "size": ["Give a whole number from 1 to 100."] });
        for wrong in ["0", "101", "-1", "1.5", "", "ten", "1%00", "99999999999"] {
            assert_eq!(
                read(&format!("size={wrong}")),
                Err(number.clone()),
                "{wrong}"
            );
        }
        let once = json!({ "size": ["Give this parameter once."] });
        assert_eq!(read("size=1&size=1"), Err(once));
        let all = json!({
            "Size": ["There is no such parameter."],
            "colour": ["There is no such parameter."],
            "size": ["Give a whole number from 1 to 100."],
        });
        assert_eq!(read("colour=red&size=x&colour=blue&Size=1"), Err(all));
    }
}
