//! `/api/v1/me`

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{Object, ObjectBuilder, Type},
};

use crate::{
    http::api::{client::ApiClient, error::ApiError, json},
    model::{
        client::{Client, ClientId, ClientStatus, Email, rfc3339},
        timestamp::Timestamp,
    },
    server::limits::Allowance,
};

/// The client whose token it is.
#[derive(Serialize, ToSchema)]
pub struct Me<'c> {
    #[serde(with = "Published")]
    #[schema(value_type = Published)]
    data: &'c Client,
}

/// `GET /api/v1/me`: the client whose token it is.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    operation_id = "me",
    summary = "The client whose token it is",
    responses((status = 200, description = "The token's owner.", body = Me)),
    security(("token" = [])),
)]
pub async fn show(ApiClient { client, allowance }: ApiClient) -> (Allowance, Response) {
    let body = client.own_data(|data| json::serialize(&Me { data }));
    let response = match body {
        Ok(body) => json::response(StatusCode::OK, body),
        Err(error) => ApiError::from(error).into_response(),
    };
    (allowance, response)
}

/// A client's own data.
///
/// What of a [`Client`] the API gives away, and its description: a field that is not here stays inside.
#[derive(Serialize, ToSchema)]
#[serde(remote = "Client")]
#[schema(as = Client, description = "A client's own data.")]
struct Published {
    /// Client number.
    #[schema(value_type = i64, minimum = 1, examples(42))]
    id: ClientId,
    /// Your name.
    #[schema(examples("Jane Smith"))]
    name: String,
    /// Email address used to log in; unique, ignoring case.
    #[schema(value_type = String, max_length = 254, pattern = r"^[^@\s]+@[^@\s]+$", examples("jane@example.com"))]
    email: Email,
    /// Company.
    #[schema(required, examples("Acme Hosting Ltd"))]
    company: Option<String>,
    /// Telephone.
    #[schema(required, examples(json!(null)))]
    phone: Option<String>,
    /// First line of the address.
    #[schema(examples("500 Congress Avenue"))]
    address1: String,
    /// Second line of the address.
    #[schema(required, examples(json!(null)))]
    address2: Option<String>,
    /// City.
    #[schema(examples("Austin"))]
    city: String,
    /// State or region.
    #[schema(examples("TX"))]
    state: String,
    /// Postal code.
    #[schema(examples("78701"))]
    postcode: String,
    /// ISO 3166-1 alpha-2, like US.
    #[schema(pattern = "^[A-Z]{2}$", examples("US"))]
    country: String,
    /// ISO 4217, like USD.
    #[schema(pattern = "^[A-Z]{3}$", examples("USD"))]
    currency_code: String,
    /// active or suspended; a suspended client can only read and revoke.
    #[schema(schema_with = status)]
    status: ClientStatus,
    /// Client since; UTC, like 2026-01-15T10:30:00Z.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String, format = DateTime, pattern = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", examples("2026-01-15T10:30:00Z"))]
    created_at: Timestamp,
}

/// The status of a client who has a valid token: never closed.
fn status() -> Object {
    let words = [ClientStatus::Active, ClientStatus::Suspended].map(ClientStatus::as_str);
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(
            "active or suspended; a suspended client can only read and revoke",
        ))
        .enum_values(Some(words))
        .examples(words)
        .build()
}
