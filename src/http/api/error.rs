//! Errors of the API.

use axum::{
    Json,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    domain::error::AppError,
    http::refusal::{retry_after, status},
    server::error::Failure,
};

/// An error on its way out of a handler for machines.
#[derive(Debug)]
pub enum ApiError {
    /// No valid token.
    Unauthenticated(Challenge),
    /// Anything else.
    Other(AppError),
}

/// What the 401 says of the token. All tokens that are not valid look alike.
#[derive(Clone, Copy, Debug)]
pub enum Challenge {
    /// None was presented.
    NoToken,
    /// One was, and it is not valid.
    InvalidToken,
}

impl Challenge {
    const fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::NoToken => r#"Bearer realm="api""#,
            Self::InvalidToken => r#"Bearer realm="api", error="invalid_token""#,
        })
    }
}

impl<E: Into<Failure>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self::Other(error.into().into())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let error = match self {
            Self::Unauthenticated(challenge) => {
                // The exact body is a promise.
                let mut response = (
                    status(&AppError::Unauthenticated),
                    Json(json!({ "message": "Unauthenticated." })),
                )
                    .into_response();
                response
                    .headers_mut()
                    .insert(header::WWW_AUTHENTICATE, challenge.header());
                return response;
            }
            Self::Other(error) => error,
        };
        (
            status(&error),
            retry_after(&error),
            Json(json!({ "message": error.to_string() })),
        )
            .into_response()
    }
}

/// A handler panicked. What it said stays in the log.
pub fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a handler of the API panicked");
    ApiError::Other(AppError::Internal).into_response()
}

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        body::{Body, to_bytes},
        http::{Request, StatusCode},
        routing::get,
    };
    use tower::ServiceExt;
    use tower_http::catch_panic::CatchPanicLayer;

    use super::*;

    async fn panics() -> &'static str {
        panic!("SELECT secret FROM src/http/api/error.rs")
    }

    #[tokio::test]
    async fn what_a_handler_panics_with_stays_inside() {
        let app = Router::new()
            .route("/", get(panics))
            .layer(CatchPanicLayer::custom(panicked));
        let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = to_bytes(response.into_body(), 1024).await.unwrap();
        let expected = json!({ "message": AppError::Internal.to_string() });
        assert_eq!(body, expected.to_string());
    }
}
