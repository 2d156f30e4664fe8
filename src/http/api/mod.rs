//! The public API: JSON in and out, bearer tokens, no cookies, nothing to be cached.

pub mod bearer;
mod error;
mod json;
mod me;
mod openapi;

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    Router,
    extract::Request,
    handler::{Handler, HandlerWithoutStateExt},
    http::{HeaderName, Method, header},
    routing::{MethodRouter, any_service, get_service},
};
use futures::{FutureExt, future::Either};
use tower::{Layer, Service, service_fn};
use tower_http::cors::{Any, CorsLayer};

use self::{bearer::Caller, error::ApiError};
use super::{Answers, finished};
use crate::{
    domain::error::AppError,
    server::{config::Config, limits::Allowance, state::AppState},
};

/// Everything below `/api`, by its whole path: nesting would cost each request a path made anew.
pub fn router(state: AppState) -> Router {
    let document = openapi::Document::new(state.config.public_url.origin());
    let front = Front {
        config: Arc::clone(&state.config),
        cors: Arc::new(cors()),
    };
    let unknown = unknown.with_state(state.clone());
    Router::new()
        .route("/api/v1/me", front.get(me::show.with_state(state)))
        .route("/api/v1", front.any(unknown.clone()))
        .route("/api/v1/", front.any(unknown.clone()))
        .route("/api/v1/{*unknown}", front.any(unknown))
        .route(
            "/api/openapi.json",
            front.get(openapi::show.with_state(document)),
        )
        .route("/api", front.any(not_found.into_service()))
        .route("/api/", front.any(not_found.into_service()))
        .route("/api/{*unknown}", front.any(not_found.into_service()))
}

/// What stands in front of every handler. As a layer of the router it would stand in front of another route, which
/// costs each request a box and copies.
struct Front {
    config: Arc<Config>,
    cors: Arc<CorsLayer>,
}

impl Front {
    fn get<H: Answers + 'static>(&self, handler: H) -> MethodRouter {
        let others = self.before(method_not_allowed.into_service());
        get_service(self.before(handler)).fallback_service(others)
    }

    fn any<H: Answers + 'static>(&self, handler: H) -> MethodRouter {
        any_service(self.before(handler))
    }

    fn before<H: Answers + 'static>(&self, handler: H) -> impl Answers + use<H> {
        finished(open_to_pages(caught(handler), &self.cors), &self.config)
    }
}

/// Answers where a handler panics.
fn caught<H: Answers>(mut handler: H) -> impl Answers {
    service_fn(move |request| {
        let answer = AssertUnwindSafe(handler.call(request)).catch_unwind();
        answer.map(|answer| answer.unwrap_or_else(|panic| Ok(error::panicked(panic))))
    })
}

/// A method that is not there is told to anybody; whether a path is there, to nobody without a
/// valid token: 405 comes before 401, and 401 before 404.
async fn unknown(caller: Caller) -> (Allowance, ApiError) {
    (caller.allowance, AppError::NotFound.into())
}

/// There is nothing here, token or not.
pub async fn not_found() -> ApiError {
    AppError::NotFound.into()
}

/// What a browser has to be told before it lets a page call. Programs do not ask, and get shorter answers.
fn open_to_pages<S: Answers>(inner: S, cors: &Arc<CorsLayer>) -> impl Answers + use<S> {
    let cors = Arc::clone(cors);
    service_fn(move |request: Request| {
        let mut inner = inner.clone();
        let is_page = request.headers().contains_key(header::ORIGIN);
        if is_page || request.method() == Method::OPTIONS {
            Either::Left(cors.layer(inner).call(request))
        } else {
            Either::Right(inner.call(request))
        }
    })
}

/// Pages of any origin may call, because the token is in a header that no browser adds by itself.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD])
        .allow_headers([header::AUTHORIZATION, header::ACCEPT, header::CONTENT_TYPE])
        .expose_headers([
            header::WWW_AUTHENTICATE,
            header::RETRY_AFTER,
            bearer::RATE_LIMIT,
            bearer::RATE_LIMIT_POLICY,
            HeaderName::from_static("x-request-id"),
        ])
}

async fn method_not_allowed() -> ApiError {
    AppError::MethodNotAllowed.into()
}
