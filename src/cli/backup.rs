//! `opentill backup`

use std::path::Path;

use super::{CommandError, file_named, sqlite_alone};
use crate::{
    http::serve::StopSignals,
    server::{config::Config, store},
};

/// Copies the database into the new file `to`. Stopped half-way, it leaves nothing behind.
pub async fn execute(config: &Config, to: &Path) -> Result<(), CommandError> {
    sqlite_alone(config, "pg_dump")?;
    file_named(to)?;
    let mut signals = StopSignals::listen()
        .map_err(|error| CommandError::Io("signals cannot be listened to", error))?;
    let size = tokio::select! {
        done = store::backup(&config.database_url, to) => done?,
        () = signals.next() => {
            return Err(CommandError::Refused("stopped: there is no backup".to_owned()));
        }
    };
    println!("{}: {size} bytes", to.display());
    Ok(())
}
