//! `opentill backup`

use std::path::Path;

use super::{
    checks::{not_a_pipe, sqlite_only},
    error::CommandError,
    print, stop,
};
use crate::server::{config::Config, store};

/// Copies the database into the new file `to`. If it is stopped by a signal, no file is left.
pub async fn execute(config: &Config, to: &Path) -> Result<(), CommandError> {
    sqlite_only(config, "pg_dump")?;
    not_a_pipe(to)?;
    let mut signals = stop::listen(stop::TIMEOUT);
    let size = tokio::select! {
        done = store::backup(&config.database_url, to) => done?,
        Some(signal) = signals.recv() => {
            return Err(CommandError::Stopped(signal, "there is no backup"));
        }
    };
    print::done(&format!("{}: {size} bytes", to.display()));
    Ok(())
}
