//! Answers in JSON.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::error::ApiError;
use crate::{http::headers, model::error::AppError};

/// Bytes that most answers fit into.
const USUAL: usize = 512;

/// Whatever it is, as JSON. It takes less of a request's time than [`axum::Json`], which finds out room by room how much
/// its text and the headers need.
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match text(&self.0) {
            Ok(text) => answer(StatusCode::OK, text),
            Err(error) => error.into_response(),
        }
    }
}

/// Whatever it is, as JSON.
///
/// # Errors
/// It is not to be written so.
pub fn text(value: &impl Serialize) -> Result<Vec<u8>, ApiError> {
    let mut text = Vec::with_capacity(USUAL);
    serde_json::to_writer(&mut text, value).map_err(|error| {
        tracing::error!(%error, "an answer is not to be written as JSON");
        AppError::Internal
    })?;
    Ok(text)
}

/// An answer whose text is JSON already.
pub fn answer(status: StatusCode, text: impl Into<Body>) -> Response {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.reserve(headers::ROOM);
    let kind = const { HeaderValue::from_static("application/json") };
    headers.insert(header::CONTENT_TYPE, kind);
    response
}
