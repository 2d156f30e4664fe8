//! The command line.

mod activity;
mod backup;
mod client;
mod copy;
mod listing;
mod log;
mod migrate;
mod print;
mod restore;
mod serve;
mod signals;
mod terminal;
mod token;

use std::{
    io,
    path::{Path, PathBuf},
    process::ExitCode,
    thread::available_parallelism,
};

use clap::{
    Parser, Subcommand,
    error::{ContextKind, ContextValue, ErrorKind},
};
use thiserror::Error;

use self::signals::Stop;
use crate::{
    model::{
        client::{ClientStatus, Email},
        error::AppError,
        timestamp::Timestamp,
    },
    server::{
        clock::Clock,
        config::{Config, ConfigError},
        database_url,
        error::{Failure, chain},
        operations::{CopyError, FileError, Revoke},
        settings,
        state::AppState,
        store::StoreError,
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
        /// Only what came before the line with this number, which `--json` shows as `id`
        #[arg(long, value_name = "NUMBER")]
        before: Option<i64>,
        /// All since a moment like 2026-01-15T10:30:00Z, however much that is
        #[arg(long, value_name = "MOMENT", value_parser = activity::moment)]
        since: Option<Timestamp>,
        /// All of it
        #[arg(long)]
        all: bool,
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
    let command = arguments.command.unwrap_or(Command::Serve { demo: false });
    let log = listening
        .and_then(|()| read_env_file())
        .and_then(|()| log::start());
    let done = log.and_then(|_flush| {
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

/// In development settings may stand in a file. The environment wins over it.
fn read_env_file() -> Result<(), CommandError> {
    if !cfg!(debug_assertions) {
        return Ok(());
    }
    match dotenvy::dotenv() {
        Ok(_) => Ok(()),
        Err(error) if error.not_found() => Ok(()),
        // What comes after such a line is not read. Its text may be a secret.
        Err(_) => Err(CommandError::Refused(
            ".env: a line in it is not NAME=value; a value with spaces stands in quotation marks"
                .to_owned(),
        )),
    }
}

async fn execute(command: Command) -> Result<(), CommandError> {
    if let Some(warning) = settings::look_through(std::env::vars_os().map(|(name, _)| name))? {
        tracing::warn!("{warning}");
    }
    let config = Config::from_env()?;
    match command {
        Command::Serve { demo } => serve::serve(config, demo).await,
        Command::Client(command) => {
            let state = match &command {
                ClientCommand::Add(_) => AppState::start(config, Clock::default()).await?,
                _ => AppState::on_existing(config, Clock::default()).await?,
            };
            client::execute(&state, command).await?;
            state.store.close().await;
            Ok(())
        }
        Command::Token(command) => {
            let state = AppState::on_existing(config, Clock::default()).await?;
            token::execute(&state, command).await?;
            state.store.close().await;
            Ok(())
        }
        Command::Activity(command) => {
            let state = AppState::on_existing(config, Clock::default()).await?;
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

/// Refuses `-`, which elsewhere stands for standard input and output: a file of that name would be taken for something that
/// went through a pipe.
fn file_named(file: &Path) -> Result<(), CommandError> {
    if file == Path::new("-") {
        return Err(CommandError::Refused(
            "FILE: names a file, not standard input or output; one that is called - is ./-"
                .to_owned(),
        ));
    }
    Ok(())
}
