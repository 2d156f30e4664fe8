//! `/api/v1/orders`

use axum::{extract::State, response::Response};
use utoipa::{ToSchema, openapi::Object};

use super::{
    conditional::MirrorRequest,
    lists::{self, ListBody, One, Row, parameters::List},
    reads::Orders,
    request::ResourceId,
    schema::word,
    services::billing_cycle,
};
use crate::{
    model::{
        mirror::Cursor,
        order::{Order, OrderDetails, OrderStatus},
    },
    server::{limits::Allowance, state::AppState},
};

impl Row for Order {
    const STATUSES: &'static [&'static str] = &OrderStatus::WORDS;
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "order_number",
        "status",
        "currency_code",
        "subtotal",
        "discount",
        "total",
        "invoice_id",
        "items_count",
        "payment_method",
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

/// `GET /api/v1/orders`
#[utoipa::path(
    get,
    path = "/api/v1/orders",
    operation_id = "orders",
    tag = "Orders",
    summary = "Your orders",
    params(List<Order>),
    responses((status = 200, description = "Orders, newest first unless sorted otherwise.", content(
        (ListBody<Described> = "application/json"),
        (String = "text/csv"),
    ))),
)]
pub async fn list(
    State(state): State<AppState>,
    request: MirrorRequest<Orders, List<Order>>,
) -> (Allowance, Response) {
    lists::list(&state, request).await
}

/// `GET /api/v1/orders/{id}`
#[utoipa::path(
    get,
    path = "/api/v1/orders/{id}",
    operation_id = "order",
    tag = "Orders",
    summary = "One of your orders",
    params(ResourceId),
    responses((status = 200, description = "The order.", body = One<DescribedDetails>)),
)]
pub async fn one(
    State(state): State<AppState>,
    request: MirrorRequest<Orders, ResourceId>,
) -> (Allowance, Response) {
    lists::one::<_, OrderDetails>(&state, request).await
}

/// An order. All amounts are in the smallest unit of the currency.
#[derive(ToSchema)]
#[schema(as = Order)]
#[expect(dead_code, reason = "a description of the model's Order")]
pub struct Described {
    /// Its number in this portal.
    #[schema(minimum = 1, examples(5))]
    id: i64,
    /// The number that you were told.
    #[schema(required, examples("ORD-5"))]
    order_number: Option<String>,
    #[schema(schema_with = status)]
    status: String,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$", examples("USD"))]
    currency_code: String,
    /// The sum of the items.
    #[schema(examples(999))]
    subtotal: i64,
    /// What is taken off.
    #[schema(examples(0))]
    discount: i64,
    /// What it comes to.
    #[schema(examples(999))]
    total: i64,
    /// The number of the invoice for it.
    #[schema(required, minimum = 1, examples(42))]
    invoice_id: Option<i64>,
    /// How many items it has.
    #[schema(minimum = 0, examples(1))]
    items_count: u32,
    /// How it is paid.
    #[schema(required, examples("Bank transfer"))]
    payment_method: Option<String>,
    /// When it was made; UTC.
    #[schema(format = DateTime, examples("2026-01-15T10:30:00Z"))]
    created_at: String,
    /// When the billing system last changed it; UTC.
    #[schema(format = DateTime, examples("2026-01-15T10:30:00Z"))]
    updated_at: String,
}

/// An order with its details.
#[derive(ToSchema)]
#[schema(as = OrderDetails)]
#[expect(dead_code, reason = "a description of the model's OrderDetails")]
pub struct DescribedDetails {
    #[serde(flatten)]
    order: Described,
    /// The code that was given for a discount.
    #[schema(required, examples(json!(null)))]
    promo_code: Option<String>,
    /// What was ordered.
    items: Vec<OrderItem>,
}

/// A line of an order.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a description of the model's OrderItem")]
struct OrderItem {
    /// The product.
    #[schema(examples("Web hosting, 10 GB"))]
    product_name: String,
    #[schema(schema_with = billing_cycle)]
    billing_cycle: String,
    /// How many.
    #[schema(minimum = 0, examples(1))]
    quantity: u32,
    /// What it costs each time.
    #[schema(examples(999))]
    price: i64,
    /// What it costs once.
    #[schema(examples(0))]
    setup_fee: i64,
    /// The domain name that it is for.
    #[schema(required, examples("example.com"))]
    domain: Option<String>,
    /// What was chosen.
    options: Vec<OrderOption>,
    /// The number of the service that came of it.
    #[schema(required, minimum = 1, examples(17))]
    service_id: Option<i64>,
    /// The number of the domain name that came of it.
    #[schema(required, minimum = 1, examples(json!(null)))]
    domain_id: Option<i64>,
}

/// A choice in an order.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a description of the model's OrderOption")]
struct OrderOption {
    /// What was to be chosen.
    #[schema(examples("Location"))]
    name: String,
    /// What was chosen.
    #[schema(examples("Frankfurt"))]
    value: String,
}

fn status() -> Object {
    word(OrderStatus::WORDS, "Its status.")
}
