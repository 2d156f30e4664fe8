//! The bearer token of a request (RFC 6750), and how often it may be used.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    response::{IntoResponseParts, ResponseParts},
};

use super::error::{ApiError, Challenge};
use crate::{
    http::{client_address::ClientAddress, identify::user_agent},
    model::{address::Address, number::push_number},
    server::{
        limits::Allowance,
        state::AppState,
        tokens::{self, TokenClient},
    },
};

/// What is left of the limit (draft-ietf-httpapi-ratelimit-headers).
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// The limit (draft-ietf-httpapi-ratelimit-headers).
pub const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

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
                tokens::note_use(state, &client, address, user_agent(&parts.headers));
                Ok(Self { client, allowance })
            }
            (allowance, Err(error)) => Err((Some(allowance), error.into())),
        }
    }
}

impl IntoResponseParts for Allowance {
    type Error = Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Infallible> {
        let Self {
            limit,
            remaining,
            reset,
        } = self;
        let policy = token_with([('q', limit.get()), ('w', 60)]);
        let left = token_with([('r', remaining), ('t', reset)]);
        for (name, text) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, left)] {
            if let Ok(value) = HeaderValue::try_from(text) {
                response.headers_mut().insert(name, value);
            }
        }
        Ok(response)
    }
}

/// `"token";q=600;w=60`
fn token_with(parameters: [(char, u32); 2]) -> String {
    let mut text = String::with_capacity(32);
    text.push_str(r#""token""#);
    for (name, value) in parameters {
        text.push(';');
        text.push(name);
        text.push('=');
        push_number(&mut text, value.into());
    }
    text
}

/// The client whose token is in the one `Authorization` header. A program that goes on with what is not valid is told
/// to wait. That is no defence: it comes after the work, and nobody guesses 190 random bits. So it never
/// stands in the way of a valid token, nor of somebody else's right answer from the same address.
async fn authenticate(
    state: &AppState,
    address: Option<Address>,
    headers: &HeaderMap,
) -> Result<TokenClient, ApiError> {
    let (token, challenge) = match presented(headers) {
        Ok(token) => match tokens::authenticate(state, token).await? {
            Some(who) => return Ok(who),
            None => (token, Challenge::InvalidToken),
        },
        Err(challenge) => (&b""[..], challenge),
    };
    state.limits.bad_token(address, token)?;
    Err(ApiError::Unauthenticated(challenge))
}

/// The token in the one `Authorization` header, whether it is a valid one or not.
///
/// # Errors
/// What to answer: no header, another scheme, no token after it, or a second header.
pub fn presented(headers: &HeaderMap) -> Result<&[u8], Challenge> {
    let mut values = headers.get_all(header::AUTHORIZATION).into_iter();
    let first = values.next().and_then(|value| bearer(value.as_bytes()));
    let token = first.ok_or(Challenge::NoToken)?;
    // Two headers: it is not for us to guess which one counts (RFC 9110, 11.6.2).
    if values.next().is_some() {
        return Err(Challenge::InvalidToken);
    }
    Ok(token)
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
    use crate::model::secret::{TOKEN_LEN, TokenSecret};

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

    #[test]
    fn no_header_value_by_chance_holds_a_token() {
        // What is no header value does not get as far as this.
        let bytes = |len: usize| -> Vec<u8> {
            let any = rand::random_iter::<u8>();
            let allowed = any.filter(|byte| *byte >= b' ' && *byte != 0x7f);
            allowed.take(len).collect()
        };
        for len in (0..120).cycle().take(50_000) {
            let any = bytes(len);
            assert_eq!(token_in(&any), None, "{any:?}");
        }
        for (len, at) in (1..=3).cycle().zip((0..TOKEN_LEN).cycle()).take(50_000) {
            // In a header with a token up to three bytes are others.
            let mut near = format!("Bearer {}", TokenSecret::generate().expose()).into_bytes();
            for (byte, other) in near["Bearer ".len() + at..].iter_mut().zip(bytes(len)) {
                *byte = if *byte == other { !other } else { other };
            }
            assert_eq!(token_in(&near), None, "{near:?}");
        }
        let token = format!("Bearer {}", TokenSecret::generate().expose());
        assert!(token_in(token.as_bytes()).is_some(), "the control");
    }

    fn token_in(value: &[u8]) -> Option<TokenSecret> {
        let value = HeaderValue::from_bytes(value).unwrap();
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value)]);
        presented(&headers).ok().and_then(TokenSecret::parse)
    }
}
