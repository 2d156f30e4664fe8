//! Services: what a client has bought and uses.

use serde::{Deserialize, Serialize};

use super::{
    date::Date,
    mirror::{Facts, Kind, Mirrored},
    money::Currency,
    timestamp::{Timestamp, maybe_rfc3339, rfc3339},
    words::words,
};

words! {
    /// The status of a service.
    pub enum ServiceStatus {
        /// Not set up yet.
        Pending = "pending",
        /// In use.
        Active = "active",
        /// Stopped for a time.
        Suspended = "suspended",
        /// Ended at the client's request.
        Cancelled = "cancelled",
        /// Ended by the operator.
        Terminated = "terminated",
    }
}

words! {
    /// How often something is paid for.
    pub enum BillingCycle {
        /// Once.
        OneTime = "one_time",
        /// Never.
        Free = "free",
        /// Every month.
        Monthly = "monthly",
        /// Every three months.
        Quarterly = "quarterly",
        /// Every six months.
        SemiAnnually = "semi_annually",
        /// Every year.
        Annually = "annually",
        /// Every two years.
        Biennially = "biennially",
        /// Every three years.
        Triennially = "triennially",
    }
}

/// A service in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its number.
    #[serde(default)]
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// The domain name it is for.
    pub domain: Option<String>,
    /// Its status.
    pub status: ServiceStatus,
    /// The product.
    pub product_name: String,
    /// How often it is paid for.
    pub billing_cycle: BillingCycle,
    /// What it costs each time.
    pub amount: i64,
    /// In this currency.
    pub currency_code: Currency,
    /// When it is paid for next.
    pub next_due_date: Option<Date>,
    /// Since when there is one.
    pub registration_date: Option<Date>,
    /// The order it came from.
    pub order_id: Option<i64>,
    /// When it was made.
    #[serde(serialize_with = "rfc3339", skip_deserializing)]
    pub created_at: Timestamp,
    /// When it changed last.
    #[serde(serialize_with = "rfc3339", skip_deserializing)]
    pub updated_at: Timestamp,
}

/// A service with its details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceDetails {
    /// What is in lists, too.
    #[serde(flatten)]
    pub service: Service,
    /// How many of them.
    pub quantity: u32,
    /// The name to log in to it with.
    pub username: Option<String>,
    /// When it was suspended.
    #[serde(with = "maybe_rfc3339", default)]
    pub suspended_at: Option<Timestamp>,
    /// When it was cancelled.
    #[serde(with = "maybe_rfc3339", default)]
    pub cancelled_at: Option<Timestamp>,
    /// Where the client manages it.
    pub manage_url: Option<String>,
}

impl Mirrored for Service {
    const KIND: Kind = Kind::Service;

    fn complete(&mut self, facts: &Facts<'_>) {
        self.id = facts.id;
        self.order_id = (facts.reference)("order_id");
        self.created_at = facts.created_at;
        self.updated_at = facts.updated_at;
    }
}

impl Mirrored for ServiceDetails {
    const KIND: Kind = Kind::Service;

    fn complete(&mut self, facts: &Facts<'_>) {
        self.service.complete(facts);
    }
}
