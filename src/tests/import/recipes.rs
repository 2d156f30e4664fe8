//! The SQL in `docs/import`, run as its page says against tables of our own, and what is taken of it.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{export, find, import, operator, refuse};
use crate::support::{mariadb::MariaDb, process::Workplace};

/// What has no field, by what stands for it in the tables.
const KEPT_BACK: [&str; 9] = [
    "secret",
    "password\"",
    "panel-password",
    "encrypted",
    "totp",
    "Staff",
    "192.0.2.1",
    "md5",
    "sha1",
];
const HASH: &str = "$2y$04$abcdefghijklmnopqrstuu5Lo0g67CiD3M4RpN1BmBb4Crp5w7dbK";

/// A database of a billing system, and a portal that imports it.
struct Billing<'a> {
    mariadb: &'a MariaDb,
    system: &'static str,
    recipe: String,
    portal: Workplace,
}

impl<'a> Billing<'a> {
    fn new(mariadb: &'a MariaDb, system: &'static str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let read =
            |folder: &str| fs::read_to_string(root.join(folder).join(format!("{system}.sql")));
        let create = format!("CREATE DATABASE {system} CHARACTER SET utf8mb4;");
        mariadb.run("", &create);
        let tables = read("src/tests/import/recipes").unwrap();
        let tables = format!("SET NAMES utf8mb4; SET SESSION sql_mode = '';\n{tables}");
        mariadb.run(system, &tables);
        Self {
            mariadb,
            system,
            recipe: read("docs/import").unwrap(),
            portal: operator(),
        }
    }

    /// What the recipe prints, with some of its settings changed.
    fn printed(&self, settings: &[(&str, &str)]) -> String {
        let mut recipe = self.recipe.clone();
        for (old, new) in settings {
            assert!(recipe.contains(old), "{}: {old}", self.system);
            recipe = recipe.replace(old, new);
        }
        self.mariadb.run(self.system, &recipe)
    }

    /// All of it is taken, the same again changes nothing, and the settings do what they say.
    fn imported(&self, pay_url: &str) -> Vec<Value> {
        let system = self.system;
        let lines = self.printed(&[]);
        for secret in KEPT_BACK {
            assert!(!lines.contains(secret), "{system}: {secret}: {lines}");
        }
        let said = import(&self.portal, &lines);
        assert!(said.ends_with("Imported.\n"), "{system}: {said}");
        let exported = export(&self.portal);
        let again = import(&self.portal, &self.printed(&[]));
        assert!(again.contains("Nothing was changed"), "{system}: {again}");

        let client = find(&exported, "client", "1");
        assert_eq!(client["name"], "Zoë Ünal", "{system}");
        assert_eq!(
            client["company"], r#"O'Brien & "Söhne" \ 株式会社"#,
            "{system}"
        );
        assert_eq!(client["password_hash"], HASH, "{system}");
        let bare = find(&exported, "client", "2");
        for field in ["password_hash", "country", "address1"] {
            assert_eq!(bare.get(field), None, "{system}: {field}");
        }

        let changed = self.printed(&[
            (
                "SET @portal = ''",
                "SET @portal = 'https://billing.example'",
            ),
            ("SET @zone = '+00:00'", "SET @zone = '+02:00'"),
        ]);
        import(&self.portal, &changed);
        let exported_again = export(&self.portal);
        let unpaid = exported_again.iter().filter_map(|line| line.get("pay_url"));
        assert_eq!(unpaid.collect::<Vec<_>>(), [pay_url], "{system}");
        let order = find(
            &exported_again,
            "order",
            if system == "fossbilling" { "1-g1" } else { "1" },
        );
        assert_eq!(order["created_at"], "2026-01-02T01:04:05Z", "{system}");

        let nowhere = self.printed(&[("SET @zone = '+00:00'", "SET @zone = 'Mars/Olympus'")]);
        let refused = refuse(&self.portal, &["import", "-"], &nowhere);
        assert!(
            refused.stderr.contains("line 1: is not JSON"),
            "{refused:?}"
        );
        exported
    }
}

