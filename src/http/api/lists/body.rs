//! Response bodies.

use axum::{http::StatusCode, response::Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{http::api::json, server::error::Failure};

/// One thing.
#[derive(Serialize, ToSchema)]
pub struct One<T> {
    /// The thing.
    pub data: T,
}

/// A response in JSON.
pub fn body(value: &impl Serialize) -> Result<Response, Failure> {
    Ok(json::response(StatusCode::OK, json::serialize(value)?))
}
