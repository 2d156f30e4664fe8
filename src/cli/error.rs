//! Why a command fails.

use std::io;

use thiserror::Error;

use super::stop::Stop;
use crate::{
    model::error::AppError,
    server::{
        config::ConfigError,
        error::{Failure, chain},
        operations::{CopyError, ExportError, FileError, ImportError},
        store::StoreError,
    },
};

/// Its text is one line and contains no secret.
#[derive(Debug, Error)]
pub enum CommandError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("{}", database(.0))]
    Store(#[from] StoreError),
    #[error("{}", chain(.0))]
    Copy(#[from] CopyError),
    #[error("{}", chain(.0))]
    Import(#[from] ImportError),
    #[error("{}", chain(.0))]
    Export(#[from] ExportError),
    #[error("{}", chain(.0))]
    File(#[from] FileError),
    #[error("{}", failure(.0))]
    Failed(#[from] Failure),
    #[error("{0}")]
    Refused(String),
    #[error("stopped: {1}")]
    Stopped(Stop, &'static str),
    #[error("{0}: {1}")]
    Io(&'static str, #[source] io::Error),
}

fn database(error: &StoreError) -> String {
    format!("DATABASE_URL: {}", chain(error))
}

fn failure(failure: &Failure) -> String {
    match failure {
        Failure::Refused(AppError::NotFound) => "there is no such client or token".to_owned(),
        Failure::Refused(AppError::Invalid { field, message }) if field == "password" => {
            format!("the password is refused: {message}")
        }
        Failure::Refused(error) => error.to_string(),
        failure => chain(failure),
    }
}