/// Whether a line says at least this. Each line of a list is compared so, too.
fn says(line: &Value, expected: &Value) -> bool {
    match (line, expected) {
        (Value::Object(line), Value::Object(expected)) => expected
            .iter()
            .all(|(name, value)| says(line.get(name).unwrap_or(&Value::Null), value)),
        (Value::Array(line), Value::Array(expected)) => {
            line.len() == expected.len() && line.iter().zip(expected).all(|(a, b)| says(a, b))
        }
        (line, expected) => line == expected,
    }
}

/// The lines say at least that, and there are no others of these kinds.
fn assert_says(lines: &[Value], expected: &[Value]) {
    for wanted in expected {
        let id = wanted["external_id"].as_str().unwrap();
        let line = find(lines, wanted["type"].as_str().unwrap(), id);
        assert!(says(line, wanted), "{line:#}\nis not\n{wanted:#}");
    }
    let others = lines.iter().filter(|line| line["type"] != "client").count();
    assert_eq!(others, expected.len(), "{lines:#?}");
}

#[test]
fn what_the_recipes_print_is_taken_to_the_unit_and_only_once() {
    let mariadb = MariaDb::start();
    opterius(&Billing::new(&mariadb, "opterius"));
    fossbilling(&Billing::new(&mariadb, "fossbilling"));
    paymenter(&Billing::new(&mariadb, "paymenter"));
    whmcs(&Billing::new(&mariadb, "whmcs"));
}

fn opterius(billing: &Billing) {
    let lines = billing.imported("https://billing.example/client/invoices/2/pay");
    assert_eq!(find(&lines, "client", "2")["status"], "suspended");
    assert_eq!(find(&lines, "client", "3")["status"], "closed");
    assert_says(
        &lines,
        &[
            json!({"type": "service", "external_id": "1", "name": "Web \"Pro\" <b>", "billing_cycle": "semi_annually",
                "amount": 1200, "currency_code": "JPY", "order_id": "1", "next_due_date": "2026-07-02"}),
            json!({"type": "service", "external_id": "2", "client": "2", "amount": 1, "currency_code": "KWD", "order_id": null,
                "next_due_date": null, "suspended_at": "2026-02-03T04:05:06Z"}),
            json!({"type": "domain", "external_id": "1", "tld": "kw", "status": "cancelled", "amount": 1500, "auto_renew": true,
                "whois_privacy": false, "is_locked": true, "expiry_date": null}),
            json!({"type": "invoice", "external_id": "1", "status": "paid", "subtotal": 1200, "discount": 200, "total": 1000,
                "amount_paid": 1000, "paid_at": "2026-01-03T00:00:00Z",
                "items": [{"amount": 1200, "quantity": "2", "service_id": "1"}],
                "payments": [{"amount": 1000, "method": "card", "status": "completed", "reference": null}]}),
            json!({"type": "invoice", "external_id": "2", "status": "unpaid", "subtotal": 600, "tax": 60, "total": 660,
                "credit_applied": 100, "amount_paid": 50, "notes": "Reverse charge.\nTwo \"lines\" \\ ü 日本",
                "buyer": {"tax_id": "DE123", "country": "DE"}, "items": [{"amount": 600, "tax": 60, "service_id": null}],
                "payments": [{"amount": 50, "reference": "Wire 7"}, {"amount": 60, "status": "failed"}]}),
            json!({"type": "credit_note", "external_id": "credit-note-1", "total": -300, "related_invoice_id": "1", "notes": "Outage"}),
            json!({"type": "order", "external_id": "1", "total": 1000, "discount": 200, "invoice_id": "1", "promo_code": "SAVE10",
                "items": [{"price": 1200, "service_id": "1"}]}),
            json!({"type": "order", "external_id": "2", "status": "cancelled", "total": 1500, "invoice_id": null,
                "items": [{"product_name": "example.kw", "billing_cycle": "one_time", "price": 750, "quantity": 2, "domain_id": "1"}]}),
        ],
    );
}

