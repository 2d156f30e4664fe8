//! Lines of orders.

use super::Thing;
use crate::{
    model::{
        mirror::Kind,
        money::Currency,
        order::{Order, OrderDetails, OrderItem, OrderOption, OrderStatus},
        service::BillingCycle,
        timestamp::Timestamp,
    },
    server::operations::import::fields::{Fields, Refusal},
};

pub fn read(fields: &mut Fields, thing: &mut Thing) -> Result<(), Refusal> {
    let currency_code = fields.currency("currency_code")?;
    let total = fields.money("total", currency_code)?;
    let discount = fields.money_or_zero("discount", currency_code)?;
    let subtotal = fields.maybe_money("subtotal", currency_code)?;
    let items = fields.list("items", |fields| item(fields, thing, currency_code))?;
    thing.refer(fields, "invoice_id", Kind::Invoice)?;
    let order = OrderDetails {
        order: Order {
            id: 0,
            order_number: fields.maybe_text("order_number")?,
            status: fields.word("status", status)?,
            currency_code,
            subtotal: subtotal.unwrap_or(total + discount),
            discount,
            total,
            invoice_id: None,
            items_count: u32::try_from(items.len()).unwrap_or(u32::MAX),
            payment_method: fields.maybe_text("payment_method")?,
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
        },
        promo_code: fields.maybe_text("promo_code")?,
        items,
    };
    thing.status = order.order.status.as_str();
    thing.find_by(&[order.order.order_number.as_deref()]);
    thing.priced(total, currency_code);
    thing.store(&order)
}

/// What the billing system takes for fraud is none of the client's business, and is not stored.
fn status(word: &str) -> Option<OrderStatus> {
    match word {
        "fraud" => Some(OrderStatus::Cancelled),
        word => OrderStatus::from_word(word),
    }
}

fn item(fields: &mut Fields, thing: &mut Thing, of: Currency) -> Result<OrderItem, Refusal> {
    thing.refer(fields, "service_id", Kind::Service)?;
    thing.refer(fields, "domain_id", Kind::Domain)?;
    Ok(OrderItem {
        product_name: fields.text("product_name")?,
        billing_cycle: fields.word("billing_cycle", BillingCycle::from_word)?,
        quantity: fields.count("quantity")?,
        price: fields.money("price", of)?,
        setup_fee: fields.money_or_zero("setup_fee", of)?,
        domain: fields.maybe_text("domain")?,
        options: fields.list("options", |fields| {
            Ok(OrderOption {
                name: fields.text("name")?,
                value: fields.text_or_empty("value")?,
            })
        })?,
        service_id: None,
        domain_id: None,
    })
}
