//! Checks that several commands make before they begin.

use std::path::Path;

use super::error::CommandError;
use crate::server::{config::Config, database_url};

/// Refuses PostgreSQL for a command that exists for SQLite only, and names the `tool` to use instead.
pub fn sqlite_only(config: &Config, tool: &str) -> Result<(), CommandError> {
    if database_url::is_file(&config.database_url) {
        return Ok(());
    }
    Err(CommandError::Refused(format!(
        "DATABASE_URL: is not SQLite; PostgreSQL has its own tool for this, {tool}"
    )))
}

/// Refuses `-`, which other programs take for standard input or output: the user would expect a pipe and get a file.
pub fn not_a_pipe(file: &Path) -> Result<(), CommandError> {
    if file == Path::new("-") {
        return Err(CommandError::Refused(
            "FILE: names a file, not standard input or output; one that is called - is ./-"
                .to_owned(),
        ));
    }
    Ok(())
}