fn fossbilling(billing: &Billing) {
    let lines = billing.imported("https://billing.example/invoice/h1");
    assert_eq!(find(&lines, "client", "1")["phone"], "+49 221 1");
    assert_eq!(find(&lines, "client", "2")["status"], "closed");
    assert_says(
        &lines,
        &[
            json!({"type": "service", "external_id": "1", "domain": "example.com", "username": "zoe", "billing_cycle": "annually",
                "amount": 30, "quantity": 3, "order_id": "1-g1", "next_due_date": "2027-01-02"}),
            json!({"type": "service", "external_id": "3", "billing_cycle": "one_time", "amount": 1200, "currency_code": "JPY",
                "status": "cancelled", "cancelled_at": "2026-02-03T04:05:06Z"}),
            json!({"type": "domain", "external_id": "2", "domain_name": "example.co.uk", "tld": "co.uk", "status": "expired",
                "amount": 1234, "auto_renew": true, "whois_privacy": true, "is_locked": false, "expiry_date": null}),
            json!({"type": "invoice", "external_id": "1", "invoice_number": "FOSS00007", "status": "unpaid", "subtotal": 1259,
                "tax": 240, "total": 1499, "amount_paid": 0, "notes": "Thanks\nTwo\nlines",
                "seller": {"address1": "1 Road, Town", "tax_id": "GB1"}, "buyer": {"country": null, "tax_id": "DE123"},
                "taxes": [{"name": "VAT", "rate": "19", "taxable_amount": 1264, "amount": 240}],
                "items": [{"description": "Web \"Pro\" \\ 日本", "amount": 30, "tax": 6, "service_id": "1"},
                    {"amount": 1234, "tax": 234, "domain_id": "2"}, {"amount": -5, "tax": 0, "service_id": null}]}),
            json!({"type": "invoice", "external_id": "2", "invoice_number": "00002", "status": "paid", "currency_code": "JPY",
                "total": 1200, "amount_paid": 1200, "due_date": null, "notes": "Reverse charge", "taxes": [],
                "items": [{"amount": 1200, "service_id": null}], "payments": [{"amount": 1200, "method": "PayPalEmail"}]}),
            json!({"type": "invoice", "external_id": "3", "invoice_number": "FOSS1234567", "status": "cancelled", "total": 0}),
            json!({"type": "order", "external_id": "1-g1", "status": "active", "subtotal": 1264, "discount": 5, "total": 1259,
                "promo_code": "SAVE10", "items": [{"price": 10, "quantity": 3, "service_id": "1"},
                    {"price": 1234, "billing_cycle": "one_time", "domain": "example.co.uk", "domain_id": "2"}]}),
            json!({"type": "order", "external_id": "1-3", "status": "cancelled", "currency_code": "JPY", "total": 1200}),
        ],
    );
}

fn paymenter(billing: &Billing) {
    let lines = billing.imported("https://billing.example/invoices/INV-0001");
    assert_eq!(find(&lines, "client", "1")["city"], "Köln");
    assert!(
        !lines
            .iter()
            .any(|line| line["external_id"] == "3" && line["type"] == "client")
    );
    assert_says(
        &lines,
        &[
            json!({"type": "service", "external_id": "1", "billing_cycle": "annually", "amount": 2400, "currency_code": "JPY",
                "quantity": 2, "order_id": "1", "next_due_date": "2027-01-02"}),
            json!({"type": "service", "external_id": "2", "billing_cycle": "free", "status": "cancelled", "amount": 0}),
            json!({"type": "service", "external_id": "3", "billing_cycle": "one_time", "amount": 1500, "currency_code": "KWD",
                "order_id": null, "next_due_date": null}),
            json!({"type": "invoice", "external_id": "1", "status": "unpaid", "currency_code": "JPY", "subtotal": 2092, "tax": 209,
                "total": 2301, "amount_paid": 100, "paid_at": null, "seller": {"company": "Hosting Ltd, 1 Road"},
                "buyer": {"name": "Zoë Ünal", "postcode": "50667", "country": "DE", "city": ""},
                "taxes": [{"rate": "10.00", "taxable_amount": 2092, "amount": 209}],
                "items": [{"description": "Web \"Pro\" \\ 日本\nTwo lines", "amount": 2400, "service_id": "1"}, {"amount": -99}],
                "payments": [{"amount": 100, "method": "Credit", "status": "completed"}, {"amount": 5, "status": "failed"}]}),
            json!({"type": "invoice", "external_id": "2", "invoice_number": "2", "status": "paid", "subtotal": 8264, "tax": 1735,
                "total": 9999, "amount_paid": 9999, "paid_at": "2026-01-04T05:06:07Z", "items": [{"amount": 9999, "service_id": null}]}),
            json!({"type": "invoice", "external_id": "3", "status": "cancelled", "total": 0, "due_date": null, "items": []}),
            json!({"type": "order", "external_id": "1", "status": "active", "total": 2400, "items": [{"price": 1200, "quantity": 2},
                {"price": 0, "billing_cycle": "free"}]}),
        ],
    );
}

