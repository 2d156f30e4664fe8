//! Hints in the log: requests look as if they came through a proxy, and the settings do not mention it.

use std::{net::SocketAddr, sync::Once};

use axum::{
    extract::{ConnectInfo, Request},
    http::HeaderName,
};

use super::{client_address::X_FORWARDED_FOR, health};
use crate::server::config::Config;

const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Logs each hint once. Anybody can send these headers, so they prove nothing.
pub fn log_hints(request: &Request, config: &Config) {
    static ADDRESS: Once = Once::new();
    static SCHEME: Once = Once::new();
    static NO_ADDRESS: Once = Once::new();
    if !ADDRESS.is_completed() && is_from_unknown_proxy(request, config) {
        ADDRESS.call_once(|| {
            tracing::warn!(
                "a request came with X-Forwarded-For from an address that is not in OPENTILL_TRUSTED_PROXIES; if a proxy \
                 of yours sent it, all limits count the proxy as one client"
            );
        });
    }
    if !NO_ADDRESS.is_completed() && is_without_address(request, config) {
        NO_ADDRESS.call_once(|| {
            tracing::warn!(
                "a request came without X-Forwarded-For from an address in OPENTILL_TRUSTED_PROXIES; a proxy that does \
                 not append the client's IP address lets clients forge theirs"
            );
        });
    }
    if !SCHEME.is_completed() && is_by_https(request) && !config.public_url.is_https() {
        SCHEME.call_once(|| {
            tracing::warn!(
                "a request came with X-Forwarded-Proto: https, and OPENTILL_PUBLIC_URL is no https:// address; cookies are \
                 not Secure, and HSTS is not sent"
            );
        });
    }
}

fn is_from_unknown_proxy(request: &Request, config: &Config) -> bool {
    request.headers().contains_key(X_FORWARDED_FOR) && !is_from_trusted_proxy(request, config)
}

fn is_from_trusted_proxy(request: &Request, config: &Config) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.is_some_and(|ConnectInfo(peer)| config.trusted_proxies.contains(peer.ip()))
}

/// A proxy that adds nothing lets its clients choose the IP address that they are counted by. Only its own health checks
/// have no client.
fn is_without_address(request: &Request, config: &Config) -> bool {
    !request.headers().contains_key(X_FORWARDED_FOR)
        && is_from_trusted_proxy(request, config)
        && !health::PATHS.contains(&request.uri().path())
}

fn is_by_https(request: &Request) -> bool {
    let scheme = request.headers().get(X_FORWARDED_PROTO);
    scheme.is_some_and(|scheme| scheme.as_bytes().eq_ignore_ascii_case(b"https"))
}
