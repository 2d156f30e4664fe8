//! `opentill migrate`

use super::{
    error::CommandError,
    print,
    stop::{self, Stage},
};
use crate::server::{config::Config, store::Store};

/// Updates the schema and prints the migrations that were applied.
pub async fn execute(config: &Config) -> Result<(), CommandError> {
    let store = Store::open_with(&config.database_url, config.connections).await?;
    stop::set_stage(Stage::During);
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
