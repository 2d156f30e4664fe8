//! The mirror: what the billing system says that a client has, owes and has ordered. It is imported, shown and never
//! computed with.
//!
//! Four kinds of things are in it, and all of them are listed, filtered, sorted and followed in the same way.

use serde::{Serialize, de::DeserializeOwned};

use super::{date::Date, invoice::Document, money::Currency, timestamp::Timestamp, words::words};

words! {
    /// A kind of thing in the mirror.
    #[derive(PartialOrd, Ord)]
    pub enum Kind {
        /// What a client has bought and uses.
        Service = "service",
        /// A domain name.
        Domain = "domain",
        /// An invoice or a credit note.
        Invoice = "invoice",
        /// An order.
        Order = "order",
    }
}

impl Kind {
    /// The word for several of them, which is also the name of the table and of the resource.
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Service => "services",
            Self::Domain => "domains",
            Self::Invoice => "invoices",
            Self::Order => "orders",
        }
    }

    /// By what they can be sorted; the first is the order of a list without a choice, newest first.
    pub const fn sorts(self) -> &'static [Sort] {
        match self {
            Self::Service => &[Sort::CreatedAt, Sort::Name, Sort::NextDueDate, Sort::Amount],
            Self::Domain => &[
                Sort::CreatedAt,
                Sort::DomainName,
                Sort::ExpiryDate,
                Sort::NextDueDate,
            ],
            Self::Invoice => &[
                Sort::IssueDate,
                Sort::DueDate,
                Sort::InvoiceNumber,
                Sort::Total,
                Sort::CreatedAt,
            ],
            Self::Order => &[Sort::CreatedAt, Sort::OrderNumber, Sort::Total],
        }
    }
}

words! {
    /// By what a list is sorted; the id breaks ties. The word is the name of the field.
    pub enum Sort {
        /// When it was made.
        CreatedAt = "created_at",
        /// The name of a service.
        Name = "name",
        /// The name of a domain.
        DomainName = "domain_name",
        /// The number of an invoice.
        InvoiceNumber = "invoice_number",
        /// The number of an order.
        OrderNumber = "order_number",
        /// What a service costs.
        Amount = "amount",
        /// What an invoice or an order comes to.
        Total = "total",
        /// When an invoice was issued.
        IssueDate = "issue_date",
        /// When an invoice is due.
        DueDate = "due_date",
        /// When a service or domain is due next.
        NextDueDate = "next_due_date",
        /// When a domain expires.
        ExpiryDate = "expiry_date",
    }
}

/// A span of days or times, both ends included. A missing end is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<T> {
    /// The first.
    pub from: Option<T>,
    /// The last.
    pub to: Option<T>,
}

impl<T> Default for Span<T> {
    fn default() -> Self {
        Self {
            from: None,
            to: None,
        }
    }
}

/// Which things are listed: those that meet all of these conditions. The default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// With one of these statuses, by their words; with any, if there is none.
    pub statuses: Vec<&'static str>,
    /// In this currency.
    pub currency_code: Option<Currency>,
    /// Made within this span.
    pub created: Span<Timestamp>,
    /// Issued within this span: invoices alone.
    pub issued: Span<Date>,
    /// Due within this span; services and domains, due next. Orders are never due.
    pub due: Span<Date>,
    /// Expiring within this span: domains alone.
    pub expires: Span<Date>,
    /// With this text in a number, a name or a domain, ignoring case. No character stands for others.
    pub search: Option<String>,
}

/// A part of a list, in a total order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Which things.
    pub filter: Filter,
    /// By what they are sorted: one of [`Kind::sorts`].
    pub sort: Sort,
    /// Whether the largest or newest is first.
    pub descending: bool,
    /// How many, at most 1,000.
    pub limit: u32,
    /// How many are left out before them.
    pub offset: u64,
}

impl Listing {
    /// The first `limit` of a kind, newest first.
    pub fn newest(kind: Kind, limit: u32) -> Self {
        Self {
            filter: Filter::default(),
            sort: kind.sorts()[0],
            descending: true,
            limit,
            offset: 0,
        }
    }
}

/// A place in the feed of changes, which are sorted by time and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// When the last thing that was read has changed.
    pub updated_at: Timestamp,
    /// Its id.
    pub id: i64,
}

impl Cursor {
    /// The place before all changes at or after this time.
    pub const fn before(time: Timestamp) -> Self {
        Self {
            updated_at: time,
            id: 0,
        }
    }
}

/// A change in the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<T> {
    /// It is there, like this.
    Is(T),
    /// It was deleted.
    Gone {
        /// Its id.
        id: i64,
        /// When it was deleted.
        updated_at: Timestamp,
    },
}

/// What is known of a thing besides its stored JSON.
pub struct Facts<'a> {
    /// Its id.
    pub id: i64,
    /// The word of its status today.
    pub status: &'a str,
    /// When it was made.
    pub created_at: Timestamp,
    /// When an import changed it last.
    pub updated_at: Timestamp,
    /// Its document.
    pub document: Option<Document>,
    /// The id that a field refers to, by the field's path: `order_id`, `items.0.service_id`.
    pub reference: &'a dyn Fn(&str) -> Option<i64>,
}

/// A row of a list of the mirror, or one thing with its details.
pub trait Mirrored: Serialize + DeserializeOwned + Send + 'static {
    /// Its kind.
    const KIND: Kind;

    /// Fills in what is not in the stored JSON.
    fn complete(&mut self, facts: &Facts<'_>);
}

/// How many things of a client have a status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusCount {
    /// The word of the status.
    pub status: String,
    /// How many have it.
    pub count: u64,
}

/// What a client has and owes, at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Services that are active.
    pub active_services: u64,
    /// Active domains that expire within 30 days, today included.
    pub domains_expiring: u64,
    /// What is owed, by currency, in the order of their codes.
    pub owed: Vec<Owed>,
}

/// What a client owes in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Owed {
    /// The currency.
    pub currency_code: Currency,
    /// What is due on all unpaid invoices, overdue ones included.
    pub unpaid: i64,
    /// What is due on those that are overdue.
    pub overdue: i64,
    /// When the next of those that are not overdue is due.
    pub next_due_date: Option<Date>,
    /// What is due on that day.
    pub next_due: i64,
}

/// Days from today within which a domain counts as expiring.
pub const EXPIRING_DAYS: u16 = 30;
