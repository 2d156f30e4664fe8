//! `opentill migrate`

use super::{
    CommandError, print,
    signals::{self, Stage},
};
use crate::server::{config::Config, store::Store};

/// Brings the schema up to date and says what was done.
pub async fn execute(config: &Config) -> Result<(), CommandError> {
    let store = Store::open_with(&config.database_url, config.connections).await?;
    signals::at(Stage::During);
    let applied = store.migrate().await?;
    let lines: Vec<_> = applied
        .iter()
        .map(|step| format!("Applied {:04} {}", step.version, step.description))
        .collect();
    print::done(&match &lines[..] {
        [] => "Nothing to do: the schema is up to date".to_owned(),
        lines => lines.join("\n"),
    });
    store.close().await;
    Ok(())
}
