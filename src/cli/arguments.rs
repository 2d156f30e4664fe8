//! The arguments of the program. The `///` lines of the options are the text of `--help`.

use std::path::PathBuf;

use clap::{
    Parser, Subcommand,
    error::{ContextKind, ContextValue, ErrorKind},
};

use clap_complete::Shell;

use super::{
    activity::ActivityCommand, check::Check, client::ClientCommand, export::Export, help,
    import::Import, mail::MailCommand, restore, session::SessionCommand, token::TokenCommand,
};
use crate::{model::secret::PREFIX, server::operations::Revoke};

/// The client portal of a billing system.
#[derive(Parser)]
#[command(version, about, arg_required_else_help = false, after_long_help = help::after())]
pub struct Arguments {
    /// Use the demo's database, opentill-demo.db, instead of `DATABASE_URL`; `serve` also adds a demo client, and listens on
    /// loopback only
    #[arg(long, global = true)]
    pub demo: bool,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Run the server (default)
    #[command(after_long_help = help::after())]
    Serve,
    /// Add, list and change clients
    #[command(subcommand)]
    Client(ClientCommand),
    /// List and end sessions
    #[command(subcommand)]
    Session(SessionCommand),
    /// List and revoke API tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// List the activity of a client's account
    #[command(subcommand)]
    Activity(ActivityCommand),
    /// List mails that were not sent yet
    #[command(subcommand)]
    Mail(MailCommand),
    /// Take over from a billing system what its clients have, owe and have ordered, also while a server runs
    Import(Import),
    /// Print what was imported, as lines that can be imported again
    Export(Export),
    /// Check settings, database, rights, files, clock and disk, and say how to mend what is wrong; changes nothing
    Check(Check),
    /// Apply pending migrations (`serve` does this too, if its role may)
    Migrate,
    /// Copy a SQLite database into an empty PostgreSQL database; stop all servers first
    Copy {
        /// URL of the destination, without its password; see the setting `OPENTILL_COPY_TO`
        #[arg(long, value_name = "URL")]
        to: Option<String>,
    },
    /// Back up the database to a new file (safe while the server runs); SQLite only
    Backup {
        /// The new file
        file: PathBuf,
    },
    /// Restore a backup without reactivating tokens revoked since; stop the server first; SQLite only
    Restore {
        /// The backup
        file: PathBuf,
        /// Tokens to revoke besides those known to be: all, created-before=TIME or none
        #[arg(long, value_name = "WHICH", value_parser = restore::revoke)]
        revoke: Option<Revoke>,
    },
    /// Print completions for a shell, to be written to a file that it reads at its start
    Completions {
        /// bash, zsh or fish
        #[arg(value_parser = shell, hide_possible_values = true)]
        shell: Shell,
    },
}

impl Arguments {
    /// Those of this process. Exits with a usage error or the help text, if there is one to show.
    pub fn of_process() -> Self {
        Self::try_parse().unwrap_or_else(|error| without_values(error).exit())
    }
}

fn shell(typed: &str) -> Result<Shell, &'static str> {
    match typed {
        "bash" => Ok(Shell::Bash),
        "zsh" => Ok(Shell::Zsh),
        "fish" => Ok(Shell::Fish),
        _ => Err("expected bash, zsh or fish"),
    }
}

/// Removes from a usage error what may be a secret: a value where none is expected, which may be a password, and any value
/// with a token in it.
fn without_values(mut error: clap::Error) -> clap::Error {
    let is_option =
        |value: &ContextValue| matches!(value, ContextValue::String(s) if s.starts_with('-'));
    let is_stray = match error.kind() {
        ErrorKind::UnknownArgument => !error.get(ContextKind::InvalidArg).is_some_and(is_option),
        ErrorKind::TooManyValues => true,
        _ => false,
    };
    for kind in [
        ContextKind::InvalidArg,
        ContextKind::InvalidValue,
        ContextKind::InvalidSubcommand,
    ] {
        let Some(ContextValue::String(value)) = error.get(kind) else {
            continue;
        };
        if is_stray || value.contains(PREFIX) {
            error.insert(kind, ContextValue::String("…".to_owned()));
        }
    }
    error
}
