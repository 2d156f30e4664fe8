//! The bearer token of a request (RFC 6750).

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

use super::error::{ApiError, Challenge};
use crate::server::{
    state::AppState,
    tokens::{self, TokenClient},
};

/// A handler that takes this answers the exact 401 to everybody without a valid token.
impl FromRequestParts<AppState> for TokenClient {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        authenticate(state, &parts.headers).await
    }
}

/// The client whose token is in the one `Authorization` header.
pub async fn authenticate(state: &AppState, headers: &HeaderMap) -> Result<TokenClient, ApiError> {
    let mut values = headers.get_all(header::AUTHORIZATION).into_iter();
    let first = values.next().and_then(|value| bearer(value.as_bytes()));
    let Some(token) = first else {
        return Err(ApiError::Unauthenticated(Challenge::NoToken));
    };
    // Two headers: it is not for us to guess which one counts (RFC 9110, 11.6.2).
    if values.next().is_some() {
        return Err(ApiError::Unauthenticated(Challenge::InvalidToken));
    }
    tokens::authenticate(state, token)
        .await?
        .ok_or(ApiError::Unauthenticated(Challenge::InvalidToken))
}

/// What stands after the scheme, which is read in any case (RFC 9110, 11.1), and its spaces.
fn bearer(value: &[u8]) -> Option<&[u8]> {
    const SCHEME: &[u8] = b"bearer";
    let (scheme, rest) = value.split_at_checked(SCHEME.len())?;
    if !scheme.eq_ignore_ascii_case(SCHEME) || rest.first() != Some(&b' ') {
        return None;
    }
    let start = rest.iter().position(|&byte| byte != b' ')?;
    let end = rest.iter().rposition(|&byte| byte != b' ')?;
    Some(&rest[start..=end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_is_read_in_any_case_and_spaces_around_the_token_do_not_count() {
        for value in [
            "Bearer x",
            "bearer x",
            "BEARER x",
            "bEaReR   x",
            "Bearer x  ",
        ] {
            assert_eq!(bearer(value.as_bytes()), Some(&b"x"[..]), "{value}");
        }
    }

    #[test]
    fn what_is_not_a_bearer_header_holds_no_token() {
        for value in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer\tx",
            "Bearerx",
            "Basic x",
            "Token x",
            " Bearer x",
        ] {
            assert_eq!(bearer(value.as_bytes()), None, "{value}");
        }
        assert_eq!(bearer(b"Bearer\xa0x"), None);
    }
}
