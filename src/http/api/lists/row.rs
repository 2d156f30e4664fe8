//! Rows of the lists.

use crate::model::mirror::{Cursor, Mirrored};

/// A row of one of the lists.
pub trait Row: Mirrored + Sync {
    /// The words of its statuses.
    const STATUSES: &'static [&'static str];
    /// Its fields, in the order of the columns of the CSV.
    const COLUMNS: &'static [&'static str];

    /// Its place in the feed of changes.
    fn place(&self) -> Cursor;
}
