//! What an [`AppError`] is in HTTP.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};

use crate::model::error::AppError;

/// The status code of an error.
pub fn status(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// `Retry-After`, where it is known when to try again.
pub fn retry_after(error: &AppError) -> Option<[(HeaderName, HeaderValue); 1]> {
    error
        .retry_after()
        .map(|seconds| [(header::RETRY_AFTER, seconds.into())])
}
