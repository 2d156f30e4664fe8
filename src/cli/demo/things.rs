//! Services, domains and orders of the demo's client.

use serde_json::{Value, json};

use super::calendar::{CLIENT, Calendar};

/// Name, product, domain, status, cycle, price, currency, days until the next date, days since the first.
type Service = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    i64,
    i64,
);

/// Services in every status, one with a long and one with an Arabic name.
pub fn services(calendar: Calendar) -> Vec<Value> {
    let panel = "https://panel.example.com/";
    let rows: [Service; 13] = [
        (
            "Web Pro",
            "Web Pro",
            "acme.example",
            "active",
            "monthly",
            "19.99",
            "USD",
            9,
            820,
        ),
        (
            "Customer database",
            "Managed PostgreSQL 8 GB",
            "db.acme.example",
            "active",
            "monthly",
            "89.00",
            "USD",
            9,
            640,
        ),
        (
            "Business mail",
            "Mail Business, 10 mailboxes",
            "acme.example",
            "active",
            "annually",
            "120.00",
            "USD",
            133,
            820,
        ),
        (
            "Wildcard certificate",
            "TLS Wildcard",
            "*.acme.example",
            "active",
            "annually",
            "79.00",
            "USD",
            41,
            324,
        ),
        (
            "Backups Frankfurt",
            "Object Storage 2 TB",
            "",
            "active",
            "monthly",
            "24.00",
            "EUR",
            4,
            510,
        ),
        (
            "Dedicated server AX-102 with two 3.84 TB NVMe drives, 128 GB of ECC memory and a managed firewall in front of it",
            "AX-102",
            "fra1.acme.example",
            "active",
            "monthly",
            "214.00",
            "EUR",
            4,
            288,
        ),
        (
            "Tokyo edge",
            "VPS 4 GB Tokyo",
            "tyo1.acme.example",
            "active",
            "monthly",
            "3200",
            "JPY",
            17,
            200,
        ),
        (
            "استضافة المتجر الإلكتروني",
            "Shop Hosting",
            "متجر.example",
            "active",
            "quarterly",
            "87.00",
            "USD",
            62,
            119,
        ),
        (
            "Uptime monitor",
            "Monitor Basic",
            "acme.example",
            "active",
            "free",
            "0",
            "USD",
            0,
            400,
        ),
        (
            "GPU node",
            "GPU L4, on request",
            "",
            "pending",
            "monthly",
            "410.00",
            "USD",
            0,
            0,
        ),
        (
            "Staging",
            "VPS 2 GB Austin",
            "staging.acme.example",
            "suspended",
            "monthly",
            "12.00",
            "USD",
            -6,
            390,
        ),
        (
            "Old WordPress",
            "Web Basic",
            "blog.acme.example",
            "cancelled",
            "monthly",
            "5.99",
            "USD",
            0,
            1300,
        ),
        (
            "Reseller account",
            "Reseller S",
            "",
            "terminated",
            "semi_annually",
            "60.00",
            "USD",
            0,
            1900,
        ),
    ];
    let numbered = rows.into_iter().zip(1_u32..);
    let line = |((name, product, domain, status, cycle, amount, currency, due, since), id)| {
        let mut line = json!({"type": "service", "external_id": id, "client": CLIENT, "name": name,
            "product_name": product, "status": status, "billing_cycle": cycle, "amount": amount, "currency_code": currency,
            "registration_date": calendar.ago(since), "created_at": calendar.at(since)});
        if !str::is_empty(domain) {
            line["domain"] = json!(domain);
        }
        if due != 0 {
            line["next_due_date"] = json!(calendar.days_from_now(due));
        }
        match status {
            "active" => line["manage_url"] = json!(panel),
            "suspended" => line["suspended_at"] = json!(calendar.at(3)),
            "cancelled" => line["cancelled_at"] = json!(calendar.at(70)),
            _ => {}
        }
        let order = match id {
            1 | 3 => "1",
            7 => "2",
            8 => "3",
            10 => "4",
            _ => return line,
        };
        line["order_id"] = json!(order);
        line
    };
    numbered.map(line).collect()
}

