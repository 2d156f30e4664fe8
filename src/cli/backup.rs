//! `opentill backup`

use std::path::Path;

use super::{CommandError, file_named, print, signals, sqlite_alone};
use crate::server::{config::Config, operations};

/// Copies the database into the new file `to`. Stopped half-way, it leaves nothing behind.
pub async fn execute(config: &Config, to: &Path) -> Result<(), CommandError> {
    sqlite_alone(config, "pg_dump")?;
    file_named(to)?;
    let mut signals = signals::listen(signals::PATIENCE);
    let size = tokio::select! {
        done = operations::backup(&config.database_url, to) => done?,
        Some(signal) = signals.recv() => {
            return Err(CommandError::Stopped(signal, "there is no backup"));
        }
    };
    print::done(&format!("{}: {size} bytes", to.display()));
    Ok(())
}
