//! Invoices and credit notes.

use serde::{Deserialize, Serialize};

use super::{
    date::Date,
    decimal::Decimal,
    mirror::{Facts, Kind, Mirrored},
    money::Currency,
    timestamp::{Timestamp, maybe_rfc3339, rfc3339},
    words::words,
};

words! {
    /// Which way the money goes.
    pub enum InvoiceType {
        /// The client owes it.
        Invoice = "invoice",
        /// The client gets it back.
        CreditNote = "credit_note",
    }
}

words! {
    /// The status of an invoice.
    pub enum InvoiceStatus {
        /// Not paid, and not overdue.
        Unpaid = "unpaid",
        /// Not paid, and due before today.
        Overdue = "overdue",
        /// Paid.
        Paid = "paid",
        /// Withdrawn.
        Cancelled = "cancelled",
        /// Paid, and paid back.
        Refunded = "refunded",
    }
}

words! {
    /// The status of a payment.
    pub enum PaymentStatus {
        /// The money has arrived.
        Completed = "completed",
        /// It was paid back.
        Refunded = "refunded",
        /// It is on its way.
        Pending = "pending",
        /// It never arrived.
        Failed = "failed",
    }
}

/// An invoice in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// Its number in this portal.
    #[serde(default)]
    pub id: i64,
    /// The number that is printed on it.
    pub invoice_number: Option<String>,
    /// Invoice or credit note.
    pub r#type: InvoiceType,
    /// Its status today.
    pub status: InvoiceStatus,
    /// The currency of all amounts.
    pub currency_code: Currency,
    /// The sum of the items.
    pub subtotal: i64,
    /// What is taken off.
    pub discount: i64,
    /// The sum of the taxes.
    pub tax: i64,
    /// What it comes to; negative on a credit note.
    pub total: i64,
    /// What was paid by credit.
    pub credit_applied: i64,
    /// What was paid.
    pub amount_paid: i64,
    /// What is still to be paid: never below 0, and 0 unless it is unpaid or overdue.
    #[serde(default)]
    pub amount_due: i64,
    /// When it was issued.
    pub issue_date: Date,
    /// When it is due.
    pub due_date: Option<Date>,
    /// When it was paid.
    #[serde(with = "maybe_rfc3339", default)]
    pub paid_at: Option<Timestamp>,
    /// Whether there is a PDF of it.
    #[serde(default)]
    pub has_document: bool,
    /// When it was made.
    #[serde(serialize_with = "rfc3339", skip_deserializing)]
    pub created_at: Timestamp,
    /// When it changed last.
    #[serde(serialize_with = "rfc3339", skip_deserializing)]
    pub updated_at: Timestamp,
}

/// An invoice with its details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceDetails {
    /// What is in lists, too.
    #[serde(flatten)]
    pub invoice: Invoice,
    /// What it is for.
    pub items: Vec<InvoiceItem>,
    /// The taxes, by rate.
    pub taxes: Vec<Tax>,
    /// What was paid.
    pub payments: Vec<Payment>,
    /// Who issued it, as they were then.
    pub seller: Party,
    /// Who got it, as they were then.
    pub buyer: Party,
    /// The invoice that a credit note is for, or the other way around.
    pub related_invoice_id: Option<i64>,
    /// What else is printed on it.
    pub notes: Option<String>,
    /// The PDF of it.
    #[serde(default)]
    pub document: Option<Document>,
    /// Where the client can pay it, over https.
    pub pay_url: Option<String>,
}

/// A line of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceItem {
    /// What it is for.
    pub description: String,
    /// How many.
    pub quantity: Decimal,
    /// What one costs, in units of the currency; it may have more places than the currency.
    pub unit_amount: Option<Decimal>,
    /// What the line comes to.
    pub amount: i64,
    /// The tax on it.
    pub tax: i64,
    /// The service that it is for.
    pub service_id: Option<i64>,
    /// The domain that it is for.
    pub domain_id: Option<i64>,
    /// The first day that it pays for.
    pub period_start: Option<Date>,
    /// The last day that it pays for.
    pub period_end: Option<Date>,
}

/// A tax on an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tax {
    /// What it is called.
    pub name: String,
    /// Its rate in percent.
    pub rate: Decimal,
    /// What it is on.
    pub taxable_amount: i64,
    /// What it comes to.
    pub amount: i64,
    /// Whether the buyer owes it instead of the seller.
    pub reverse_charge: bool,
}

/// A payment of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The day.
    pub date: Date,
    /// How much.
    pub amount: i64,
    /// How it was paid.
    pub method: String,
    /// The payer's or the bank's reference.
    pub reference: Option<String>,
    /// Its status.
    pub status: PaymentStatus,
}

/// The seller or the buyer, as they were when the invoice was issued. A part that is not known is empty or null.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// A person's name.
    pub name: String,
    /// A company's.
    pub company: Option<String>,
    /// First line of the postal address.
    pub address1: String,
    /// Second line of the postal address.
    pub address2: Option<String>,
    /// City.
    pub city: String,
    /// State or region.
    pub state: String,
    /// Postal code.
    pub postcode: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The number by which tax offices know them.
    pub tax_id: Option<String>,
}

/// What is known of the PDF of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// `application/pdf`.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the bytes, in hexadecimal digits.
    pub sha256: String,
}

impl Mirrored for Invoice {
    const KIND: Kind = Kind::Invoice;

    fn complete(&mut self, facts: &Facts<'_>) {
        self.id = facts.id;
        self.status = InvoiceStatus::from_word(facts.status).unwrap_or(self.status);
        self.amount_due = match self.status {
            InvoiceStatus::Unpaid | InvoiceStatus::Overdue => self
                .total
                .saturating_sub(self.credit_applied)
                .saturating_sub(self.amount_paid)
                .max(0),
            _ => 0,
        };
        self.has_document = facts.document.is_some();
        self.created_at = facts.created_at;
        self.updated_at = facts.updated_at;
    }
}

impl Mirrored for InvoiceDetails {
    const KIND: Kind = Kind::Invoice;

    fn complete(&mut self, facts: &Facts<'_>) {
        self.invoice.complete(facts);
        for (at, item) in self.items.iter_mut().enumerate() {
            item.service_id = (facts.reference)(&format!("items.{at}.service_id"));
            item.domain_id = (facts.reference)(&format!("items.{at}.domain_id"));
        }
        self.related_invoice_id = (facts.reference)("related_invoice_id");
        self.document.clone_from(&facts.document);
    }
}
