//! `/api/v1/services`

use axum::{extract::State, response::Response};
use utoipa::{ToSchema, openapi::Object};

use super::{
    conditional::MirrorRequest,
    lists::{self, ListBody, One, Row, parameters::List},
    reads::Services,
    request::ResourceId,
    schema::word,
};
use crate::{
    model::{
        mirror::Cursor,
        service::{BillingCycle, Service, ServiceDetails, ServiceStatus},
    },
    server::{limits::Allowance, state::AppState},
};

impl Row for Service {
    const STATUSES: &'static [&'static str] = &ServiceStatus::WORDS;
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "name",
        "domain",
        "status",
        "product_name",
        "billing_cycle",
        "amount",
        "currency_code",
        "next_due_date",
        "registration_date",
        "order_id",
        "created_at",
        "updated_at",
    ];

    fn place(&self) -> Cursor {
        Cursor {
            updated_at: self.updated_at,
            id: self.id,
        }
    }
}

/// `GET /api/v1/services`
#[utoipa::path(
    get,
    path = "/api/v1/services",
    operation_id = "services",
    tag = "Services",
    summary = "Your services",
    params(List<Service>),
    responses((status = 200, description = "Services, newest first unless sorted otherwise.", content(
        (ListBody<Described> = "application/json"),
        (String = "text/csv"),
    ))),
)]
pub async fn list(
    State(state): State<AppState>,
    request: MirrorRequest<Services, List<Service>>,
) -> (Allowance, Response) {
    lists::list(&state, request).await
}

/// `GET /api/v1/services/{id}`
#[utoipa::path(
    get,
    path = "/api/v1/services/{id}",
    operation_id = "service",
    tag = "Services",
    summary = "One of your services",
    params(ResourceId),
    responses((status = 200, description = "The service.", body = One<DescribedDetails>)),
)]
pub async fn one(
    State(state): State<AppState>,
    request: MirrorRequest<Services, ResourceId>,
) -> (Allowance, Response) {
    lists::one::<_, ServiceDetails>(&state, request).await
}

/// A service: something that you have bought and use.
#[derive(ToSchema)]
#[schema(as = Service)]
#[expect(dead_code, reason = "a description of the model's Service")]
pub struct Described {
    /// Its number.
    #[schema(minimum = 1, examples(17))]
    id: i64,
    /// What it is called.
    #[schema(examples("Web Pro"))]
    name: String,
    /// The domain name that it is for.
    #[schema(required, examples("example.com"))]
    domain: Option<String>,
    #[schema(schema_with = status)]
    status: String,
    /// The product.
    #[schema(examples("Web hosting, 10 GB"))]
    product_name: String,
    #[schema(schema_with = billing_cycle)]
    billing_cycle: String,
    /// What it costs each time, in the smallest unit of the currency.
    #[schema(examples(999))]
    amount: i64,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$", examples("USD"))]
    currency_code: String,
    /// The day on which it is due next.
    #[schema(required, format = Date, examples("2026-12-01"))]
    next_due_date: Option<String>,
    /// The day on which it was set up.
    #[schema(required, format = Date, examples("2026-01-15"))]
    registration_date: Option<String>,
    /// The number of the order that it came of.
    #[schema(required, minimum = 1, examples(5))]
    order_id: Option<i64>,
    /// When it was made; UTC.
    #[schema(format = DateTime, examples("2026-01-15T10:30:00Z"))]
    created_at: String,
    /// When the billing system last changed it; UTC.
    #[schema(format = DateTime, examples("2026-01-15T10:30:00Z"))]
    updated_at: String,
}

/// A service with its details.
#[derive(ToSchema)]
#[schema(as = ServiceDetails)]
#[expect(dead_code, reason = "a description of the model's ServiceDetails")]
pub struct DescribedDetails {
    #[serde(flatten)]
    service: Described,
    /// How many of them.
    #[schema(minimum = 0, examples(1))]
    quantity: u32,
    /// The name to log in to it with.
    #[schema(required, examples("jane"))]
    username: Option<String>,
    /// When it was suspended; UTC.
    #[schema(required, format = DateTime, examples(json!(null)))]
    suspended_at: Option<String>,
    /// When it was cancelled; UTC.
    #[schema(required, format = DateTime, examples(json!(null)))]
    cancelled_at: Option<String>,
    /// Where you manage it.
    #[schema(required, examples("https://panel.example.com/17"))]
    manage_url: Option<String>,
}

fn status() -> Object {
    word(ServiceStatus::WORDS, "Its status.")
}

/// How often something is paid for.
pub fn billing_cycle() -> Object {
    word(BillingCycle::WORDS, "How often it is paid for.")
}
