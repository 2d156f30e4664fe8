//! `Authorization` headers, one a line: what is read as a token is in the one that there is, whole.
#![no_main]

use axum::http::{HeaderMap, HeaderValue, header};
use libfuzzer_sys::fuzz_target;
use opentill::{
    http::api::bearer::presented,
    model::secret::{PREFIX, TOKEN_LEN, TokenSecret},
};

fuzz_target!(|lines: &[u8]| {
    let headers: HeaderMap = lines
        .split(|&byte| byte == b'\n')
        .filter_map(|line| HeaderValue::from_bytes(line).ok())
        .map(|value| (header::AUTHORIZATION, value))
        .collect();
    let Ok(presented) = presented(&headers) else {
        return;
    };
    assert_eq!(headers.len(), 1);
    let value = headers[header::AUTHORIZATION].as_bytes();
    assert!(value.windows(presented.len()).any(|part| part == presented));
    if let Some(secret) = TokenSecret::parse(presented) {
        assert_eq!(secret.expose().as_bytes(), presented);
        assert_eq!(presented.len(), TOKEN_LEN);
        assert!(presented.starts_with(PREFIX.as_bytes()));
    }
});
