//! Where a request comes from.

use std::{convert::Infallible, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request},
    http::{HeaderName, HeaderValue, request::Parts},
};

use crate::{model::address::Address, server::trusted_proxies::TrustedProxies};

/// What proxies tell of where a request comes from.
pub const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Where a request comes from, found out once; nothing if it came over no network.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub Option<Address>);

impl ClientAddress {
    /// The other end of the connection or, if that is one of our proxies, whom it names.
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
