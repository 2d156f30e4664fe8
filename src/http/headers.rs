//! The headers that every response has, errors and files included.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

use crate::server::config::{Config, Hsts};

/// Capacity for all headers of a response, so that the map does not grow while it is filled.
pub const CAPACITY: usize = 20;

// Constants are validated at compile time, other values byte by byte for each response.
const FIXED: [(HeaderName, HeaderValue); 3] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];
/// Which features of the browser a page may use.
pub const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
/// A page needs the clipboard and none of the others, whatever might run in it.
pub const PAGE_PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "camera=(), clipboard-write=(self), display-capture=(), geolocation=(), hid=(), \
     idle-detection=(), local-fonts=(), microphone=(), midi=(), payment=(), screen-wake-lock=(), serial=(), usb=()",
);
/// Headers that a handler may set itself.
const DEFAULTS: [(HeaderName, HeaderValue); 4] = [
    (
        // Not `no-referrer`: with it browsers send `Origin: null`, which the origin check refuses where they send no
        // `Sec-Fetch-Site` beside it.
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    // For everything that is not a page: nothing in it may load or run.
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    // Short, because no script runs in what is not a page.
    (
        PERMISSIONS_POLICY,
        HeaderValue::from_static("clipboard-write=(self)"),
    ),
];
/// Two years, in seconds.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");
const HSTS_SUBDOMAINS: HeaderValue =
    HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// Adds the headers that every response has.
pub fn set(config: &Config) -> impl Fn(Response) -> Response + Clone + Send + Sync + use<> {
    let hsts = match config.hsts {
        _ if !config.public_url.is_https() => None,
        Hsts::Subdomains => Some(HSTS_SUBDOMAINS),
        Hsts::Host => Some(HSTS),
        Hsts::Off => None,
    };
    move |mut response| {
        let headers = response.headers_mut();
        headers.reserve(FIXED.len() + DEFAULTS.len() + 1);
        for (name, value) in FIXED {
            headers.insert(name, value);
        }
        for (name, value) in DEFAULTS {
            headers.entry(name).or_insert(value);
        }
        if let Some(hsts) = &hsts {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, hsts.clone());
        }
        response
    }
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
         img-src 'self' data:; connect-src 'self'{reload}; font-src 'self'; \
         form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    )
}
