//! `/api/v1/invoices`

mod described;
pub mod document;

use axum::{extract::State, response::Response};

use self::described::{Described, DescribedDetails};
use super::{
    conditional::MirrorRequest,
    lists::{self, ListBody, One, Row, parameters::List},
    reads::Invoices,
    request::ResourceId,
};
use crate::{
    model::{
        invoice::{Invoice, InvoiceDetails, InvoiceStatus},
        mirror::Cursor,
    },
    server::{limits::Allowance, state::AppState},
};

impl Row for Invoice {
    const STATUSES: &'static [&'static str] = &InvoiceStatus::WORDS;
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "invoice_number",
        "type",
        "status",
        "currency_code",
        "subtotal",
        "discount",
        "tax",
        "total",
        "credit_applied",
        "amount_paid",
        "amount_due",
        "issue_date",
        "due_date",
        "paid_at",
        "has_document",
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

/// `GET /api/v1/invoices`
#[utoipa::path(
    get,
    path = "/api/v1/invoices",
    operation_id = "invoices",
    tag = "Invoices",
    summary = "Your invoices and credit notes",
    params(List<Invoice>),
    responses((status = 200, description = "Invoices, issued last first unless sorted otherwise.", content(
        (ListBody<Described> = "application/json"),
        (String = "text/csv"),
    ))),
)]
pub async fn list(
    State(state): State<AppState>,
    request: MirrorRequest<Invoices, List<Invoice>>,
) -> (Allowance, Response) {
    lists::list(&state, request).await
}

/// `GET /api/v1/invoices/{id}`
#[utoipa::path(
    get,
    path = "/api/v1/invoices/{id}",
    operation_id = "invoice",
    tag = "Invoices",
    summary = "One of your invoices or credit notes",
    params(ResourceId),
    responses((status = 200, description = "The invoice.", body = One<DescribedDetails>)),
)]
pub async fn one(
    State(state): State<AppState>,
    request: MirrorRequest<Invoices, ResourceId>,
) -> (Allowance, Response) {
    lists::one::<_, InvoiceDetails>(&state, request).await
}
