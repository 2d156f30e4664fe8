//! Lines of invoices and credit notes.

use super::Thing;
use crate::{
    model::{
        decimal::Decimal,
        invoice::{
            Invoice, InvoiceDetails, InvoiceItem, InvoiceStatus, InvoiceType, Party, Payment,
            PaymentStatus, Tax,
        },
        mirror::Kind,
        money::Currency,
        timestamp::Timestamp,
    },
    server::operations::import::fields::{Fields, Refusal},
};

pub fn read(fields: &mut Fields, thing: &mut Thing, is: InvoiceType) -> Result<(), Refusal> {
    let currency_code = fields.currency("currency_code")?;
    let total = fields.money("total", currency_code)?;
    let discount = fields.money_or_zero("discount", currency_code)?;
    let tax = fields.money_or_zero("tax", currency_code)?;
    let subtotal = fields.maybe_money("subtotal", currency_code)?;
    let items = fields.list("items", |fields| item(fields, thing, currency_code))?;
    thing.refer(fields, "related_invoice_id", Kind::Invoice)?;
    let status = fields.word("status", InvoiceStatus::from_word)?;
    let invoice = InvoiceDetails {
        invoice: Invoice {
            id: 0,
            invoice_number: fields.maybe_text("invoice_number")?,
            r#type: is,
            // Which of the two it is follows from the date.
            status: match status {
                InvoiceStatus::Overdue => InvoiceStatus::Unpaid,
                status => status,
            },
            currency_code,
            subtotal: subtotal.unwrap_or(total - tax + discount),
            discount,
            tax,
            total,
            credit_applied: fields.money_or_zero("credit_applied", currency_code)?,
            amount_paid: fields.money_or_zero("amount_paid", currency_code)?,
            amount_due: 0,
            issue_date: fields.date("issue_date")?,
            due_date: fields.maybe_date("due_date")?,
            paid_at: fields.maybe_time("paid_at")?,
            has_document: false,
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
        },
        items,
        taxes: fields.list("taxes", |fields| read_tax(fields, currency_code))?,
        payments: fields.list("payments", |fields| payment(fields, currency_code))?,
        seller: fields.object("seller", party)?,
        buyer: fields.object("buyer", party)?,
        related_invoice_id: None,
        notes: fields.notes("notes")?,
        document: None,
        pay_url: fields.maybe_url("pay_url", &["https"])?,
    };
    thing.warnings = sums(&invoice);
    let invoice_row = &invoice.invoice;
    thing.status = invoice_row.status.as_str();
    thing.issued_on = Some(invoice_row.issue_date);
    thing.due_on = invoice_row.due_date;
    thing.find_by(&[invoice_row.invoice_number.as_deref()]);
    thing.priced(total, currency_code);
    if invoice_row.status == InvoiceStatus::Unpaid {
        thing.owed = (total - invoice_row.credit_applied - invoice_row.amount_paid).max(0);
    }
    thing.store(&invoice)
}

/// What does not add up. The invoice is the operator's, so it is taken as it is.
fn sums(invoice: &InvoiceDetails) -> Vec<String> {
    let Invoice {
        subtotal,
        discount,
        tax,
        total,
        r#type,
        ..
    } = invoice.invoice;
    let items = invoice.items.iter().map(|item| i128::from(item.amount));
    let rest = i128::from(subtotal) - i128::from(discount) + i128::from(tax);
    let mut warnings = Vec::new();
    if rest != total.into() {
        warnings.push("subtotal - discount + tax is not total".to_owned());
    }
    if !invoice.items.is_empty() && items.sum::<i128>() != subtotal.into() {
        warnings.push("the amounts of the items do not add up to subtotal".to_owned());
    }
    if r#type == InvoiceType::CreditNote && total > 0 {
        warnings.push("the total of a credit note is not negative".to_owned());
    }
    warnings
}

fn item(fields: &mut Fields, thing: &mut Thing, of: Currency) -> Result<InvoiceItem, Refusal> {
    thing.refer(fields, "service_id", Kind::Service)?;
    thing.refer(fields, "domain_id", Kind::Domain)?;
    Ok(InvoiceItem {
        description: fields.notes("description")?.unwrap_or_default(),
        quantity: fields
            .maybe_decimal("quantity")?
            .unwrap_or_else(Decimal::one),
        unit_amount: fields.maybe_decimal("unit_amount")?,
        amount: fields.money("amount", of)?,
        tax: fields.money_or_zero("tax", of)?,
        service_id: None,
        domain_id: None,
        period_start: fields.maybe_date("period_start")?,
        period_end: fields.maybe_date("period_end")?,
    })
}

fn read_tax(fields: &mut Fields, of: Currency) -> Result<Tax, Refusal> {
    let rate = fields.maybe_decimal("rate")?;
    Ok(Tax {
        name: fields.text("name")?,
        rate: rate.ok_or_else(|| format!("{}: is missing", fields.path("rate")))?,
        taxable_amount: fields.money("taxable_amount", of)?,
        amount: fields.money("amount", of)?,
        reverse_charge: fields.flag("reverse_charge")?,
    })
}

fn payment(fields: &mut Fields, of: Currency) -> Result<Payment, Refusal> {
    Ok(Payment {
        date: fields.date("date")?,
        amount: fields.money("amount", of)?,
        method: fields.text("method")?,
        reference: fields.maybe_text("reference")?,
        status: fields.word("status", PaymentStatus::from_word)?,
    })
}

fn party(fields: &mut Fields) -> Result<Party, Refusal> {
    Ok(Party {
        name: fields.text_or_empty("name")?,
        company: fields.maybe_text("company")?,
        address1: fields.text_or_empty("address1")?,
        address2: fields.maybe_text("address2")?,
        city: fields.text_or_empty("city")?,
        state: fields.text_or_empty("state")?,
        postcode: fields.text_or_empty("postcode")?,
        country: fields.maybe_country("country")?,
        tax_id: fields.maybe_text("tax_id")?,
    })
}
