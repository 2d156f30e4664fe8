//! Errors of the API.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::json::{Json, answer};
use crate::{
    http::refusal::{retry_after, status},
    model::error::AppError,
    server::error::Failure,
};

/// The body of every 401, to the byte a promise.
const UNAUTHENTICATED: &str = r#"{"message":"Unauthenticated."}"#;

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
    /// The value of `WWW-Authenticate` (RFC 6750, 3).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoToken => r#"Bearer realm="api""#,
            Self::InvalidToken => r#"Bearer realm="api", error="invalid_token""#,
        }
    }

    /// The same, checked beforehand.
    const fn header(self) -> HeaderValue {
        match self {
            Self::NoToken => const { HeaderValue::from_static(Self::NoToken.as_str()) },
            Self::InvalidToken => const { HeaderValue::from_static(Self::InvalidToken.as_str()) },
        }
    }
}

impl<E: Into<Failure>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self::Other(error.into().into())
    }
}

/// The body of every error.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub struct Body {
    /// What went wrong, in a sentence for people.
    message: String,
}

impl Body {
    /// The sentence.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl From<&AppError> for Body {
    fn from(error: &AppError) -> Self {
        Self {
            message: match error {
                // The same as in [`UNAUTHENTICATED`].
                AppError::Unauthenticated => "Unauthenticated.".to_owned(),
                error => error.to_string(),
            },
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthenticated(challenge) => unauthenticated(challenge),
            Self::Other(error) => (
                status(&error),
                retry_after(&error),
                Json(Body::from(&error)),
            )
                .into_response(),
        }
    }
}

/// Ready to be sent: whoever tries tokens gets many of these.
fn unauthenticated(challenge: Challenge) -> Response {
    let mut response = answer(StatusCode::UNAUTHORIZED, UNAUTHENTICATED);
    let headers = response.headers_mut();
    headers.insert(header::WWW_AUTHENTICATE, challenge.header());
    response
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
        body::{self, to_bytes},
        http::Request,
        routing::get,
    };
    use serde_json::json;
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
        let response = app
            .oneshot(Request::new(body::Body::empty()))
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = to_bytes(response.into_body(), 1024).await.unwrap();
        let expected = json!({ "message": AppError::Internal.to_string() });
        assert_eq!(body, expected.to_string());
    }
    #[test]
    fn the_401_that_is_ready_is_the_one_that_is_documented() {
        let body = Body::from(&AppError::Unauthenticated);
        assert_eq!(serde_json::to_string(&body).unwrap(), UNAUTHENTICATED);
    }
}
