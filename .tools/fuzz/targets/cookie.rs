//! `Cookie` headers, one a line: the session that is read was sent under its name.
#![no_main]

use std::sync::LazyLock;

use axum::http::{HeaderMap, HeaderValue, header};
use libfuzzer_sys::fuzz_target;
use opentill::{
    http::cookie,
    server::{config::Config, public_url::PublicUrl},
};

static PUBLIC_URL: LazyLock<PublicUrl> =
    LazyLock::new(|| Config::read(|_| None).unwrap().public_url);

fuzz_target!(|lines: &[u8]| {
    let headers: HeaderMap = lines
        .split(|&byte| byte == b'\n')
        .filter_map(|line| HeaderValue::from_bytes(line).ok())
        .map(|value| (header::COOKIE, value))
        .collect();
    if let Some(session) = cookie::read(&headers, &PUBLIC_URL) {
        let pair = format!("session={session}");
        assert!(
            lines
                .windows(pair.len())
                .any(|part| part == pair.as_bytes())
        );
        assert!(!session.contains(';'));
    }
});
