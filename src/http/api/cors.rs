//! CORS: pages of any origin may call the API.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::Request,
    http::{HeaderName, Method, header},
};
use futures::future::Either;
use tower::{Layer, Service, service_fn};
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

use super::rate_limit::{RATE_LIMIT, RATE_LIMIT_POLICY};
use crate::http::service::HttpService;

/// How long browsers may keep the response to a preflight request. Each has a lower limit of its own; without this it is
/// 5 seconds.
const PREFLIGHT: Duration = Duration::from_hours(24);

/// Any origin may call, because the token is in a header that no browser adds by itself.
pub fn layer() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD, Method::DELETE])
        // HTTP clients add headers of their own, as for tracing. No cookie is allowed, so there is nothing to protect.
        .allow_headers(AllowHeaders::mirror_request())
        .max_age(PREFLIGHT)
        .expose_headers([
            header::WWW_AUTHENTICATE,
            header::RETRY_AFTER,
            header::LINK,
            header::ETAG,
            header::CONTENT_DISPOSITION,
            RATE_LIMIT,
            RATE_LIMIT_POLICY,
            HeaderName::from_static("x-request-id"),
        ])
}

/// Applies `cors` to requests of pages. Other programs send no `Origin` header and get shorter responses.
pub fn for_pages<S: HttpService>(mut inner: S, cors: &Arc<CorsLayer>) -> impl HttpService + use<S> {
    let cors = Arc::clone(cors);
    service_fn(move |request: Request| {
        let is_page = request.headers().contains_key(header::ORIGIN);
        if is_page || request.method() == Method::OPTIONS {
            Either::Left(cors.layer(inner.clone()).call(request))
        } else {
            Either::Right(inner.call(request))
        }
    })
}
