//! The bearer token of a request (RFC 6750).

use axum::http::{HeaderMap, header};

use super::error::Challenge;

/// The token in the one `Authorization` header, valid or not.
///
/// # Errors
/// The challenge of the 401: there is no header, another scheme, no token after it, or a second header.
pub fn presented(headers: &HeaderMap) -> Result<&[u8], Challenge> {
    let mut values = headers.get_all(header::AUTHORIZATION).into_iter();
    let first = values.next().and_then(|value| bearer(value.as_bytes()));
    let token = first.ok_or(Challenge::NoToken)?;
    // Two headers: which one counts is not defined (RFC 9110, 11.6.2).
    if values.next().is_some() {
        return Err(Challenge::InvalidToken);
    }
    Ok(token)
}

/// What follows the scheme, which is case-insensitive (RFC 9110, 11.1), without the spaces around it.
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
    use axum::http::HeaderValue;

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
