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
    http::api::{client::ApiClient, error::ApiError, json, reads::Account},
    model::{
        client::{Client, ClientId, ClientStatus, Email},
        timestamp::{Timestamp, rfc3339},
    },
    server::limits::Allowance,
};

/// The client whose token it is.
#[derive(Serialize, ToSchema)]
pub struct Me<'c> {
    data: Published<'c>,
}

/// `GET /api/v1/me`: the client whose token it is.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    operation_id = "me",
    tag = "Account",
    summary = "The client whose token it is",
    description = "Contact details, currency and status of the client.",
    responses((status = 200, description = "The token's owner.", body = Me)),
)]
pub async fn show(request: ApiClient<Account>) -> (Allowance, Response) {
    let body = request
        .client
        .own_data(|data| json::serialize(&Me { data: data.into() }));
    let response = match body {
        Ok(body) => json::response(StatusCode::OK, body),
        Err(error) => ApiError::from(error).into_response(),
    };
    (request.allowance, response)
}

/// A client's own data.
///
/// What of a [`Client`] the API gives away, and its description: a field that is not here stays inside. The document does
/// not call it `Client`, because C# and generated clients have a class of that name.
#[derive(Serialize, ToSchema)]
#[schema(as = ClientDetails, description = "A client's own data.")]
pub struct Published<'c> {
    /// Client number.
    #[schema(value_type = i64, minimum = 1, examples(42))]
    id: ClientId,
    /// Your name.
    #[schema(examples("Jane Smith"))]
    name: &'c str,
    /// Email address used to log in; unique, ignoring case.
    #[schema(value_type = String, max_length = 254, pattern = r"^[^@\s]+@[^@\s]+$", examples("jane@example.com"))]
    email: &'c Email,
    /// Company.
    #[schema(required, examples("Acme Hosting Ltd"))]
    company: Option<&'c str>,
    /// Telephone.
    #[schema(required, examples(json!(null)))]
    phone: Option<&'c str>,
    /// First line of the address.
    #[schema(examples("500 Congress Avenue"))]
    address1: &'c str,
    /// Second line of the address.
    #[schema(required, examples(json!(null)))]
    address2: Option<&'c str>,
    /// City.
    #[schema(examples("Austin"))]
    city: &'c str,
    /// State or region.
    #[schema(examples("TX"))]
    state: &'c str,
    /// Postal code.
    #[schema(examples("78701"))]
    postcode: &'c str,
    /// ISO 3166-1 alpha-2, like US; null if it is not known.
    #[schema(required, pattern = "^[A-Z]{2}$", examples("US"))]
    country: Option<&'c str>,
    /// ISO 4217, like USD.
    #[schema(pattern = "^[A-Z]{3}$", examples("USD"))]
    currency_code: &'c str,
    /// active or suspended; a suspended client can only read and revoke.
    #[schema(schema_with = status)]
    status: ClientStatus,
    /// Client since; UTC, like 2026-01-15T10:30:00Z.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String, format = DateTime, examples("2026-01-15T10:30:00Z"))]
    created_at: Timestamp,
}

impl<'c> From<&'c Client> for Published<'c> {
    fn from(client: &'c Client) -> Self {
        let contact = &client.contact;
        Self {
            id: client.id,
            name: &contact.name,
            email: &client.email,
            company: contact.company.as_deref(),
            phone: contact.phone.as_deref(),
            address1: &contact.address1,
            address2: contact.address2.as_deref(),
            city: &contact.city,
            state: &contact.state,
            postcode: &contact.postcode,
            country: Some(contact.country.as_str()).filter(|country| !country.is_empty()),
            currency_code: &client.currency_code,
            status: client.status,
            created_at: client.created_at,
        }
    }
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
