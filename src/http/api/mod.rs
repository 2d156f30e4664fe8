//! The public API: JSON in and out, bearer tokens, no cookies, nothing to be cached.

pub mod bearer;
mod error;
mod me;
mod openapi;

use axum::{
    Router,
    http::{HeaderName, Method, header},
    middleware,
    routing::{any, get},
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{Any, CorsLayer},
};

use self::error::ApiError;
use crate::{domain::error::AppError, server::state::AppState};

/// Everything below `/api`, by its whole path: nesting would cost each request a path made anew.
pub fn router(state: AppState) -> Router {
    let document = openapi::Document::new(state.config.public_url.origin());
    let with_token = middleware::from_fn_with_state(state, bearer::require_token);
    // A method that is not there is told to anybody; whether a path is there, to nobody without a
    // valid token: 405 comes before 401, and 401 before 404.
    let unknown = any(not_found).layer(with_token.clone());
    Router::new()
        .route("/api/v1/me", get(me::show).route_layer(with_token))
        .route("/api/v1", unknown.clone())
        .route("/api/v1/", unknown.clone())
        .route("/api/v1/{*unknown}", unknown)
        .route("/api/openapi.json", get(openapi::show).with_state(document))
        .route("/api", any(not_found))
        .route("/api/", any(not_found))
        .route("/api/{*unknown}", any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        // One layer, so that a request passes through one box: the first is the outermost.
        .layer(
            ServiceBuilder::new()
                .layer(CatchPanicLayer::custom(error::panicked))
                .layer(cors()),
        )
}

/// There is nothing here, token or not.
pub async fn not_found() -> ApiError {
    AppError::NotFound.into()
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