fn whmcs(billing: &Billing) {
    let lines = billing.imported("https://billing.example/viewinvoice.php?id=1");
    assert_eq!(find(&lines, "client", "1")["address1"], "1 High St <2>");
    assert_eq!(find(&lines, "client", "3")["name"], "Gone &amp;");
    assert_eq!(find(&lines, "client", "3").get("password_hash"), None);
    assert_says(
        &lines,
        &[
            json!({"type": "service", "external_id": "1", "name": "Web \"Pro\" <b>", "billing_cycle": "semi_annually", "amount": 999,
                "order_id": "1", "username": "zoe"}),
            json!({"type": "service", "external_id": "2", "status": "cancelled", "billing_cycle": "one_time", "amount": 1200,
                "currency_code": "JPY", "order_id": null, "next_due_date": null}),
            json!({"type": "service", "external_id": "3", "status": "terminated", "billing_cycle": "free", "order_id": null}),
            json!({"type": "service", "external_id": "addon-1", "name": "Backup", "status": "suspended", "amount": 50}),
            json!({"type": "domain", "external_id": "1", "status": "pending_transfer", "amount": 1500, "auto_renew": false,
                "whois_privacy": true, "expiry_date": null}),
            json!({"type": "domain", "external_id": "2", "status": "expired", "amount": 1500, "currency_code": "KWD", "auto_renew": true}),
            json!({"type": "invoice", "external_id": "1", "invoice_number": "INV-1", "status": "unpaid", "subtotal": 2229, "tax": 446,
                "total": 2675, "credit_applied": 500, "amount_paid": 175, "notes": "Two\n\"lines\"", "seller": {"company": "Hosting & Co"},
                "taxes": [{"rate": "19.00", "amount": 424}, {"rate": "1.00", "amount": 22}],
                "items": [{"description": "Web \"Pro\" (01/02/2026 - 07/02/2026)\nDisk: 10 GB \\ 日本", "amount": 1295, "service_id": "1"},
                    {"amount": 150, "service_id": "addon-1"}, {"amount": 1234, "domain_id": "1"}, {"amount": -450}]}),
            json!({"type": "invoice", "external_id": "2", "invoice_number": "2", "status": "paid", "currency_code": "JPY", "total": 1200,
                "amount_paid": 1000, "due_date": null, "notes": "Reverse charge", "items": [{"amount": 1200, "service_id": null}],
                "payments": [{"amount": 1200, "method": "Credit & Debit Card", "status": "completed"}, {"amount": 200, "status": "refunded"}]}),
            json!({"type": "order", "external_id": "1", "order_number": "7858259149", "total": 2229, "invoice_id": "1", "promo_code": "SAVE",
                "payment_method": "Credit & Debit Card", "items": [{"price": 1295, "service_id": "1"},
                    {"price": 50, "setup_fee": 100, "service_id": "addon-1"}, {"price": 1234, "billing_cycle": "one_time", "domain_id": "1"}]}),
            json!({"type": "order", "external_id": "2", "status": "cancelled", "total": 1500, "currency_code": "KWD", "invoice_id": null}),
        ],
    );
}
