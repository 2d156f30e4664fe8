//! The description of invoices.
#![expect(
    dead_code,
    reason = "the values of the model are served, which these describe"
)]

use utoipa::{ToSchema, openapi::Object};

use crate::{
    http::api::schema::word,
    model::invoice::{InvoiceStatus, InvoiceType, PaymentStatus},
};

/// An invoice, or a credit note, whose amounts are negative. All amounts are in the smallest unit of the currency.
#[derive(ToSchema)]
#[schema(as = Invoice)]
pub struct Described {
    /// Its number in this portal.
    #[schema(minimum = 1, examples(42))]
    id: i64,
    /// The number that is printed on it.
    #[schema(required, examples("INV-1042"))]
    invoice_number: Option<String>,
    #[schema(schema_with = kind)]
    r#type: String,
    #[schema(schema_with = status)]
    status: String,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$", examples("USD"))]
    currency_code: String,
    /// The sum of the items.
    #[schema(examples(1000))]
    subtotal: i64,
    /// What is taken off.
    #[schema(examples(0))]
    discount: i64,
    /// The sum of the taxes.
    #[schema(examples(190))]
    tax: i64,
    /// What it comes to; negative on a credit note.
    #[schema(examples(1190))]
    total: i64,
    /// What was paid by credit.
    #[schema(examples(0))]
    credit_applied: i64,
    /// What was paid.
    #[schema(examples(0))]
    amount_paid: i64,
    /// What is still to be paid: 0 unless it is unpaid or overdue.
    #[schema(minimum = 0, examples(1190))]
    amount_due: i64,
    /// The day on which it was issued.
    #[schema(format = Date, examples("2026-01-15"))]
    issue_date: String,
    /// The day on which it is due; it is overdue from the day after.
    #[schema(required, format = Date, examples("2026-01-29"))]
    due_date: Option<String>,
    /// When it was paid; UTC.
    #[schema(required, format = DateTime, examples(json!(null)))]
    paid_at: Option<String>,
    /// Whether there is a PDF of it.
    #[schema(examples(true))]
    has_document: bool,
    /// When it was made; UTC.
    #[schema(format = DateTime, examples("2026-01-15T10:30:00Z"))]
    created_at: String,
    /// When the billing system last changed it; UTC.
    #[schema(format = DateTime, examples("2026-01-15T10:30:00Z"))]
    updated_at: String,
}

/// An invoice with its details.
#[derive(ToSchema)]
#[schema(as = InvoiceDetails)]
pub struct DescribedDetails {
    #[serde(flatten)]
    invoice: Described,
    /// What it is for.
    items: Vec<InvoiceItem>,
    /// The taxes, by rate.
    taxes: Vec<InvoiceTax>,
    /// What was paid.
    payments: Vec<InvoicePayment>,
    /// Who issued it, as they were then.
    seller: InvoiceParty,
    /// Who got it, as they were then.
    buyer: InvoiceParty,
    /// The invoice that a credit note is for, or the other way around.
    #[schema(required, minimum = 1, examples(json!(null)))]
    related_invoice_id: Option<i64>,
    /// What else is printed on it.
    #[schema(required, examples(json!(null)))]
    notes: Option<String>,
    /// The PDF of it, at the address of the invoice and `/document`.
    #[schema(required)]
    document: Option<InvoiceDocument>,
    /// Where you can pay it.
    #[schema(required, examples("https://pay.example.com/1042"))]
    pay_url: Option<String>,
}

/// A line of an invoice.
#[derive(ToSchema)]
struct InvoiceItem {
    /// What it is for.
    #[schema(examples("Web Pro, February 2026"))]
    description: String,
    /// How many; a decimal number.
    #[schema(examples("1"))]
    quantity: String,
    /// What one costs, in units of the currency; a decimal number, which may have more places than the currency.
    #[schema(required, examples("9.99"))]
    unit_amount: Option<String>,
    /// What the line comes to.
    #[schema(examples(999))]
    amount: i64,
    /// The tax on it.
    #[schema(examples(190))]
    tax: i64,
    /// The service that it is for.
    #[schema(required, minimum = 1, examples(17))]
    service_id: Option<i64>,
    /// The domain name that it is for.
    #[schema(required, minimum = 1, examples(json!(null)))]
    domain_id: Option<i64>,
    /// The first day that it pays for.
    #[schema(required, format = Date, examples("2026-02-01"))]
    period_start: Option<String>,
    /// The last day that it pays for.
    #[schema(required, format = Date, examples("2026-02-28"))]
    period_end: Option<String>,
}

/// A tax on an invoice.
#[derive(ToSchema)]
struct InvoiceTax {
    /// What it is called.
    #[schema(examples("VAT"))]
    name: String,
    /// Its rate in percent; a decimal number.
    #[schema(examples("19"))]
    rate: String,
    /// What it is on.
    #[schema(examples(1000))]
    taxable_amount: i64,
    /// What it comes to.
    #[schema(examples(190))]
    amount: i64,
    /// Whether the buyer owes it instead of the seller.
    #[schema(examples(false))]
    reverse_charge: bool,
}

/// A payment of an invoice.
#[derive(ToSchema)]
struct InvoicePayment {
    /// The day.
    #[schema(format = Date, examples("2026-01-20"))]
    date: String,
    /// How much.
    #[schema(examples(1190))]
    amount: i64,
    /// How it was paid.
    #[schema(examples("Bank transfer"))]
    method: String,
    /// The payer's or the bank's reference.
    #[schema(required, examples(json!(null)))]
    reference: Option<String>,
    #[schema(schema_with = payment_status)]
    status: String,
}

/// A seller or a buyer. What is not known is empty or null.
#[derive(ToSchema)]
struct InvoiceParty {
    /// A person's name.
    #[schema(examples("Jane Smith"))]
    name: String,
    /// A company's.
    #[schema(required, examples("Acme Hosting Ltd"))]
    company: Option<String>,
    /// First line of the address.
    #[schema(examples("500 Congress Avenue"))]
    address1: String,
    /// Second line of the address.
    #[schema(required, examples(json!(null)))]
    address2: Option<String>,
    /// City.
    #[schema(examples("Austin"))]
    city: String,
    /// State or region.
    #[schema(examples("TX"))]
    state: String,
    /// Postal code.
    #[schema(examples("78701"))]
    postcode: String,
    /// ISO 3166-1 alpha-2.
    #[schema(required, examples("US"))]
    country: Option<String>,
    /// The number by which tax offices know them.
    #[schema(required, examples(json!(null)))]
    tax_id: Option<String>,
}

/// The PDF of an invoice.
#[derive(ToSchema)]
struct InvoiceDocument {
    /// Always application/pdf.
    #[schema(examples("application/pdf"))]
    content_type: String,
    /// Its size in bytes.
    #[schema(examples(48213))]
    size: u64,
    /// Its SHA-256, in hexadecimal digits.
    #[schema(
        pattern = "^[0-9a-f]{64}$",
        examples("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    )]
    sha256: String,
}

fn kind() -> Object {
    word(InvoiceType::WORDS, "Which way the money goes.")
}

fn status() -> Object {
    word(
        InvoiceStatus::WORDS,
        "Its status today; overdue from the day after the one on which it is due.",
    )
}

fn payment_status() -> Object {
    word(PaymentStatus::WORDS, "Its status.")
}
