//! Days of the calendar, which no time zone moves.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::Month;

use super::timestamp::Timestamp;

/// A day: `2026-01-15`. Its year is 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(time::Date);

impl Date {
    /// 1 January 1970.
    pub const EPOCH: Self = match time::Date::from_ordinal_date(1970, 1) {
        Ok(date) => Self(date),
        Err(_) => Self(time::Date::MIN),
    };

    /// The day with these numbers, if there is one.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = Month::try_from(month).ok()?;
        let date = time::Date::from_calendar_date(year, month, day).ok()?;
        (1..=9999).contains(&year).then_some(Self(date))
    }

    /// Reads `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let number = |part: Option<&str>| {
            let part = part?;
            let are_digits = part.bytes().all(|byte| byte.is_ascii_digit());
            are_digits.then(|| part.parse::<u16>().ok())?
        };
        let year = number(text.get(..4))?;
        let month = u8::try_from(number(text.get(5..7))?).ok()?;
        let day = u8::try_from(number(text.get(8..))?).ok()?;
        Self::new(year.into(), month, day)
    }

    /// The day so many days later, or the last there is.
    #[must_use]
    pub fn plus_days(self, days: u16) -> Self {
        const LAST: time::Date = match time::Date::from_calendar_date(9999, Month::December, 31) {
            Ok(last) => last,
            Err(_) => time::Date::MAX,
        };
        let later = self.0.checked_add(time::Duration::days(days.into()));
        Self(later.map_or(LAST, |later| later.min(LAST)))
    }

    /// Whole days from `earlier` to this day; negative if that is later.
    pub fn days_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).whole_days()
    }

    /// The day in words: `15 Jan 2026`.
    pub fn words(self) -> String {
        self.midnight().date()
    }

    /// The beginning of the day in UTC.
    pub fn midnight(self) -> Timestamp {
        Timestamp::from_unix(self.0.midnight().assume_utc().unix_timestamp())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        write!(f, "{year:04}-{:02}-{day:02}", u8::from(month))
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("no date like 2026-01-15"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_it_is_written() {
        for text in ["0001-01-01", "2024-02-29", "2026-01-15", "9999-12-31"] {
            assert_eq!(Date::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Date::parse("2026-01-05").unwrap().words(), "5 Jan 2026");
    }

    #[test]
    fn days_that_no_calendar_has_are_refused() {
        for text in [
            "",
            "0000-00-00",
            "0000-01-01",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-32",
            "2026-1-5",
            "26-01-05",
            "2026/01/05",
            "2026-01-05 ",
            "+026-01-05",
            "2026-01-5 ",
            "2026-01-15T00:00:00Z",
            "２026-1-1",
        ] {
            assert_eq!(Date::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn days_are_counted_across_months_and_stop_at_the_last() {
        let day = |text| Date::parse(text).unwrap();
        assert_eq!(day("2024-02-28").plus_days(2), day("2024-03-01"));
        assert_eq!(day("9999-12-30").plus_days(30), day("9999-12-31"));
        assert_eq!(day("2026-03-01").days_since(day("2026-02-27")), 2);
        assert_eq!(day("2026-02-27").days_since(day("2026-03-01")), -2);
    }
}
