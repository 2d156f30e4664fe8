//! Errors of the API.

use std::collections::BTreeMap;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::json;
use crate::{
    http::status::{retry_after, status},
    model::{error::AppError, scopes::Scope},
};

/// The response body of every 401, promised to the byte.
const UNAUTHENTICATED: &str = r#"{"message":"Unauthenticated."}"#;

/// What is wrong with each query parameter.
pub type QueryErrors = BTreeMap<String, Vec<String>>;

/// The error of a handler of the API.
#[derive(Debug)]
pub enum ApiError {
    /// 401: no valid token.
    Unauthenticated(Challenge),
    /// 400: query parameters that are unknown, repeated or wrong.
    InvalidQuery(QueryErrors),
    /// 403: the token is limited to other kinds of data than this one.
    InsufficientScope(Scope),
    /// Any other error. 404 is the same for the id of another client's resource and for one that does not exist.
    Other(AppError),
}

/// What a 401 says about the token. All invalid tokens look alike.
#[derive(Clone, Copy, Debug)]
pub enum Challenge {
    /// None was presented.
    NoToken,
    /// One was presented, and it is not valid.
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

    /// The same, validated at compile time.
    const fn header(self) -> HeaderValue {
        match self {
            Self::NoToken => const { HeaderValue::from_static(Self::NoToken.as_str()) },
            Self::InvalidToken => const { HeaderValue::from_static(Self::InvalidToken.as_str()) },
        }
    }
}

/// `WWW-Authenticate` of a 403.
pub fn insufficient(scope: Scope) -> String {
    let scope = scope.as_str();
    format!(r#"Bearer realm="api", error="insufficient_scope", scope="{scope}""#)
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        Self::Other(error)
    }
}

/// The response body of every error.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiError)]
pub struct Body {
    /// What went wrong, in a sentence for people.
    message: String,
    #[schema(ignore)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    errors: QueryErrors,
}

impl Body {
    /// The sentence.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl ApiError {
    /// The status code.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
            Self::InvalidQuery(_) => StatusCode::BAD_REQUEST,
            Self::InsufficientScope(_) => StatusCode::FORBIDDEN,
            Self::Other(error) => status(error),
        }
    }

    /// The response body.
    pub fn body(&self) -> Body {
        let message = match self {
            // As in [`UNAUTHENTICATED`].
            Self::Unauthenticated(_) => "Unauthenticated.".to_owned(),
            Self::InvalidQuery(_) => "The query parameters are not valid.".to_owned(),
            Self::InsufficientScope(scope) => {
                format!("This token may not read {}.", scope.as_str())
            }
            Self::Other(error) => error.to_string(),
        };
        let errors = match self {
            Self::InvalidQuery(errors) => errors.clone(),
            _ => QueryErrors::new(),
        };
        Body { message, errors }
    }

    /// `WWW-Authenticate` of a 401 or 403 (RFC 6750, 3).
    fn challenge(&self) -> Option<HeaderValue> {
        match self {
            Self::Unauthenticated(challenge) => Some(challenge.header()),
            Self::InsufficientScope(scope) => HeaderValue::try_from(insufficient(*scope)).ok(),
            Self::InvalidQuery(_) | Self::Other(_) => None,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = if matches!(self, Self::Unauthenticated(_)) {
            // Not serialized again: whoever tries tokens gets many of these.
            json::response(self.status(), UNAUTHENTICATED)
        } else {
            // Maps of text are always JSON.
            let body = json::serialize(&self.body()).unwrap_or_default();
            json::response(self.status(), body)
        };
        let headers = response.headers_mut();
        if let Some(challenge) = self.challenge() {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Self::Other(error) = &self {
            headers.extend(retry_after(error).into_iter().flatten());
        }
        response
    }
}

/// The response of a handler that panicked. The panic message is in the log alone.
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
        let body = ApiError::Unauthenticated(Challenge::NoToken).body();
        assert_eq!(serde_json::to_string(&body).unwrap(), UNAUTHENTICATED);
    }

    #[tokio::test]
    async fn a_403_names_the_kind_of_resource_in_words_and_in_its_challenge() {
        let response = ApiError::InsufficientScope(Scope::Invoices).into_response();
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        assert_eq!(
            response.headers()[header::WWW_AUTHENTICATE],
            r#"Bearer realm="api", error="insufficient_scope", scope="invoices""#
        );
        let body = to_bytes(response.into_body(), 1024).await.unwrap();
        assert_eq!(body, r#"{"message":"This token may not read invoices."}"#);
    }
}
