//! What an import did, or why it did nothing.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::{model::timestamp::Timestamp, server::store::StoreError};

/// How many refused lines, and how many warnings, are listed. The others are counted.
pub const MAX_LISTED: usize = 100;

/// A line that is refused, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The number of the line, from 1. `None`: the file as a whole.
    pub line: Option<u64>,
    /// What is wrong with it: the field and the reason.
    pub reason: String,
}

/// How many things of a kind were created, and so on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// They are new, or are back.
    pub created: u64,
    /// They were there, and differ.
    pub updated: u64,
    /// They were there like that.
    pub unchanged: u64,
    /// They are gone.
    pub deleted: u64,
    /// They were refused.
    pub refused: u64,
}

/// What an import did. If anything is refused, nothing was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// By the word of the kind.
    pub counts: BTreeMap<String, Counts>,
    /// The first refused lines.
    pub refused: Vec<Refused>,
    /// How many were refused.
    pub refusals: u64,
    /// The first lines that are taken although they do not add up.
    pub warnings: Vec<Refused>,
    /// How many there are.
    pub warned: u64,
    /// The time of the changes. `None`: nothing was changed.
    pub at: Option<Timestamp>,
}

impl Report {
    /// Adds a refusal of a thing of this kind.
    pub fn refuse(&mut self, kind: &str, refused: Refused) {
        self.refusals += 1;
        self.of(kind).refused += 1;
        if self.refused.len() < MAX_LISTED {
            self.refused.push(refused);
        }
    }

    /// Adds a warning.
    pub fn warn(&mut self, line: u64, reason: String) {
        self.warned += 1;
        if self.warnings.len() < MAX_LISTED {
            self.warnings.push(Refused {
                line: Some(line),
                reason,
            });
        }
    }

    /// The counts of a kind.
    pub fn of(&mut self, kind: &str) -> &mut Counts {
        self.counts.entry(kind.to_owned()).or_default()
    }

    /// Whether it changes anything.
    pub fn is_change(&self) -> bool {
        let mut counts = self.counts.values();
        counts.any(|of| of.created + of.updated + of.deleted > 0)
    }
}

/// Why an import failed.
#[derive(Debug, Error)]
pub enum ImportError {
    /// Another import is running.
    #[error("another import is running; nothing was changed")]
    Running,
    /// The file cannot be read.
    #[error("the file cannot be read")]
    File(#[source] std::io::Error),
    /// The database failed.
    #[error("the database")]
    Database(#[from] StoreError),
}
