//! The client of a request.

use std::marker::PhantomData;

use axum::{extract::FromRequestParts, http::request::Parts};

use super::{
    bearer::presented,
    error::{ApiError, Challenge},
    reads::Reads,
};
use crate::{
    http::{
        client_address::ClientAddress,
        identify::{self, user_agent},
    },
    server::{
        error::Failure,
        limits::Allowance,
        state::AppState,
        tokens::{self, TokenClient},
    },
};

/// Extracts the client of a request with a valid token that may read `R`, and counts the request against the token's rate
/// limit.
///
/// Rejects with 401 without a valid token, with 429 over the limit, and with 403 if the token is limited to other data.
pub struct ApiClient<R> {
    /// Which client and which token.
    pub client: TokenClient,
    /// What remains of the token's rate limit. Part of every response.
    pub allowance: Allowance,
    /// What it may read.
    pub reads: PhantomData<fn() -> R>,
}

impl<R: Reads> FromRequestParts<AppState> for ApiClient<R> {
    type Rejection = (Option<Allowance>, ApiError);

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let Ok(from) = ClientAddress::from_request_parts(parts, state).await;
        let client = authenticate(state, from, parts)
            .await
            .map_err(|error| (None, error))?;
        let (allowance, counted) = state.limits.token(client.token());
        let refused = |error| {
            tokens::note_refusal(state, &client);
            (Some(allowance), error)
        };
        counted.map_err(|error| refused(error.into()))?;
        tokens::note_use(state, &client, from.address(), &user_agent(&parts.headers));
        if let Some(scope) = R::SCOPE
            && !client.scopes().may_read(scope)
        {
            return Err(refused(ApiError::InsufficientScope(scope)));
        }
        Ok(Self {
            client,
            allowance,
            reads: PhantomData,
        })
    }
}

/// The client whose token is in the one `Authorization` header.
///
/// Programs that repeat an invalid token are slowed down. That saves no work and is no defense: it comes after the
/// lookup, and nobody guesses 190 random bits. So it never delays a valid token, nor another one from the same IP address.
async fn authenticate(
    state: &AppState,
    from: ClientAddress,
    parts: &Parts,
) -> Result<TokenClient, ApiError> {
    let (token, challenge) = match presented(&parts.headers) {
        Ok(token) => {
            let actor = || identify::actor_of(&parts.extensions, &parts.headers);
            let found = tokens::authenticate(state, token, from.ip, actor).await;
            match found.map_err(Failure::report)? {
                Some(client) => return Ok(client),
                None => (token, Challenge::InvalidToken),
            }
        }
        Err(challenge) => (&b""[..], challenge),
    };
    state.limits.bad_token(from.address(), token)?;
    Err(ApiError::Unauthenticated(challenge))
}
