//! The client of a request.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};

use super::{
    bearer::presented,
    error::{ApiError, Challenge},
};
use crate::{
    http::{client_address::ClientAddress, identify::user_agent},
    model::address::Address,
    server::{
        error::Failure,
        limits::Allowance,
        state::AppState,
        tokens::{self, TokenClient},
    },
};

/// Extracts the client of a request with a valid token, and counts the request against the token's rate limit.
///
/// Rejects with 401 without a valid token, and with 429 over the limit.
pub struct ApiClient {
    /// Which client and which token.
    pub client: TokenClient,
    /// What remains of the token's rate limit. Part of every response.
    pub allowance: Allowance,
}

impl FromRequestParts<AppState> for ApiClient {
    type Rejection = (Option<Allowance>, ApiError);

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let Ok(ClientAddress(address)) = ClientAddress::from_request_parts(parts, state).await;
        let client = authenticate(state, address, &parts.headers)
            .await
            .map_err(|error| (None, error))?;
        match state.limits.token(client.token()) {
            (allowance, Ok(())) => {
                tokens::note_use(state, &client, address, &user_agent(&parts.headers));
                Ok(Self { client, allowance })
            }
            (allowance, Err(error)) => Err((Some(allowance), error.into())),
        }
    }
}

/// The client whose token is in the one `Authorization` header.
///
/// Programs that repeat an invalid token are slowed down. That saves no work and is no defense: it comes after the
/// lookup, and nobody guesses 190 random bits. So it never delays a valid token, nor another one from the same IP address.
async fn authenticate(
    state: &AppState,
    address: Option<Address>,
    headers: &HeaderMap,
) -> Result<TokenClient, ApiError> {
    let (token, challenge) = match presented(headers) {
        Ok(token) => {
            let found = tokens::authenticate(state, token).await;
            match found.map_err(Failure::report)? {
                Some(client) => return Ok(client),
                None => (token, Challenge::InvalidToken),
            }
        }
        Err(challenge) => (&b""[..], challenge),
    };
    state.limits.bad_token(address, token)?;
    Err(ApiError::Unauthenticated(challenge))
}
