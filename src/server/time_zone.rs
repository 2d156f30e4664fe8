//! The time zone of the operator, which decides which day it is.

use std::str::FromStr;

use jiff::{Timestamp as Moment, tz};

use crate::model::{date::Date, timestamp::Timestamp};

/// A time zone of the IANA database. The default is UTC.
#[derive(Clone, Debug)]
pub struct TimeZone(tz::TimeZone);

impl TimeZone {
    /// The date there at this time.
    pub fn date_at(&self, time: Timestamp) -> Date {
        let moment = Moment::from_second(time.unix()).unwrap_or(Moment::UNIX_EPOCH);
        let date = self.0.to_datetime(moment).date();
        let parts = (
            i32::from(date.year()),
            date.month().unsigned_abs(),
            date.day().unsigned_abs(),
        );
        // A year before the first or after the last of a calendar: the clock is wrong.
        Date::new(parts.0, parts.1, parts.2).unwrap_or(Date::EPOCH)
    }
}

impl Default for TimeZone {
    fn default() -> Self {
        Self(tz::TimeZone::UTC)
    }
}

impl FromStr for TimeZone {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        tz::TimeZone::get(name).map(Self).map_err(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(zone: &str, time: &str) -> String {
        let zone: TimeZone = zone.parse().unwrap();
        let time = Timestamp::parse_rfc3339(time).unwrap();
        zone.date_at(time).to_string()
    }

    #[test]
    fn a_day_begins_at_the_zones_own_midnight_also_across_a_clock_change() {
        for (zone, time, day) in [
            ("UTC", "2026-03-28T23:59:59Z", "2026-03-28"),
            ("UTC", "2026-03-29T00:00:00Z", "2026-03-29"),
            // Berlin's clocks went ahead at 01:00Z on 29 March 2026, and back on 25 October.
            ("Europe/Berlin", "2026-03-28T22:59:59Z", "2026-03-28"),
            ("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29"),
            ("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29"),
            ("Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30"),
            ("Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25"),
            ("Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-26"),
            ("America/Chicago", "2026-01-01T05:59:59Z", "2025-12-31"),
            ("America/Chicago", "2026-01-01T06:00:00Z", "2026-01-01"),
            ("Pacific/Kiritimati", "2026-01-01T10:00:00Z", "2026-01-02"),
            ("Pacific/Pago_Pago", "2026-01-01T10:59:59Z", "2025-12-31"),
        ] {
            assert_eq!(date(zone, time), day, "{zone} {time}");
        }
    }

    #[test]
    fn a_name_that_is_no_zone_is_refused() {
        for name in ["", "Mars/Olympus", "+02:00", "../etc/passwd", "CEST"] {
            assert!(name.parse::<TimeZone>().is_err(), "{name:?}");
        }
    }
}
