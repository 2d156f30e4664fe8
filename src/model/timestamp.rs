//! Points in time in UTC, with a precision of one second.

use serde::{Deserialize, Serialize, Serializer};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::number::{digit, plural, push_number};

/// Seconds in a minute.
pub const MINUTE: i64 = 60;
/// Seconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Seconds in a day.
pub const DAY: i64 = 24 * HOUR;

/// A point in time: whole seconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The time `seconds` after the Unix epoch.
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since the Unix epoch.
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// The time `seconds` before this one.
    #[must_use]
    pub const fn minus(self, seconds: i64) -> Self {
        Self(self.0.saturating_sub(seconds))
    }

    /// Seconds since `earlier`; 0 if `earlier` is later, as after a clock was set back.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        let seconds = self.0.saturating_sub(earlier.0);
        if seconds < 0 { 0 } else { seconds }
    }

    /// In the format of RFC 3339: `2026-01-15T10:30:00Z`.
    pub fn rfc3339(self) -> String {
        let t = self.calendar();
        let (year, month, day) = t.to_calendar_date();
        let year = year.unsigned_abs();
        let parts = [
            (0, u64::from(year / 100)),
            (2, u64::from(year % 100)),
            (5, u8::from(month).into()),
            (8, day.into()),
            (11, t.hour().into()),
            (14, t.minute().into()),
            (17, t.second().into()),
        ];
        // `format!` takes several times as long, and every response of the API and every line of the log has a timestamp.
        let mut text = *b"0000-00-00T00:00:00Z";
        for (at, number) in parts {
            text[at] = digit(number / 10) as u8;
            text[at + 1] = digit(number) as u8;
        }
        str::from_utf8(&text).unwrap_or_default().to_owned()
    }

    /// To the second, for people: `2026-01-15 10:30:00 UTC`.
    pub fn exact(self) -> String {
        let mut text = self.rfc3339();
        text.replace_range(19.., " UTC");
        text.replace_range(10..11, " ");
        text
    }

    /// The time of day: `10:30`.
    pub fn clock(self) -> String {
        self.rfc3339()[11..16].to_owned()
    }

    /// Parses the format of RFC 3339, in any time zone. Fractions of a second are rounded up.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        let part = i64::from(moment.nanosecond() > 0);
        Some(Self(moment.unix_timestamp() + part))
    }

    /// The day in words: `15 Jan 2026`.
    pub fn date(self) -> String {
        const MONTHS: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let (year, month, day) = self.calendar().to_calendar_date();
        // Pages are full of dates, and `format!` takes several times as long.
        let mut text = String::with_capacity("15 Jan 2026".len());
        push_number(&mut text, day.into());
        text.push(' ');
        text.push_str(MONTHS[usize::from(u8::from(month)) - 1]);
        text.push(' ');
        push_number(&mut text, year.unsigned_abs().into());
        text
    }

    /// The time passed until `now`, in the largest whole unit: `3 days ago`.
    ///
    /// The smallest unit is a minute, because use is recorded with that precision.
    pub fn ago(self, now: Self) -> String {
        let seconds = now.seconds_since(self);
        let (count, unit) = match seconds {
            s if s < MINUTE => return "just now".to_owned(),
            s if s < HOUR => (s / MINUTE, "minute"),
            s if s < DAY => (s / HOUR, "hour"),
            s if s < 30 * DAY => (s / DAY, "day"),
            // Twelve of these are not yet a year.
            s if s < 365 * DAY => ((s / (30 * DAY)).min(11), "month"),
            s => (s / (365 * DAY), "year"),
        };
        let mut text = String::with_capacity("15 minutes ago".len());
        let count = count.unsigned_abs();
        push_number(&mut text, count);
        for part in [" ", unit, plural(count), " ago"] {
            text.push_str(part);
        }
        text
    }

    /// RFC 3339 has the years 0 to 9999, so times outside are clamped.
    fn calendar(self) -> OffsetDateTime {
        const FIRST: i64 = -62_167_219_200;
        const LAST: i64 = 253_402_300_799;
        OffsetDateTime::from_unix_timestamp(self.0.clamp(FIRST, LAST))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

/// Serializes a timestamp in the format of RFC 3339, for `serialize_with`.
///
/// # Errors
/// The serializer fails.
// serde passes a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
pub fn rfc3339<S: Serializer>(moment: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&moment.rfc3339())
}

/// A timestamp that may be missing, in the format of RFC 3339, for `with`.
pub mod maybe_rfc3339 {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use super::Timestamp;

    /// Writes it, or null.
    ///
    /// # Errors
    /// The serializer fails.
    // serde passes a reference.
    #[allow(clippy::ref_option)]
    pub fn serialize<S: Serializer>(
        moment: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match moment {
            Some(moment) => serializer.serialize_str(&moment.rfc3339()),
            None => serializer.serialize_none(),
        }
    }

    /// Reads it, or null.
    ///
    /// # Errors
    /// It is neither.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| {
            Timestamp::parse_rfc3339(&text)
                .ok_or_else(|| de::Error::custom("no time like 2026-01-15T10:30:00Z"))
        })
        .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_rfc_3339_and_as_a_date() {
        let moment = Timestamp::from_unix(1_768_473_000);
        assert_eq!(moment.rfc3339(), "2026-01-15T10:30:00Z");
        assert_eq!(moment.date(), "15 Jan 2026");
        assert_eq!(moment.exact(), "2026-01-15 10:30:00 UTC");
        assert_eq!(moment.clock(), "10:30");
    }

    #[test]
    fn a_moment_is_read_as_it_is_written_in_whatever_zone() {
        let moment = Some(Timestamp::from_unix(1_768_473_000));
        for text in [
            "2026-01-15T10:30:00Z",
            "2026-01-15T11:30:00+01:00",
            "2026-01-15T10:29:59.25Z",
        ] {
            assert_eq!(Timestamp::parse_rfc3339(text), moment, "{text}");
        }
        for text in ["", "2026-01-15", "2026-01-15 10:30", "2026-02-30T00:00:00Z"] {
            assert_eq!(Timestamp::parse_rfc3339(text), None, "{text}");
        }
    }

    #[test]
    fn moments_that_no_calendar_holds_show_as_its_ends() {
        assert_eq!(
            Timestamp::from_unix(i64::MAX).rfc3339(),
            "9999-12-31T23:59:59Z"
        );
        assert_eq!(
            Timestamp::from_unix(i64::MIN).rfc3339(),
            "0000-01-01T00:00:00Z"
        );
    }

    #[test]
    fn the_time_passed_is_told_in_its_largest_whole_unit() {
        let now = Timestamp::from_unix(1_768_473_000);
        for (seconds, words) in [
            (-5, "just now"),
            (0, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (119, "1 minute ago"),
            (2 * HOUR, "2 hours ago"),
            (3 * DAY, "3 days ago"),
            (29 * DAY, "29 days ago"),
            (30 * DAY, "1 month ago"),
            (90 * DAY, "3 months ago"),
            (364 * DAY, "11 months ago"),
            (365 * DAY, "1 year ago"),
            (800 * DAY, "2 years ago"),
        ] {
            assert_eq!(now.minus(seconds).ago(now), words, "{seconds} s");
        }
    }
}
