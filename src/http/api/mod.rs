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
    http::{HeaderName, Method, Uri, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any_service, get_service},
};
use futures::{FutureExt, future::Either};
use tower::{Layer, Service, service_fn};
use tower_http::cors::{Any, CorsLayer};

use self::{bearer::ApiClient, error::ApiError};
use super::{Answers, finished};
use crate::{
    model::error::AppError,
    server::{config::Config, limits::Allowance, state::AppState},
};

/// The client whose token it is: what nearly all requests are for.
pub const ME: &str = "/api/v1/me";
const DOCUMENT: &str = "/api/openapi.json";

/// Whether it is for programs, who are never answered with a page.
pub fn is_api(uri: &Uri) -> bool {
    let below = uri.path().strip_prefix("/api");
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What goes wrong before anybody looks what is asked for.
pub fn refuse(error: AppError) -> Response {
    ApiError::Other(error).into_response()
}

/// Everything below `/api`.
pub struct Api<M> {
    /// All of it, by whole paths: nesting would cost each request a path made anew.
    pub router: Router,
    /// `GET` [`ME`] by itself.
    pub me: M,
}

/// Answers all of it.
pub fn api(state: AppState) -> Api<impl Answers> {
    let document = openapi::Document::new(state.config.public_url.origin());
    let front = Front {
        config: Arc::clone(&state.config),
        cors: Arc::new(cors()),
    };
    let me = me::show.with_state(state.clone());
    let document = openapi::show.with_state(document);
    let mut router = Router::new()
        .route(ME, front.get(ME, me.clone()))
        .route(DOCUMENT, front.get(DOCUMENT, document));
    for path in ["/api/v1", "/api/v1/", "/api/v1/{*unknown}"] {
        router = router.route(path, front.any(path, unknown.with_state(state.clone())));
    }
    for path in ["/api", "/api/", "/api/{*unknown}"] {
        router = router.route(path, front.any(path, not_found.into_service()));
    }
    Api {
        router,
        me: front.before(ME, me),
    }
}

/// What stands in front of every handler. As a layer of the router it would stand in front of another route, which
/// costs each request a box and copies.
struct Front {
    config: Arc<Config>,
    cors: Arc<CorsLayer>,
}

impl Front {
    fn get<H: Answers>(&self, path: &'static str, handler: H) -> MethodRouter {
        let others = self.before(path, method_not_allowed.into_service());
        get_service(self.before(path, handler)).fallback_service(others)
    }

    fn any<H: Answers>(&self, path: &'static str, handler: H) -> MethodRouter {
        any_service(self.before(path, handler))
    }

    fn before<H: Answers>(&self, path: &'static str, handler: H) -> impl Answers + use<H> {
        let inner = open_to_pages(caught(handler), &self.cors);
        finished(inner, Some(path), &self.config)
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
async fn unknown(caller: ApiClient) -> (Allowance, ApiError) {
    (caller.allowance, AppError::NotFound.into())
}

/// There is nothing here, token or not.
pub async fn not_found() -> ApiError {
    AppError::NotFound.into()
}

/// What a browser has to be told before it lets a page call. Programs do not ask, and get shorter answers.
fn open_to_pages<S: Answers>(mut inner: S, cors: &Arc<CorsLayer>) -> impl Answers + use<S> {
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
