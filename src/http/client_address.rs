//! The IP address that a request comes from.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request},
    http::{HeaderName, HeaderValue, request::Parts},
};

use crate::{model::address::Address, server::trusted_proxies::TrustedProxies};

/// The header in which proxies name the clients of a request.
pub const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Where a request comes from, a request extension.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClientAddress {
    /// The IP address; `None` if it came over no network.
    pub ip: Option<IpAddr>,
    /// Whether it says that it was forwarded, by a peer that is no trusted proxy: then this may be the address of a proxy.
    pub is_forwarded: bool,
}

impl ClientAddress {
    /// The peer of the connection or, if that is a trusted proxy, the client that it names.
    pub fn of(request: &Request, proxies: &TrustedProxies) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let Some(ConnectInfo(peer)) = peer else {
            return Self::default();
        };
        let forwarded = request.headers().get_all(X_FORWARDED_FOR);
        if !proxies.contains(peer.ip()) {
            return Self {
                ip: Some(peer.ip()),
                is_forwarded: forwarded.iter().next().is_some(),
            };
        }
        let forwarded = forwarded.iter().map(HeaderValue::as_bytes);
        Self {
            ip: Some(proxies.origin(peer.ip(), forwarded)),
            is_forwarded: false,
        }
    }

    /// The address as it is counted and recorded.
    pub fn address(self) -> Option<Address> {
        self.ip.map(Address::from)
    }
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or_default())
    }
}
