//! `/api/v1/domains`

use axum::{extract::State, response::Response};
use utoipa::{ToSchema, openapi::Object};

use super::{
    conditional::MirrorRequest,
    lists::{self, ListBody, One, Row, parameters::List},
    reads::Domains,
    request::ResourceId,
    schema::word,
};
use crate::{
    model::{
        domain::{Domain, DomainStatus},
        mirror::Cursor,
    },
    server::{limits::Allowance, state::AppState},
};

impl Row for Domain {
    const STATUSES: &'static [&'static str] = &DomainStatus::WORDS;
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "domain_name",
        "tld",
        "status",
        "registration_date",
        "expiry_date",
        "auto_renew",
        "whois_privacy",
        "is_locked",
        "ns1",
        "ns2",
        "ns3",
        "ns4",
        "next_due_date",
        "amount",
        "currency_code",
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

/// `GET /api/v1/domains`
#[utoipa::path(
    get,
    path = "/api/v1/domains",
    operation_id = "domains",
    tag = "Domains",
    summary = "Your domain names",
    params(List<Domain>),
    responses((status = 200, description = "Domain names, newest first unless sorted otherwise.", content(
        (ListBody<Described> = "application/json"),
        (String = "text/csv"),
    ))),
)]
pub async fn list(
    State(state): State<AppState>,
    request: MirrorRequest<Domains, List<Domain>>,
) -> (Allowance, Response) {
    lists::list(&state, request).await
}

/// `GET /api/v1/domains/{id}`
#[utoipa::path(
    get,
    path = "/api/v1/domains/{id}",
    operation_id = "domain",
    tag = "Domains",
    summary = "One of your domain names",
    params(ResourceId),
    responses((status = 200, description = "The domain name.", body = One<Described>)),
)]
pub async fn one(
    State(state): State<AppState>,
    request: MirrorRequest<Domains, ResourceId>,
) -> (Allowance, Response) {
    lists::one::<_, Domain>(&state, request).await
}

/// A domain name that is registered for you.
#[derive(ToSchema)]
#[schema(as = Domain)]
#[expect(dead_code, reason = "a description of the model's Domain")]
pub struct Described {
    /// Its number.
    #[schema(minimum = 1, examples(23))]
    id: i64,
    /// The whole name.
    #[schema(examples("example.co.uk"))]
    domain_name: String,
    /// Its ending, without a dot before it.
    #[schema(examples("co.uk"))]
    tld: String,
    #[schema(schema_with = status)]
    status: String,
    /// The day on which it was registered.
    #[schema(required, format = Date, examples("2020-03-01"))]
    registration_date: Option<String>,
    /// The day on which it expires.
    #[schema(required, format = Date, examples("2027-03-01"))]
    expiry_date: Option<String>,
    /// Whether it is renewed without being asked for.
    #[schema(examples(true))]
    auto_renew: bool,
    /// Whether its owner's data is hidden from the public.
    #[schema(examples(true))]
    whois_privacy: bool,
    /// Whether it is locked against transfers.
    #[schema(examples(true))]
    is_locked: bool,
    /// The first name server.
    #[schema(required, examples("ns1.example.net"))]
    ns1: Option<String>,
    /// The second name server.
    #[schema(required, examples("ns2.example.net"))]
    ns2: Option<String>,
    /// The third name server.
    #[schema(required, examples(json!(null)))]
    ns3: Option<String>,
    /// The fourth name server.
    #[schema(required, examples(json!(null)))]
    ns4: Option<String>,
    /// The day on which it is due next.
    #[schema(required, format = Date, examples("2027-02-15"))]
    next_due_date: Option<String>,
    /// What it costs each time, in the smallest unit of the currency.
    #[schema(examples(1499))]
    amount: i64,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$", examples("USD"))]
    currency_code: String,
    /// When it was made; UTC.
    #[schema(format = DateTime, examples("2026-01-15T10:30:00Z"))]
    created_at: String,
    /// When the billing system last changed it; UTC.
    #[schema(format = DateTime, examples("2026-01-15T10:30:00Z"))]
    updated_at: String,
}

fn status() -> Object {
    word(DomainStatus::WORDS, "Its status.")
}
