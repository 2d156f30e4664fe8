//! Invoices of the demo's client: a past of twelve months, in three currencies.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{
    calendar::{CLIENT, Calendar},
    pdf::pdf,
};

/// An invoice before the taxes.
struct Bill {
    id: String,
    number: String,
    currency: &'static str,
    /// Days since it was issued.
    ago: i64,
    status: &'static str,
    /// What for, how many, the price of one in the smallest unit, and the service.
    items: Vec<(&'static str, i64, i64, &'static str)>,
}

/// All of them, with their PDFs.
pub fn all(calendar: Calendar) -> Vec<Value> {
    let mut lines = Vec::new();
    for bill in bills() {
        let mut line = line(&bill, calendar);
        let has_pdf = bill.status != "cancelled";
        if bill.id == "eur-2" {
            line["notes"] = json!(
                "Traffic above 20 TB was not charged this month.\nThank you for eight years with us."
            );
        }
        lines.push(line);
        if has_pdf {
            let content = BASE64_STANDARD.encode(pdf(&format!("Invoice {}", bill.number)));
            lines.push(json!({"type": "document", "invoice": bill.id, "content_type": "application/pdf", "content": content}));
        }
    }
    lines.push(credit_note(calendar));
    lines
}

fn bills() -> Vec<Bill> {
    let web = [
        ("Web Pro", 1, 1_999, "1"),
        ("Managed PostgreSQL 8 GB", 1, 8_900, "2"),
    ];
    let servers = [
        ("Dedicated server AX-102", 1, 21_400, "6"),
        ("Object Storage", 2, 1_200, "5"),
    ];
    let usd = (0..12).map(|month| Bill {
        id: format!("usd-{month}"),
        number: format!("INV-{}", 10_480 - 3 * month),
        currency: "USD",
        ago: 30 * month + 5,
        status: match month {
            0 => "unpaid",
            7 => "refunded",
            _ => "paid",
        },
        items: web.to_vec(),
    });
    let eur = (0..9).map(|month| Bill {
        id: format!("eur-{month}"),
        number: format!("INV-{}", 10_478 - 3 * month),
        currency: "EUR",
        ago: 30 * month + 10,
        status: if month == 0 { "unpaid" } else { "paid" },
        items: servers.to_vec(),
    });
    let jpy = (0..7).map(|month| Bill {
        id: format!("jpy-{month}"),
        number: format!("INV-{}", 10_470 - 3 * month),
        currency: "JPY",
        ago: 30 * month + 20,
        status: if month == 0 { "unpaid" } else { "paid" },
        items: vec![("VPS 4 GB Tokyo", 1, 3_200, "7")],
    });
    let other = |id: &str, number: &str, ago, status, item| Bill {
        id: id.to_owned(),
        number: number.to_owned(),
        currency: "USD",
        ago,
        status,
        items: vec![item],
    };
    let others = [
        other(
            "shop",
            "INV-10398",
            119,
            "paid",
            ("استضافة المتجر الإلكتروني", 1, 8_700, "8"),
        ),
        other(
            "staging",
            "INV-10449",
            36,
            "unpaid",
            (
                "VPS 2 GB Austin, suspended for this invoice",
                1,
                1_200,
                "11",
            ),
        ),
        other(
            "old",
            "INV-10391",
            130,
            "cancelled",
            ("Web Basic", 1, 599, "12"),
        ),
    ];
    usd.chain(eur).chain(jpy).chain(others).collect()
}

