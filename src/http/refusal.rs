//! Errors of the portal.
//!
//! A [`Refusal`] leaves a handler as a bare status with the error in the response's extensions, and `problem_page` makes
//! it a page. The framework's own refusals (no such path or method, a cross-site request) take the same way, so all have
//! one look and one wording.

use axum::response::{IntoResponse, Response};

pub use super::status::{retry_after, status};
use crate::{model::error::AppError, server::error::Failure};

/// The error of a handler of the portal.
///
/// Its causes are logged when it is made a response.
#[derive(Debug)]
pub struct Refusal(Failure);

impl<E: Into<Failure>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let error = self.0.report();
        let mut response = (status(&error), retry_after(&error), ()).into_response();
        response.extensions_mut().insert(error);
        response
    }
}

/// The response where there is no page.
pub async fn not_found() -> Refusal {
    AppError::NotFound.into()
}

/// The response of a handler that panicked. The panic message is in the log alone.
pub fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    Refusal::from(AppError::Internal).into_response()
}
