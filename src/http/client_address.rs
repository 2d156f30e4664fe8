//! The IP address that a request comes from.

use std::{convert::Infallible, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request},
    http::{HeaderName, HeaderValue, request::Parts},
};

use crate::{model::address::Address, server::trusted_proxies::TrustedProxies};

/// The header in which proxies name the clients of a request.
pub const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The IP address that a request comes from, a request extension; `None` if it came over no network.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub Option<Address>);

impl ClientAddress {
    /// The peer of the connection or, if that is a trusted proxy, the client that it names.
    pub fn of(request: &Request, proxies: &TrustedProxies) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        Self(peer.map(|ConnectInfo(peer)| {
            if !proxies.are_there() {
                return peer.ip().into();
            }
            let forwarded = request.headers().get_all(X_FORWARDED_FOR);
            let forwarded = forwarded.iter().map(HeaderValue::as_bytes);
            proxies.origin(peer.ip(), forwarded).into()
        }))
    }
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or(Self(None)))
    }
}
