//! `opentill export`

use std::io::{self, BufWriter, ErrorKind};

use clap::{ArgAction, Args};

use super::{error::CommandError, import::source};
use crate::{
    model::client::Email,
    server::{
        config::Config,
        operations::{ExportError, ExportOptions, export},
        store::Store,
    },
};

/// The kinds of lines.
const KINDS: [&str; 6] = [
    "client", "service", "domain", "invoice", "order", "document",
];

/// What is exported.
#[derive(Args)]
pub struct Export {
    /// Only this client and what they have
    #[arg(long, value_name = "EMAIL")]
    client: Option<Email>,
    /// Only these kinds of lines, with commas between them
    #[arg(long, value_name = "KINDS", value_delimiter = ',', value_parser = KINDS, action = ArgAction::Append)]
    kind: Vec<String>,
    /// The system that it came from, where there are several
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = source)]
    source: String,
    /// Leave out the hashes of passwords
    #[arg(long)]
    without_passwords: bool,
}

/// Prints what was imported as the lines of an import.
pub async fn execute(config: &Config, arguments: Export) -> Result<(), CommandError> {
    let store = Store::open_existing(&config.database_url, config.connections).await?;
    store.migrate().await?;
    let options = ExportOptions {
        source: arguments.source,
        client: arguments.client,
        kinds: arguments.kind,
        without_passwords: arguments.without_passwords,
    };
    let output = BufWriter::new(io::stdout());
    match export(&config.database_url, &options, output).await {
        // Standard output was closed, as `head` does.
        Err(ExportError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => {}
        exported => drop(exported?),
    }
    store.close().await;
    Ok(())
}
