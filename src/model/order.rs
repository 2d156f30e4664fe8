//! Orders.

use serde::{Deserialize, Serialize};

use super::{
    mirror::{Facts, Kind, Mirrored},
    money::Currency,
    service::BillingCycle,
    timestamp::{Timestamp, rfc3339},
    words::words,
};

words! {
    /// The status of an order. One that the billing system takes for fraud is cancelled: nothing else is stored of it.
    pub enum OrderStatus {
        /// Not accepted yet.
        Pending = "pending",
        /// Accepted.
        Active = "active",
        /// Withdrawn or refused.
        Cancelled = "cancelled",
    }
}

/// An order in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its number in this portal.
    #[serde(default)]
    pub id: i64,
    /// The number that the client was told.
    pub order_number: Option<String>,
    /// Its status.
    pub status: OrderStatus,
    /// The currency of all amounts.
    pub currency_code: Currency,
    /// The sum of the items.
    pub subtotal: i64,
    /// What is taken off.
    pub discount: i64,
    /// What it comes to.
    pub total: i64,
    /// The invoice for it.
    pub invoice_id: Option<i64>,
    /// How many items it has.
    pub items_count: u32,
    /// How it is paid.
    pub payment_method: Option<String>,
    /// When it was made.
    #[serde(serialize_with = "rfc3339", skip_deserializing)]
    pub created_at: Timestamp,
    /// When it changed last.
    #[serde(serialize_with = "rfc3339", skip_deserializing)]
    pub updated_at: Timestamp,
}

/// An order with its details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderDetails {
    /// What is in lists, too.
    #[serde(flatten)]
    pub order: Order,
    /// The code that was given for a discount.
    pub promo_code: Option<String>,
    /// What was ordered.
    pub items: Vec<OrderItem>,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderItem {
    /// The product.
    pub product_name: String,
    /// How often it is paid for.
    pub billing_cycle: BillingCycle,
    /// How many.
    pub quantity: u32,
    /// What it costs each time.
    pub price: i64,
    /// What it costs once.
    pub setup_fee: i64,
    /// The domain name it is for.
    pub domain: Option<String>,
    /// What was chosen.
    pub options: Vec<OrderOption>,
    /// The service that came of it.
    pub service_id: Option<i64>,
    /// The domain that came of it.
    pub domain_id: Option<i64>,
}

/// A choice of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderOption {
    /// What was to be chosen.
    pub name: String,
    /// What was chosen.
    pub value: String,
}

impl Mirrored for Order {
    const KIND: Kind = Kind::Order;

    fn complete(&mut self, facts: &Facts<'_>) {
        self.id = facts.id;
        self.invoice_id = (facts.reference)("invoice_id");
        self.created_at = facts.created_at;
        self.updated_at = facts.updated_at;
    }
}

impl Mirrored for OrderDetails {
    const KIND: Kind = Kind::Order;

    fn complete(&mut self, facts: &Facts<'_>) {
        self.order.complete(facts);
        for (at, item) in self.items.iter_mut().enumerate() {
            item.service_id = (facts.reference)(&format!("items.{at}.service_id"));
            item.domain_id = (facts.reference)(&format!("items.{at}.domain_id"));
        }
    }
}
