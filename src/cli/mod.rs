//! The command line: one file for each command.

mod activity;
mod arguments;
mod backup;
mod check;
mod checks;
mod client;
mod completions;
mod copy;
mod demo;
mod environment;
mod error;
mod export;
mod help;
mod import;
mod listing;
mod log;
mod mail;
mod migrate;
mod print;
mod restore;
mod serve;
mod session;
mod signals;
mod stop;
mod terminal;
mod token;

use std::{env, process::ExitCode, thread::available_parallelism};

use self::{
    arguments::{Arguments, Command},
    error::CommandError,
};
use crate::server::{clock::Clock, config::Config, settings, state::AppState, store::StoreError};

/// Minimum number of the runtime's threads: one may be blocked by the file of the database.
const MIN_THREADS: usize = 2;

/// Runs the command that the arguments name. The exit code is 0 only if it succeeded.
pub fn run() -> ExitCode {
    // First of all, so that a signal ends the process from here on, whatever it waits for.
    let listening =
        signals::start().map_err(|error| CommandError::Io("signals cannot be listened to", error));
    let Arguments { demo, command } = Arguments::of_process();
    let command = command.unwrap_or(Command::Serve);
    let result = listening.and_then(|()| run_command(command, demo));
    match result {
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

fn run_command(command: Command, is_demo: bool) -> Result<(), CommandError> {
    if let Command::Completions { shell } = command {
        completions::execute(shell);
        return Ok(());
    }
    environment::read_env_file()?;
    let is_server = matches!(command, Command::Serve);
    let _flush = log::start(if is_server {
        log::OF_SERVER
    } else {
        log::OF_COMMANDS
    })?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(
            available_parallelism()
                .map_or(1, usize::from)
                .max(MIN_THREADS),
        )
        .enable_all()
        .build()
        .map_err(|error| CommandError::Io("the runtime does not start", error))?;
    let result = runtime.block_on(execute(command, is_demo));
    // Without waiting for its threads: one may be blocked by the file of the database.
    runtime.shutdown_background();
    result
}

async fn execute(command: Command, is_demo: bool) -> Result<(), CommandError> {
    // It says itself what is wrong with the settings.
    let command = match command {
        Command::Check(arguments) => return check::execute(arguments, is_demo).await,
        command => command,
    };
    if let Some(warning) = settings::look_through(env::vars_os().map(|(name, _)| name))? {
        tracing::warn!("{warning}");
    }
    let mut config = Config::from_env()?;
    if is_demo {
        config = config.on_demo_database();
    }
    match command {
        Command::Serve => serve::serve(config, is_demo).await,
        Command::Client(command) => {
            let may_create = matches!(command, client::ClientCommand::Add(_));
            let state = open(config, may_create).await?;
            with(state, async |state| client::execute(state, command).await).await
        }
        Command::Session(command) => {
            let state = open(config, false).await?;
            with(state, async |state| session::execute(state, command).await).await
        }
        Command::Token(command) => {
            let state = open(config, false).await?;
            with(state, async |state| token::execute(state, command).await).await
        }
        Command::Activity(command) => {
            let state = open(config, false).await?;
            with(state, async |state| activity::execute(state, command).await).await
        }
        Command::Mail(command) => {
            let state = open(config, false).await?;
            with(state, async |state| mail::execute(state, command).await).await
        }
        Command::Import(arguments) => import::execute(&config, arguments).await,
        Command::Export(arguments) => export::execute(&config, arguments).await,
        Command::Migrate => migrate::execute(&config).await,
        Command::Copy { to } => copy::execute(&config, to).await,
        Command::Backup { file } => backup::execute(&config, &file).await,
        Command::Restore { file, revoke } => restore::execute(&config, &file, revoke).await,
        Command::Check(_) | Command::Completions { .. } => Ok(()),
    }
}

/// Opens the database, which has to exist unless the command may create it.
async fn open(config: Config, may_create: bool) -> Result<AppState, CommandError> {
    let is_demo = config.is_demo;
    let opened = if may_create {
        AppState::start(config, Clock::default()).await
    } else {
        AppState::on_existing(config, Clock::default()).await
    };
    opened.map_err(|error| match error {
        StoreError::NoFile(path) if is_demo => CommandError::Refused(format!(
            "--demo: no database at {}; `opentill serve --demo` makes one",
            path.display()
        )),
        error => error.into(),
    })
}

/// Does `work`, then closes the database if that succeeded.
async fn with(
    state: AppState,
    work: impl AsyncFnOnce(&AppState) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    work(&state).await?;
    state.store.close().await;
    Ok(())
}
