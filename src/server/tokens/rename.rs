//! Renaming a token.

use super::name::{name_taken, new_name};
use crate::{
    model::{
        error::AppError,
        token::{TokenId, TokenSummary},
    },
    server::{error::Failure, session::SessionClient, state::AppState, store::Renaming},
};

/// A token with its new name.
#[derive(Debug)]
pub struct Renamed {
    /// The token.
    pub token: TokenSummary,
    /// Whether it had another name before.
    pub is_changed: bool,
}

/// Renames one of the client's tokens.
///
/// # Errors
/// [`AppError::Suspended`] for a suspended client, [`AppError::Invalid`] for a name that is refused,
/// [`AppError::NotFound`] if there is no such token of theirs; the database is unavailable.
pub async fn rename(
    state: &AppState,
    who: &SessionClient,
    id: TokenId,
    name: &str,
) -> Result<Renamed, Failure> {
    let name = new_name(who, name)?;
    let renamed = state
        .store
        .rename_token(who.client().id, id, &name, who.actor(), state.clock.now())
        .await?;
    match renamed {
        Renaming::Renamed(token) => Ok(Renamed {
            token,
            is_changed: true,
        }),
        Renaming::Unchanged(token) => Ok(Renamed {
            token,
            is_changed: false,
        }),
        Renaming::NameTaken => Err(name_taken(&name).into()),
        Renaming::NotFound => Err(AppError::NotFound.into()),
    }
}
