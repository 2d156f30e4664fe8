//! The headers that every answer carries, errors and files included.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};

use crate::server::config::Config;

const FIXED: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not `no-referrer`: with it browsers send `Origin: null`, which the origin check refuses.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "clipboard-write=(self)",
    ),
];

/// For everything that is not a page: nothing in it may load or run anything.
const NOTHING: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Two years, in seconds.
const HSTS: &str = "max-age=63072000; includeSubDomains";

/// Adds to every answer what a handler did not set itself.
pub fn set(config: &Config) -> impl Fn(Response) -> Response + Clone + Send + Sync + use<> {
    let is_https = config.public_url.is_https();
    move |mut response| {
        let headers = response.headers_mut();
        headers.reserve(FIXED.len() + 3);
        for (name, value) in FIXED {
            default(headers, name, value);
        }
        default(headers, header::CONTENT_SECURITY_POLICY, NOTHING);
        default(headers, header::CACHE_CONTROL, "no-store");
        if is_https {
            default(headers, header::STRICT_TRANSPORT_SECURITY, HSTS);
        }
        response
    }
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers
        .entry(name)
        .or_insert(HeaderValue::from_static(value));
}

/// The policy of a page, with the nonce of its own inline scripts.
pub fn page_policy(nonce: &str, reload_port: u32) -> String {
    // Live reload, in debug builds alone.
    let reload = if cfg!(debug_assertions) {
        format!(" ws://127.0.0.1:{reload_port} ws://localhost:{reload_port}")
    } else {
        String::new()
    };
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'{reload}; font-src 'self'; manifest-src 'self'; \
         form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    )
}
