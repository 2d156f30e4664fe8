//! `/api/v1/summary`

use axum::{extract::State, response::Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    conditional::MirrorRequest,
    lists::{One, body},
    reads::Account,
};
use crate::{
    model::{date::Date, mirror, money::Currency, scopes::Scope, scopes::Scopes},
    server::{limits::Allowance, mirror as operations, state::AppState},
};

/// `GET /api/v1/summary`
#[utoipa::path(
    get,
    path = "/api/v1/summary",
    operation_id = "summary",
    tag = "Account",
    summary = "What you have and owe, at a glance",
    responses((status = 200, description = "The figures that the token may read.", body = One<Summary>)),
)]
pub async fn show(
    State(state): State<AppState>,
    request: MirrorRequest<Account, ()>,
) -> (Allowance, Response) {
    let client = &request.request.client;
    let scopes = client.scopes();
    let summary = operations::summary(&state, client).await;
    request.answer(summary.and_then(|all| {
        let data = Summary::readable(all, scopes);
        body(&One { data })
    }))
}

/// What a client has and owes. What the token may not read is left out.
#[derive(Serialize, ToSchema)]
struct Summary {
    /// How many services are active; for tokens that may read services.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u64, required = false, examples(3))]
    active_services: Option<u64>,
    /// How many active domain names expire within 30 days, today included; for tokens that may read domains.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u64, required = false, examples(1))]
    domains_expiring: Option<u64>,
    /// What is owed, by currency; for tokens that may read invoices.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<Owed>, required = false)]
    owed: Option<Vec<Owed>>,
}

/// What is owed in one currency, in its smallest unit.
#[derive(Serialize, ToSchema)]
struct Owed {
    /// ISO 4217.
    #[schema(value_type = String, pattern = "^[A-Z]{3}$", examples("USD"))]
    currency_code: Currency,
    /// What is due on all unpaid invoices, overdue ones included.
    #[schema(examples(2380))]
    unpaid: i64,
    /// What is due on those that are overdue.
    #[schema(examples(1190))]
    overdue: i64,
    /// The day on which the next of those that are not overdue is due.
    #[schema(value_type = Option<String>, required, format = Date, examples("2026-01-29"))]
    next_due_date: Option<Date>,
    /// What is due on that day.
    #[schema(examples(1190))]
    next_due: i64,
}

impl Summary {
    fn readable(all: mirror::Summary, scopes: Scopes) -> Self {
        let owed = all.owed.into_iter().map(Owed::from);
        Self {
            active_services: scopes
                .may_read(Scope::Services)
                .then_some(all.active_services),
            domains_expiring: scopes
                .may_read(Scope::Domains)
                .then_some(all.domains_expiring),
            owed: scopes.may_read(Scope::Invoices).then(|| owed.collect()),
        }
    }
}

impl From<mirror::Owed> for Owed {
    fn from(owed: mirror::Owed) -> Self {
        Self {
            currency_code: owed.currency_code,
            unpaid: owed.unpaid,
            overdue: owed.overdue,
            next_due_date: owed.next_due_date,
            next_due: owed.next_due,
        }
    }
}
