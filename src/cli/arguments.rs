//! The arguments of the program. The `///` lines of the options are the text of `--help`.

use std::path::PathBuf;

use clap::{
    Parser, Subcommand,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::{
    activity::ActivityCommand, client::ClientCommand, export::Export, import::Import, restore,
    token::TokenCommand,
};
use crate::server::operations::Revoke;

/// The client portal of a billing system.
#[derive(Parser)]
#[command(version, about, arg_required_else_help = false)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Serve the portal and the API (also without any command)
    Serve {
        /// Use a demo database with a demo client, on loopback only
        #[arg(long)]
        demo: bool,
    },
    /// Add, list and change clients
    #[command(subcommand)]
    Client(ClientCommand),
    /// List and revoke API tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// List what happened in a client's account
    #[command(subcommand)]
    Activity(ActivityCommand),
    /// Take over from a billing system what its clients have, owe and have ordered, also while a server runs
    Import(Import),
    /// Print what was imported, as lines that can be imported again
    Export(Export),
    /// Bring the schema of the database up to date, which `serve` does, too, if it may
    Migrate,
    /// Copy a SQLite database into an empty PostgreSQL database; no server may run meanwhile
    Copy {
        /// The destination, without its password; see the setting `OPENTILL_COPY_TO`
        #[arg(long)]
        to: Option<String>,
    },
    /// Copy the database into a new file, also while a server uses it
    Backup {
        /// The new file
        file: PathBuf,
    },
    /// Put a backup in the place of the database, without reviving what was revoked since
    Restore {
        /// The backup
        file: PathBuf,
        /// Tokens to revoke besides those known to have been: all, created-before=MOMENT or none
        #[arg(long, value_name = "WHICH", value_parser = restore::revoke)]
        revoke: Option<Revoke>,
    },
}

impl Arguments {
    /// Those of this process. Exits with a usage error or the help text, if there is one to show.
    pub fn of_process() -> Self {
        Self::try_parse().unwrap_or_else(|error| without_values(error).exit())
    }
}

/// Removes from a usage error an unexpected value, which may be a password.
fn without_values(mut error: clap::Error) -> clap::Error {
    let hidden = || ContextValue::String("…".to_owned());
    let is_option =
        |value: &ContextValue| matches!(value, ContextValue::String(s) if s.starts_with('-'));
    match error.kind() {
        ErrorKind::UnknownArgument
            if !error.get(ContextKind::InvalidArg).is_some_and(is_option) =>
        {
            error.insert(ContextKind::InvalidArg, hidden());
        }
        ErrorKind::TooManyValues => {
            error.insert(ContextKind::InvalidValue, hidden());
        }
        _ => {}
    }
    error
}