/// Domains in every status.
pub fn domains(calendar: Calendar) -> Vec<Value> {
    // Name, status, renewed by itself, price, currency, days until it expires.
    let rows: [(&str, &str, bool, &str, &str, i64); 9] = [
        ("acme.example", "active", true, "14.99", "USD", 176),
        ("acme-hosting.example", "active", true, "14.99", "USD", 22),
        ("acme.co.uk.example", "active", false, "9.50", "EUR", 13),
        ("متجر.example", "active", true, "32.00", "USD", 240),
        (
            "acme.tokyo.example",
            "pending_transfer",
            true,
            "2400",
            "JPY",
            310,
        ),
        ("acme.dev.example", "pending", true, "12.00", "USD", 365),
        (
            "acme-sale.example",
            "redemption",
            false,
            "14.99",
            "USD",
            -24,
        ),
        ("acme-2019.example", "expired", false, "14.99", "USD", -8),
        (
            "old-acme.example",
            "transferred_away",
            false,
            "14.99",
            "USD",
            -190,
        ),
    ];
    let cancelled = json!({"type": "domain", "external_id": 10, "client": CLIENT, "domain_name": "acme-test.example",
        "status": "cancelled", "currency_code": "USD", "created_at": calendar.at(700)});
    let numbered = rows.into_iter().zip(1_u32..);
    let line = |((name, status, renews, amount, currency, expires), id)| {
        json!({"type": "domain", "external_id": id, "client": CLIENT, "domain_name": name, "status": status,
            "auto_renew": renews, "whois_privacy": true, "is_locked": status == "active", "amount": amount,
            "currency_code": currency, "expiry_date": calendar.days_from_now(expires),
            "next_due_date": calendar.days_from_now(expires - 3), "registration_date": calendar.ago(730 - expires),
            "created_at": calendar.at(730 - expires), "ns1": "ns1.acme.example", "ns2": "ns2.acme.example"})
    };
    numbered.map(line).chain([cancelled]).collect()
}

/// Orders in every status.
pub fn orders(calendar: Calendar) -> Vec<Value> {
    let item = |product: &str, cycle: &str, price: &str, service: Option<&str>| json!({"product_name": product, "billing_cycle": cycle, "price": price, "service_id": service});
    let mut shop = item("Shop Hosting", "quarterly", "87.00", Some("8"));
    shop["domain"] = json!("متجر.example");
    shop["domain_id"] = json!("4");
    shop["setup_fee"] = json!("25.00");
    shop["options"] = json!([{"name": "Region", "value": "Austin"}, {"name": "Backups", "value": "Daily, kept for 30 days"}]);
    let web = [
        item("Web Pro", "monthly", "19.99", Some("1")),
        item(
            "Mail Business, 10 mailboxes",
            "annually",
            "120.00",
            Some("3"),
        ),
    ];
    let order = |id: &str, days: i64, status: &str, currency: &str, total: &str, items: Value| {
        json!({"type": "order", "external_id": id, "client": CLIENT, "order_number": format!("ORD-{}", 70_400 - days),
            "status": status, "currency_code": currency, "total": total, "payment_method": "Card",
            "created_at": calendar.at(days), "items": items})
    };
    let mut first = order("1", 820, "active", "USD", "125.99", json!(web));
    first["discount"] = json!("14.00");
    first["promo_code"] = json!("WELCOME10");
    let tokyo = json!([item("VPS 4 GB Tokyo", "monthly", "3200", Some("7"))]);
    let mut tokyo = order("2", 200, "active", "JPY", "3200", tokyo);
    tokyo["invoice_id"] = json!("jpy-6");
    vec![
        first,
        tokyo,
        order("3", 119, "active", "USD", "112.00", json!([shop])),
        order(
            "4",
            1,
            "pending",
            "USD",
            "410.00",
            json!([item("GPU L4, on request", "monthly", "410.00", Some("10"))]),
        ),
        order(
            "5",
            93,
            "cancelled",
            "EUR",
            "49.00",
            json!([item("AX-41", "monthly", "49.00", None)]),
        ),
    ]
}
