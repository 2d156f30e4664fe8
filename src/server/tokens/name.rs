//! Names of tokens.

use crate::{
    model::{client::ClientStatus, error::AppError, token::TokenName},
    server::{session::SessionClient, token_secret::check_public},
};

/// Validates the name that a client gives to a token.
///
/// # Errors
/// [`AppError::Suspended`] for a suspended client, [`AppError::Invalid`] for a name that is refused.
pub(super) fn new_name(who: &SessionClient, typed: &str) -> Result<TokenName, AppError> {
    if who.client().status != ClientStatus::Active {
        return Err(AppError::Suspended);
    }
    let name = TokenName::parse(typed).map_err(|error| AppError::invalid("name", error))?;
    check_public("name", name.as_str())?;
    Ok(name)
}

pub(super) fn name_taken(name: &TokenName) -> AppError {
    let message = format!("You already have an active token named “{name}”.");
    AppError::invalid("name", message)
}
