//! `opentill migrate`

use super::CommandError;
use crate::server::{config::Config, store::Store};

/// Brings the schema up to date and says what was done.
pub async fn execute(config: &Config) -> Result<(), CommandError> {
    let store = Store::open_with(&config.database_url, config.connections).await?;
    let applied = store.migrate().await?;
    for step in &applied {
        println!("Applied {:04} {}", step.version, step.description);
    }
    if applied.is_empty() {
        println!("Nothing to do: the schema is up to date");
    }
    store.close().await;
    Ok(())
}
