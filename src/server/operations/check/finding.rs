//! What a check finds.

use serde::Serialize;

use crate::model::words::words;

words! {
    /// How bad a finding is.
    pub enum Level {
        /// Nothing to do.
        Ok = "ok",
        /// It works, and may fail or do harm later.
        Warning = "warning",
        /// It does not work.
        Error = "error",
    }
}

/// The outcome of one check. Its text is one line, and contains no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// What was checked, in a word or two.
    pub check: &'static str,
    /// What was found, and how to mend it.
    pub found: String,
}

impl Finding {
    /// Nothing to do.
    pub fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self::new(Level::Ok, check, found)
    }

    /// It may fail or do harm later.
    pub fn warning(check: &'static str, found: impl Into<String>) -> Self {
        Self::new(Level::Warning, check, found)
    }

    /// It does not work.
    pub fn error(check: &'static str, found: impl Into<String>) -> Self {
        Self::new(Level::Error, check, found)
    }

    fn new(level: Level, check: &'static str, found: impl Into<String>) -> Self {
        Self {
            level,
            check,
            found: found.into(),
        }
    }
}

/// Those of `warnings`, or else that all is well.
pub fn all(check: &'static str, well: &str, warnings: Vec<String>) -> Vec<Finding> {
    if warnings.is_empty() {
        return vec![Finding::ok(check, well)];
    }
    let findings = warnings.into_iter();
    findings
        .map(|found| Finding::warning(check, found))
        .collect()
}
