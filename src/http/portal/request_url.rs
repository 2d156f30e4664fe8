//! Extractors for the URL of a request.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use crate::{http::refusal::Refusal, model::error::AppError};

/// The number in the path. Anything else is a 404.
pub struct PathId<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathId<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let Path(id) = Path::from_request_parts(parts, state)
            .await
            .map_err(|_| AppError::NotFound)?;
        Ok(Self(id))
    }
}

/// The query.
pub struct Query(String);

impl Query {
    /// The first value of a parameter; empty if it is missing.
    pub fn get(&self, field: &str) -> String {
        form_urlencoded::parse(self.0.as_bytes())
            .find(|(name, _)| name == field)
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    }

    /// The value of a parameter, if it is a number.
    pub fn number(&self, field: &str) -> Option<i64> {
        self.get(field).parse().ok()
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.uri.query().unwrap_or_default().to_owned()))
    }
}
