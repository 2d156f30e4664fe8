//! The headers of a token's rate limit (draft-ietf-httpapi-ratelimit-headers).

use std::convert::Infallible;

use axum::{
    http::{HeaderName, HeaderValue},
    response::{IntoResponseParts, ResponseParts},
};

use crate::{model::number::push_number, server::limits::Allowance};

/// What remains of the limit.
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// The limit.
pub const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

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
