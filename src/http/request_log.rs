//! One line per request, and the number that leads to it.

use std::{fmt, sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderValue, header::HeaderName},
};
use rand::distr::{Alphanumeric, SampleString};
use tower::service_fn;

use super::{Answers, client_address::ClientAddress};
use crate::server::config::Config;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request's number: random, so that it tells nothing.
#[derive(Clone, Debug)]
pub struct RequestId(HeaderValue);

impl RequestId {
    fn random() -> Self {
        let id = Alphanumeric.sample_string(&mut rand::rng(), 16);
        Self(HeaderValue::try_from(id).expect("letters and digits are a header's value"))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_str().unwrap_or_default())
    }
}

/// Logs method, route, status, time and where from of each request to `inner`, and answers with the number. The route, not
/// the address: whatever a caller puts into an address by mistake, a token even, must not be written down.
pub fn logged<S: Answers>(mut inner: S, config: Arc<Config>) -> impl Answers {
    service_fn(move |mut request: Request| {
        let id = RequestId::random();
        let address = ClientAddress::of(&request, &config.trusted_proxies);
        request.extensions_mut().insert(id.clone());
        request.extensions_mut().insert(address);
        let method = request.method().clone();
        let path = request.extensions().get::<MatchedPath>().cloned();
        let began = Instant::now();
        let response = inner.call(request);
        async move {
            let mut response = response.await?;
            let status = response.status().as_u16();
            let micros = began.elapsed().as_micros();
            let address = address.0.map(tracing::field::display);
            let route = path.as_ref().map_or("-", MatchedPath::as_str);
            tracing::info!(target: "opentill::request", %id, %method, route, status, micros, address);
            response.headers_mut().insert(X_REQUEST_ID, id.0);
            Ok(response)
        }
    })
}