fn line(bill: &Bill, calendar: Calendar) -> Value {
    let subtotal: i64 = bill
        .items
        .iter()
        .map(|(_, quantity, price, _)| quantity * price)
        .sum();
    // The name of the tax, its rate in hundredths of a percent, and whether the buyer owes it.
    let (tax_name, rate, charged, is_reversed) = match bill.currency {
        "EUR" => ("VAT", "19", 0, true),
        "JPY" => ("Consumption tax", "10", 1_000, false),
        _ => ("Sales tax", "8.25", 825, false),
    };
    let tax_on = |amount: i64| (amount * charged + 5_000) / 10_000;
    let tax = tax_on(subtotal);
    let total = subtotal + tax;
    let is_paid = ["paid", "refunded"].contains(&bill.status);
    let unit = |price: i64| match bill.currency {
        "JPY" => price.to_string(),
        _ => format!("{}.{:02}", price / 100, price % 100),
    };
    let items = bill.items.iter().map(|(what, quantity, price, service)| {
        json!({"description": what, "quantity": quantity.to_string(), "unit_amount": unit(*price),
            "amount": quantity * price, "tax": tax_on(quantity * price), "service_id": service,
            "period_start": calendar.ago(bill.ago), "period_end": calendar.ago(bill.ago - 29)})
    });
    let mut line = json!({"type": "invoice", "external_id": bill.id, "client": CLIENT, "invoice_number": bill.number,
        "status": bill.status, "currency_code": bill.currency, "subtotal": subtotal, "tax": tax, "total": total,
        "issue_date": calendar.ago(bill.ago), "due_date": calendar.ago(bill.ago - 14), "created_at": calendar.at(bill.ago),
        "items": items.collect::<Vec<_>>(), "seller": seller(), "buyer": buyer(is_reversed),
        "taxes": [{"name": tax_name, "rate": rate, "taxable_amount": subtotal, "amount": tax, "reverse_charge": is_reversed}]});
    if is_paid {
        let day = calendar.ago(bill.ago - 3);
        let status = if bill.status == "paid" {
            "completed"
        } else {
            "refunded"
        };
        line["amount_paid"] = json!(total);
        line["paid_at"] = json!(calendar.at(bill.ago - 3));
        line["payments"] = json!([{"date": day, "amount": total, "method": "Card ending in 4242",
            "reference": format!("ch_{}", bill.number), "status": status}]);
    } else if bill.status == "unpaid" {
        line["pay_url"] = json!(format!("https://pay.northgate.example/{}", bill.number));
        if bill.id == "jpy-0" {
            line["payments"] = json!([{"date": calendar.ago(2), "amount": total, "method": "Bank transfer", "status": "failed"}]);
        }
    }
    line
}

fn credit_note(calendar: Calendar) -> Value {
    json!({"type": "credit_note", "external_id": "credit", "client": CLIENT, "invoice_number": "CN-207", "status": "paid",
        "currency_code": "EUR", "total": "-24.00", "issue_date": calendar.ago(60), "created_at": calendar.at(60),
        "related_invoice_id": "eur-2", "seller": seller(), "buyer": buyer(true),
        "items": [{"description": "Object Storage, two days without service", "quantity": "2", "unit_amount": "-12.00",
            "amount": "-24.00", "service_id": "5"}],
        "taxes": [{"name": "VAT", "rate": "19", "taxable_amount": "-24.00", "amount": 0, "reverse_charge": true}]})
}

fn seller() -> Value {
    json!({"name": "", "company": "Northgate Hosting GmbH", "address1": "Hanauer Landstrasse 302", "city": "Frankfurt am Main",
        "postcode": "60314", "country": "DE", "tax_id": "DE000000000"})
}

/// The client, or their branch in Europe.
fn buyer(is_in_europe: bool) -> Value {
    if is_in_europe {
        json!({"name": "Jane Smith", "company": "Acme Hosting (Ireland) Ltd", "address1": "12 Upper Mount Street",
            "city": "Dublin", "postcode": "D02 X285", "country": "IE", "tax_id": "IE0000000A"})
    } else {
        json!({"name": "Jane Smith", "company": "Acme Hosting Ltd", "address1": "500 Congress Avenue", "city": "Austin",
            "state": "TX", "postcode": "78701", "country": "US"})
    }
}
