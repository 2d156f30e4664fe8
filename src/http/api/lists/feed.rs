//! The feed of changes of a list: whoever follows it to its end has seen every change.
//!
//! Changes are in the order of their times and ids. One import runs at a time, takes its time after the one before has
//! ended, and is seen whole or not at all: so nothing is ever added before a place that was read.

use std::fmt;

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::{body::body, row::Row};
use crate::{
    model::{
        mirror::{Change, Cursor},
        timestamp::{Timestamp, rfc3339},
    },
    server::{error::Failure, mirror, state::AppState, tokens::TokenClient},
};

/// A part of the feed, oldest change first.
#[derive(Serialize, ToSchema)]
pub struct Feed<T> {
    /// What has changed.
    data: Vec<Entry<T>>,
    /// Where in the feed it is.
    meta: FeedMeta,
}

/// What has changed, as it is now; or that it was deleted.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum Entry<T> {
    /// It is there.
    Is(T),
    /// It was deleted.
    Deleted(Tombstone),
}

/// What was deleted.
#[derive(Serialize, ToSchema)]
pub struct Tombstone {
    /// Its number.
    #[schema(minimum = 1, examples(7))]
    id: i64,
    /// Always true.
    #[schema(examples(true))]
    deleted: bool,
    /// When it was deleted; UTC.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String, format = DateTime, examples("2026-01-15T10:30:00Z"))]
    updated_at: Timestamp,
}

/// Where in the feed a part is.
#[derive(Serialize, ToSchema)]
pub struct FeedMeta {
    /// The `cursor` of the next part. Keep the last one, not the time: the next run goes on from there and misses nothing.
    #[schema(examples("1768473000.7"))]
    next_cursor: String,
    /// Whether there is more to read at once.
    has_more: bool,
}

/// The text of a [`Cursor`].
pub struct CursorText(pub Cursor);

impl CursorText {
    /// Reads what [`fmt::Display`] writes, and nothing else.
    pub fn parse(text: &str) -> Option<Cursor> {
        let (updated_at, id) = text.split_once('.')?;
        let cursor = Cursor {
            updated_at: Timestamp::from_unix(updated_at.parse().ok()?),
            id: id.parse().ok()?,
        };
        (Self(cursor).to_string() == text).then_some(cursor)
    }
}

impl fmt::Display for CursorText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(Cursor { updated_at, id }) = self;
        write!(f, "{}.{id}", updated_at.unix())
    }
}

/// The part of the feed after `cursor`.
pub async fn read<T: Row>(
    state: &AppState,
    client: &TokenClient,
    cursor: Cursor,
    limit: u32,
) -> Result<Response, Failure> {
    // One more shows whether there is more.
    let mut changes = mirror::changes::<T>(state, client, cursor, limit + 1).await?;
    let has_more = changes.len() > limit as usize;
    changes.truncate(limit as usize);
    let next = changes.last().map_or(cursor, place);
    let feed = Feed {
        data: changes.into_iter().map(Entry::from).collect(),
        meta: FeedMeta {
            next_cursor: CursorText(next).to_string(),
            has_more,
        },
    };
    body(&feed)
}

fn place<T: Row>(change: &Change<T>) -> Cursor {
    match change {
        Change::Is(row) => row.place(),
        Change::Gone { id, updated_at } => Cursor {
            updated_at: *updated_at,
            id: *id,
        },
    }
}

impl<T> From<Change<T>> for Entry<T> {
    fn from(change: Change<T>) -> Self {
        match change {
            Change::Is(row) => Self::Is(row),
            Change::Gone { id, updated_at } => Self::Deleted(Tombstone {
                id,
                deleted: true,
                updated_at,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is_one() {
        for text in ["0.0", "1768473000.7", "-1.9223372036854775807"] {
            let cursor = CursorText::parse(text).unwrap();
            assert_eq!(CursorText(cursor).to_string(), text);
        }
        for text in [
            "",
            ".",
            "1",
            "1.",
            ".1",
            "01.1",
            "1.+1",
            "1.1.1",
            " 1.1",
            "1e3.1",
            "9223372036854775808.1",
        ] {
            assert_eq!(CursorText::parse(text), None, "{text:?}");
        }
    }
}
