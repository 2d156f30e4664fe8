//! The command line.

mod activity;
mod backup;
mod client;
mod copy;
mod log;
mod migrate;
mod print;
mod restore;
mod serve;
mod signals;
mod terminal;
mod token;

use std::{io, path::PathBuf, process::ExitCode, thread::available_parallelism};

use clap::{
    Parser, Subcommand,
    error::{ContextKind, ContextValue, ErrorKind},
};
use thiserror::Error;

use self::signals::Stop;
use crate::{
    domain::{
        client::{ClientStatus, Email},
        error::AppError,
    },
    server::{
        clock::Clock,
        config::{Config, ConfigError},
        database_url,
        error::{Failure, chain},
        state::AppState,
        store::{CopyError, FileError, Revoke, StoreError},
    },
};

/// Threads that serve, at least, however few cores there are: one may stand still over the database's file.
const THREADS: usize = 2;

/// The client portal of a billing system.
#[derive(Parser)]
#[command(version, about, arg_required_else_help = false)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
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

#[derive(Subcommand)]
enum ClientCommand {
    /// Add a client and print its number
    Add(Box<client::Add>),
    /// List all clients
    List {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Set a password, read from standard input, and end the client's sessions
    SetPassword {
        /// Whose
        #[arg(long)]
        email: Email,
        /// Accepted for likeness with `client add`: the password is always read from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Set what a client may do
    SetStatus {
        /// Whose
        #[arg(long)]
        email: Email,
        /// active, suspended or closed
        #[arg(long)]
        status: ClientStatus,
    },
}

#[derive(Subcommand)]
enum TokenCommand {
    /// List a client's active tokens
    List {
        /// The client's email
        #[arg(long)]
        client: Email,
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Revoke a token; it stops working at once, also on a running server
    Revoke {
        /// The token's number, as `token list` shows it
        id: i64,
    },
}

#[derive(Subcommand)]
enum ActivityCommand {
    /// List the last 1,000 things that happened, newest first
    List {
        /// The client's email
        #[arg(long)]
        client: Email,
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
}

/// Why a command failed. Its text is one line and holds no secret.
#[derive(Debug, Error)]
enum CommandError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("{}", one_line(.0))]
    Store(#[from] StoreError),
    #[error("{}", chain(.0))]
    Copy(#[from] CopyError),
    #[error("{}", chain(.0))]
    File(#[from] FileError),
    #[error("{}", of_failure(.0))]
    Failed(#[from] Failure),
    #[error("{0}")]
    Refused(String),
    #[error("stopped: {1}")]
    Stopped(Stop, &'static str),
    #[error("{0}: {1}")]
    Io(&'static str, #[source] io::Error),
}

fn one_line(error: &StoreError) -> String {
    format!("DATABASE_URL: {}", chain(error))
}

fn of_failure(failure: &Failure) -> String {
    match failure {
        Failure::Refused(AppError::NotFound) => "there is no such client or token".to_owned(),
        Failure::Refused(AppError::Invalid { field, message }) if field == "password" => {
            format!("the password is refused: {message}")
        }
        Failure::Refused(error) => error.to_string(),
        failure => chain(failure),
    }
}

/// A usage error that does not repeat what stands where nothing belongs: it may be a password.
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

/// Runs what the arguments say; the exit code is 0 only if it was done.
pub fn run() -> ExitCode {
    // Before anything else, so that nothing is waited for in vain.
    let listening =
        signals::start().map_err(|error| CommandError::Io("signals cannot be listened to", error));
    let arguments = Arguments::try_parse().unwrap_or_else(|error| without_values(error).exit());
    // In development settings may stand in a file. The environment wins over it.
    if cfg!(debug_assertions) {
        // A file that is not there is the usual case.
        let _ = dotenvy::dotenv();
    }
    let command = arguments.command.unwrap_or(Command::Serve { demo: false });
    let done = listening.and_then(|()| log::start()).and_then(|_flush| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(available_parallelism().map_or(1, usize::from).max(THREADS))
            .enable_all()
            .build()
            .map_err(|error| CommandError::Io("the runtime does not start", error))?;
        let done = runtime.block_on(execute(command));
        // Not waited for: a thread may stand still over the database's file.
        runtime.shutdown_background();
        done
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print::error(&error.to_string());
            match error {
                CommandError::Stopped(signal, _) => signal.into(),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

async fn execute(command: Command) -> Result<(), CommandError> {
    let config = Config::from_env()?;
    match command {
        Command::Serve { demo } => serve::serve(config, demo).await,
        Command::Client(command) => {
            let state = AppState::start(config, Clock::default()).await?;
            client::execute(&state, command).await?;
            state.store.close().await;
            Ok(())
        }
        Command::Token(command) => {
            let state = AppState::start(config, Clock::default()).await?;
            token::execute(&state, command).await?;
            state.store.close().await;
            Ok(())
        }
        Command::Activity(command) => {
            let state = AppState::start(config, Clock::default()).await?;
            activity::execute(&state, command).await?;
            state.store.close().await;
            Ok(())
        }
        Command::Migrate => migrate::execute(&config).await,
        Command::Copy { to } => copy::execute(&config, to).await,
        Command::Backup { file } => backup::execute(&config, &file).await,
        Command::Restore { file, revoke } => restore::execute(&config, &file, revoke).await,
    }
}

/// Refuses what is only done here for SQLite and names the tool for the other database.
fn sqlite_alone(config: &Config, tool: &str) -> Result<(), CommandError> {
    if database_url::is_file(&config.database_url) {
        return Ok(());
    }
    Err(CommandError::Refused(format!(
        "DATABASE_URL: is not SQLite; PostgreSQL has its own tool for this, {tool}"
    )))
}

/// A setting's text. One that is not Unicode must not pass for one that is not set.
fn setting(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// Prints `items` as one JSON array.
fn print_json<T: serde::Serialize>(items: &[T]) -> Result<(), CommandError> {
    let json = serde_json::to_string_pretty(items)
        .map_err(|error| CommandError::Io("the list could not be written", error.into()))?;
    print::list([json])
}
