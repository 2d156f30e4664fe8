//! The public API: JSON in and out, bearer tokens, no cookies, nothing to be cached.

mod bearer;
mod error;
mod me;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, Method, header},
    response::{IntoResponse, Response},
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
    let v1 = Router::new()
        .route("/me", get(me::show))
        .fallback(unknown)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(cors());
    Router::new()
        .nest("/v1", v1)
        // Nesting takes all that follows a slash, but not the slash alone.
        .route("/v1/", any(unknown))
        .fallback(not_found)
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
            HeaderName::from_static("x-request-id"),
        ])
}

/// Without a valid token nobody learns what there is: 401 before 404.
async fn unknown(State(state): State<AppState>, request: Request) -> Response {
    match bearer::authenticate(&state, request.headers()).await {
        Ok(_) => ApiError::from(AppError::NotFound).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn method_not_allowed() -> ApiError {
    AppError::MethodNotAllowed.into()
}
