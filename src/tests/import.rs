//! `opentill import` and `opentill export`, beside whatever else has the database open.

mod feed;
mod passwords;
mod recipes;
mod refusals;
mod whole;

use serde_json::{Value, json};

use crate::support::process::{Finished, Workplace};

/// Some of everything. References come before what they refer to.
fn lines() -> Vec<Value> {
    let invoice = json!({
        "type": "invoice", "external_id": "1042", "client": "42", "invoice_number": "INV-1042", "status": "overdue",
        "currency_code": "USD", "subtotal": "30.00", "discount": "1.00", "tax": 551, "total": "34.51",
        "amount_paid": 100, "issue_date": "2026-01-01", "due_date": "2026-01-15", "created_at": "2026-01-01T08:00:00Z",
        "items": [
            {"description": "Web Pro", "quantity": "1.5", "unit_amount": "19.9999", "amount": 3000, "service_id": 7,
             "domain_id": "a", "period_start": "2026-01-01", "period_end": "2026-01-31"}],
        "taxes": [{"name": "VAT", "rate": "19", "taxable_amount": 2900, "amount": 551}],
        "payments": [{"date": "2026-01-03", "amount": 100, "method": "Bank transfer", "status": "completed"}],
        "seller": {"name": "", "company": "Hosting Ltd", "address1": "1 High Street", "country": "GB"},
        "buyer": {"name": "Jané Smith", "tax_id": "DE123"}, "notes": "Two\nlines.",
        "pay_url": "https://billing.example/pay/1042"});
    vec![
        invoice,
        json!({"type": "credit_note", "external_id": "9", "client": "42", "status": "refunded", "currency_code": "JPY",
            "total": -1200, "issue_date": "2026-02-01", "related_invoice_id": "1042"}),
        json!({"type": "document", "invoice": "1042", "content_type": "application/pdf", "content": "JVBERi0xLjcK"}),
        json!({"type": "order", "external_id": "o", "client": "42", "order_number": "ORD-1", "status": "fraud",
            "currency_code": "KWD", "total": "1.500", "invoice_id": "1042", "items": [{"product_name": "Web Pro",
            "billing_cycle": "monthly", "price": "1.5", "options": [{"name": "Disk", "value": "10 GB"}], "service_id": "7"}]}),
        json!({"type": "service", "external_id": 7, "client": 42, "name": "Web Pro", "domain": "example.com",
            "status": "active", "product_name": "Web Pro", "billing_cycle": "monthly", "amount": "9.99",
            "currency_code": "USD", "next_due_date": "2026-12-01", "order_id": "o"}),
        json!({"type": "domain", "external_id": "a", "client": "42", "domain_name": "example.co.uk", "status": "active",
            "expiry_date": "2027-01-01", "auto_renew": true, "amount": 1500, "currency_code": "USD"}),
        json!({"type": "client", "external_id": "42", "email": "jane@example.com", "name": "Jane Smith", "status": "active"}),
        json!({"type": "client", "external_id": "43", "email": "sam@example.com", "name": "Sam", "country": "GB",
            "currency_code": "GBP"}),
        json!({"type": "service", "external_id": "8", "client": "43", "name": "Mail", "status": "suspended",
            "product_name": "Mail", "billing_cycle": "free", "amount": 0, "currency_code": "GBP"}),
    ]
}

fn text(lines: &[Value]) -> String {
    let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
    lines.join("\n") + "\n"
}

/// A database with the schema in it.
fn operator() -> Workplace {
    let operator = Workplace::new();
    operator.say(&["migrate"], "");
    operator
}

fn import(operator: &Workplace, lines: &str) -> String {
    operator.say(&["import", "-"], lines)
}

fn refuse(operator: &Workplace, arguments: &[&str], lines: &str) -> Finished {
    let refused = operator.run_with_input(arguments, lines);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    refused
}

fn export(operator: &Workplace) -> Vec<Value> {
    let said = operator.say(&["export"], "");
    let lines = said.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

/// The line of a kind with this external id.
fn find<'a>(lines: &'a [Value], kind: &str, id: &str) -> &'a Value {
    let found = lines
        .iter()
        .find(|line| line["type"] == kind && line["external_id"] == id);
    found.unwrap_or_else(|| panic!("{kind} {id} in {lines:?}"))
}
