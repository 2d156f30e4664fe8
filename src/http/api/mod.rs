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
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{Any, CorsLayer},
};

use self::error::ApiError;
use crate::{domain::error::AppError, server::state::AppState};

/// Everything below `/api`.
pub fn router(state: AppState) -> Router {
    let document = openapi::Document::new(state.config.public_url.origin());
    let with_token = middleware::from_fn_with_state(state.clone(), bearer::require_token);
    let v1 = Router::new()
        // A method that is not there is told to anybody; whether a path is there, to nobody
        // without a valid token: 405 comes before 401, and 401 before 404.
        .route("/me", get(me::show).route_layer(with_token.clone()))
        .fallback_service(any(not_found).layer(with_token.clone()))
        .method_not_allowed_fallback(method_not_allowed);
    Router::new()
        .route("/openapi.json", get(openapi::show).with_state(document))
        .nest("/v1", v1)
        // Nesting takes all that follows a slash, but not the slash alone.
        .route("/v1/", any(not_found).layer(with_token))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(cors())
        .layer(CatchPanicLayer::custom(error::panicked))
        .with_state(state)
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
