//! Whose things they are in the billing system, and when they happened.

use crate::model::timestamp::{DAY, Timestamp};

/// The client's id in the billing system.
pub const CLIENT: &str = "42";

/// Days around today.
#[derive(Clone, Copy)]
pub struct Calendar(pub Timestamp);

impl Calendar {
    /// The date so many days ago; after today, if they are negative.
    pub fn ago(self, days: i64) -> String {
        self.at(days).get(..10).unwrap_or_default().to_owned()
    }

    /// The date in so many days.
    pub fn days_from_now(self, days: i64) -> String {
        self.ago(-days)
    }

    /// The time so many days ago.
    pub fn at(self, days: i64) -> String {
        self.0.minus(days * DAY).rfc3339()
    }
}
