//! One line of the log per request, and the id by which it is found.

use std::{fmt, sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderValue, header::HeaderName},
};
use tower::service_fn;

use super::{client_address::ClientAddress, proxy_hints, service::HttpService};
use crate::{
    model::address::Address,
    server::{config::Config, metrics},
};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Crockford's base 32: no letters that are mistaken for digits or each other.
const ALPHABET: [u8; 32] = *b"0123456789abcdefghjkmnpqrstvwxyz";

/// A request's id: random, so that it says nothing about the request.
#[derive(Clone, Copy, Debug)]
pub struct RequestId([u8; 16]);

impl RequestId {
    fn random() -> Self {
        let random: u128 = rand::random();
        Self(
            random
                .to_be_bytes()
                .map(|byte| ALPHABET[usize::from(byte) % ALPHABET.len()]),
        )
    }

    fn as_str(&self) -> &str {
        str::from_utf8(&self.0).expect("the alphabet is ASCII")
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Counts each request to `inner` by its route and status. Logs method, route, status, duration and IP address of each, and adds the request's id to the
/// response. The route, not the path: whatever a caller puts into a path by mistake, a token even, must not be logged.
pub fn logged<S: HttpService>(
    mut inner: S,
    route: Option<&'static str>,
    config: Arc<Config>,
) -> impl HttpService {
    let counts = route.map(metrics::route);
    service_fn(move |mut request: Request| {
        let id = RequestId::random();
        let address = ClientAddress::of(&request, &config.trusted_proxies);
        request.extensions_mut().insert(id);
        request.extensions_mut().insert(address);
        let method = request.method().clone();
        // The API names its routes itself, and skips the hints for the sake of its speed.
        let matched = if route.is_some() {
            None
        } else {
            proxy_hints::log_hints(&request, &config);
            request.extensions().get::<MatchedPath>().cloned()
        };
        let began = Instant::now();
        let response = inner.call(request);
        async move {
            let mut response = response.await?;
            let status = response.status().as_u16();
            let address = address.address().map(Address::to_text);
            let address = address.as_deref();
            let route = route
                .or(matched.as_ref().map(MatchedPath::as_str))
                .unwrap_or("-");
            let counts = counts.unwrap_or_else(|| metrics::route(counted_as(route)));
            let micros = counts.count(status, began);
            tracing::info!(
                target: "opentill::request",
                id = id.as_str(), method = method.as_str(), route, status, micros, address,
            );
            let id =
                HeaderValue::from_str(id.as_str()).expect("letters and digits are a header value");
            response.headers_mut().insert(X_REQUEST_ID, id);
            Ok(response)
        }
    })
}

/// The route as it is counted: files, whose paths change with each version, are one.
fn counted_as(route: &str) -> &str {
    if route.starts_with("/pkg/") {
        "/pkg/{file}"
    } else {
        route
    }
}
