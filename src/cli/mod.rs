//! The command line: one file for each command.

mod activity;
mod arguments;
mod backup;
mod checks;
mod client;
mod copy;
mod demo;
mod environment;
mod error;
mod export;
mod import;
mod listing;
mod log;
mod migrate;
mod print;
mod restore;
mod serve;
mod signals;
mod stop;
mod terminal;
mod token;

use std::{env, process::ExitCode, thread::available_parallelism};

use self::{
    arguments::{Arguments, Command},
    error::CommandError,
};
use crate::server::{clock::Clock, config::Config, settings, state::AppState};

/// Minimum number of the runtime's threads: one may be blocked by the file of the database.
const MIN_THREADS: usize = 2;

/// Runs the command that the arguments name. The exit code is 0 only if it succeeded.
pub fn run() -> ExitCode {
    // First of all, so that a signal ends the process from here on, whatever it waits for.
    let listening =
        signals::start().map_err(|error| CommandError::Io("signals cannot be listened to", error));
    let command = Arguments::of_process().command;
    let result =
        listening.and_then(|()| run_command(command.unwrap_or(Command::Serve { demo: false })));
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

fn run_command(command: Command) -> Result<(), CommandError> {
    environment::read_env_file()?;
    let _flush = log::start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(
            available_parallelism()
                .map_or(1, usize::from)
                .max(MIN_THREADS),
        )
        .enable_all()
        .build()
        .map_err(|error| CommandError::Io("the runtime does not start", error))?;
    let result = runtime.block_on(execute(command));
    // Without waiting for its threads: one may be blocked by the file of the database.
    runtime.shutdown_background();
    result
}

async fn execute(command: Command) -> Result<(), CommandError> {
    if let Some(warning) = settings::look_through(env::vars_os().map(|(name, _)| name))? {
        tracing::warn!("{warning}");
    }
    let config = Config::from_env()?;
    match command {
        Command::Serve { demo } => serve::serve(config, demo).await,
        Command::Client(command) => {
            let state = match &command {
                client::ClientCommand::Add(_) => AppState::start(config, Clock::default()).await?,
                _ => AppState::on_existing(config, Clock::default()).await?,
            };
            with(state, async |state| client::execute(state, command).await).await
        }
        Command::Token(command) => {
            let state = AppState::on_existing(config, Clock::default()).await?;
            with(state, async |state| token::execute(state, command).await).await
        }
        Command::Activity(command) => {
            let state = AppState::on_existing(config, Clock::default()).await?;
            with(state, async |state| activity::execute(state, command).await).await
        }
        Command::Import(arguments) => import::execute(&config, arguments).await,
        Command::Export(arguments) => export::execute(&config, arguments).await,
        Command::Migrate => migrate::execute(&config).await,
        Command::Copy { to } => copy::execute(&config, to).await,
        Command::Backup { file } => backup::execute(&config, &file).await,
        Command::Restore { file, revoke } => restore::execute(&config, &file, revoke).await,
    }
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
