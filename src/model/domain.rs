//! Domain names that are registered for a client.

use serde::{Deserialize, Serialize};

use super::{
    date::Date,
    mirror::{Facts, Kind, Mirrored},
    money::Currency,
    timestamp::{Timestamp, rfc3339},
    words::words,
};

words! {
    /// The status of a domain.
    pub enum DomainStatus {
        /// Not registered yet.
        Pending = "pending",
        /// Registered.
        Active = "active",
        /// On the way from another registrar.
        PendingTransfer = "pending_transfer",
        /// Expired, and to be had back for a fee.
        Redemption = "redemption",
        /// Expired.
        Expired = "expired",
        /// Gone to another registrar.
        TransferredAway = "transferred_away",
        /// Given up.
        Cancelled = "cancelled",
    }
}

/// A domain, in a list or alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// Its number.
    #[serde(default)]
    pub id: i64,
    /// The whole name: `example.co.uk`.
    pub domain_name: String,
    /// Its ending, without a dot before it: `co.uk`.
    pub tld: String,
    /// Its status.
    pub status: DomainStatus,
    /// When it was registered.
    pub registration_date: Option<Date>,
    /// When it expires.
    pub expiry_date: Option<Date>,
    /// Whether it is renewed without being asked for.
    pub auto_renew: bool,
    /// Whether the owner's data is hidden from the public.
    pub whois_privacy: bool,
    /// Whether it is locked against transfers.
    pub is_locked: bool,
    /// The first name server.
    pub ns1: Option<String>,
    /// The second name server.
    pub ns2: Option<String>,
    /// The third name server.
    pub ns3: Option<String>,
    /// The fourth name server.
    pub ns4: Option<String>,
    /// When it is paid for next.
    pub next_due_date: Option<Date>,
    /// What it costs each time.
    pub amount: i64,
    /// In this currency.
    pub currency_code: Currency,
    /// When it was made.
    #[serde(serialize_with = "rfc3339", skip_deserializing)]
    pub created_at: Timestamp,
    /// When it changed last.
    #[serde(serialize_with = "rfc3339", skip_deserializing)]
    pub updated_at: Timestamp,
}

impl Mirrored for Domain {
    const KIND: Kind = Kind::Domain;

    fn complete(&mut self, facts: &Facts<'_>) {
        self.id = facts.id;
        self.created_at = facts.created_at;
        self.updated_at = facts.updated_at;
    }
}
