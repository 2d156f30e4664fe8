//! Names of tokens.

use crate::{
    model::{
        client::ClientStatus,
        error::AppError,
        secret::{PREFIX, TOKEN_LEN, TokenSecret},
        token::TokenName,
    },
    server::session::SessionClient,
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
    if holds_secret(name.as_str()) {
        let message = "That looks like a token. Enter a name instead; names aren't secret.";
        return Err(AppError::invalid("name", message));
    }
    Ok(name)
}

pub(super) fn name_taken(name: &TokenName) -> AppError {
    let message = format!("You already have an active token named “{name}”.");
    AppError::invalid("name", message)
}

/// Whether a text contains a whole token. Names and details are stored and shown, so a token that is pasted into the wrong
/// field is refused.
pub fn holds_secret(text: &str) -> bool {
    text.match_indices(PREFIX)
        .filter_map(|(at, _)| text.as_bytes().get(at..at + TOKEN_LEN))
        .any(|token| TokenSecret::parse(token).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_holds_a_whole_token_is_seen() {
        let token = TokenSecret::generate();
        let token = token.expose();
        assert!(holds_secret(token));
        assert!(holds_secret(&format!("ot_live_ é my {token}.")));
        assert!(!holds_secret(&token[..TOKEN_LEN - 1]));
        assert!(!holds_secret("ot_live_"));
        assert!(!holds_secret("My ot_live_ token 2026"));
    }
}
