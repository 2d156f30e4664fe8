//! What clients of a test app have, owe and have ordered, as an import would leave it.

use std::fmt::Write;

use opentill::model::client::ClientId;

use super::{TestApp, database::run};

/// The nouns, as their paths and tables have them.
pub const NOUNS: [&str; 4] = ["services", "domains", "invoices", "orders"];

/// When the first rows were made and changed; every third row a second later.
pub const BEGINNING: i64 = 1_767_225_600;

const DATA: [&str; 4] = [
    r#"{"name":"Web {i}","domain":"example.com","status":"active","product_name":"=HYPERLINK(1)","billing_cycle":"monthly","amount":-999,"currency_code":"USD","next_due_date":"2026-12-01","registration_date":null,"quantity":1,"username":"jane","manage_url":"https://panel.example.com"}"#,
    r#"{"domain_name":"example{i}.com","tld":"com","status":"active","registration_date":"2020-03-01","expiry_date":"2026-03-01","auto_renew":true,"whois_privacy":false,"is_locked":true,"ns1":"ns1.example.net","ns2":null,"ns3":null,"ns4":null,"next_due_date":null,"amount":1499,"currency_code":"USD"}"#,
    r#"{"invoice_number":"INV-{i}","type":"invoice","status":"unpaid","currency_code":"JPY","subtotal":1000,"discount":0,"tax":100,"total":1100,"credit_applied":0,"amount_paid":100,"issue_date":"2026-01-15","due_date":"2026-01-29","paid_at":null,"items":[{"description":"Web","quantity":"1","unit_amount":"1000","amount":1000,"tax":100,"period_start":"2026-01-01","period_end":null}],"taxes":[{"name":"VAT","rate":"10","taxable_amount":1000,"amount":100,"reverse_charge":false}],"payments":[{"date":"2026-01-16","amount":100,"method":"Card","reference":null,"status":"completed"}],"seller":{"name":"","company":"Host Ltd","address1":"","address2":null,"city":"","state":"","postcode":"","country":"DE","tax_id":"DE1"},"buyer":{"name":"Jane","company":null,"address1":"","address2":null,"city":"","state":"","postcode":"","country":null,"tax_id":null},"notes":null,"pay_url":"https://pay.example.com"}"#,
    r#"{"order_number":"ORD-{i}","status":"pending","currency_code":"USD","subtotal":999,"discount":0,"total":999,"items_count":1,"payment_method":"Card","promo_code":null,"items":[{"product_name":"Web","billing_cycle":"monthly","quantity":1,"price":999,"setup_fee":0,"domain":"example.com","options":[{"name":"Location","value":"Frankfurt"}]}]}"#,
];

/// The columns that differ: status, currency, title, what is owed, and the three days.
const COLUMNS: [&str; 4] = [
    "'active', 'USD', 'web ' || i, -999, 0, NULL, '2026-12-01', NULL",
    "'active', 'USD', 'example' || i || '.com', 1499, 0, NULL, NULL, '2026-03-01'",
    "'unpaid', 'JPY', 'inv-' || i, 1100, 1000, '2026-01-15', '2026-01-29', NULL",
    "'pending', 'USD', 'ord-' || i, 999, 0, NULL, NULL, NULL",
];

const REFERENCES: [&str; 4] = [
    r#"{"order_id":["order","{c}-1"]}"#,
    "{}",
    r#"{"items.0.service_id":["service","{c}-1"]}"#,
    r#"{"invoice_id":["invoice","{c}-1"],"items.0.domain_id":["domain","{c}-1"]}"#,
];

/// Gives a client `n` of each noun; the first invoice has a document.
pub async fn fill(app: &TestApp, client: ClientId, n: usize) {
    let ClientId(client) = client;
    let counted =
        format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n})");
    let mut sql = String::new();
    for (at, noun) in NOUNS.into_iter().enumerate() {
        let document = match noun {
            "invoices" => {
                r#"CASE WHEN i = 1 THEN '{"content_type":"application/pdf","size":8,"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}' END"#
            }
            _ => "NULL",
        };
        let data = DATA[at].replace("{i}", "' || i || '");
        let references = REFERENCES[at].replace("{c}", &client.to_string());
        let time = format!("{BEGINNING} + i / 3");
        let _ = write!(
            sql,
            "{counted} INSERT INTO {noun} (client_id, source, external_id, status, currency_code, title, amount, \
             owed, issued_on, due_on, expires_on, search, data, refs, document, created_at, updated_at, deleted) \
             SELECT {client}, 'default', '{client}-' || i, {}, '{noun} no. ' || i, '{data}', '{references}', \
             {document}, {time}, {time}, 0 FROM n;",
            COLUMNS[at]
        );
    }
    let _ = write!(
        sql,
        "INSERT INTO documents (invoice_id, client_id, body) SELECT id, client_id, CAST('%PDF-1.7' AS BLOB) \
         FROM invoices WHERE client_id = {client} AND document IS NOT NULL;"
    );
    import(app, client, &sql).await;
}

/// Runs statements as an import does: all or nothing, and it moves the client's revision.
pub async fn import(app: &TestApp, client: i64, statements: &str) {
    let sql = format!(
        "BEGIN; {statements} UPDATE clients SET revision = revision + 1 WHERE id = {client}; COMMIT;"
    );
    run(&app.state.config.database_url, &sql).await;
}
