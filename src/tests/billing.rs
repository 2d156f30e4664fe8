//! The pages of what is imported: services, domains, invoices and orders.

mod csv;
mod documents;
mod lists;

use std::{io::Cursor, path::Path};

use opentill::{
    http::portal,
    server::{
        clock::Clock,
        operations::{ImportOptions, import},
    },
};
use serde_json::{Value, json};

use crate::support::{Answer, Browser, EMAIL, TestApp};

const OTHER: &str = "joe@example.com";

/// Imports these lines, beside the running server.
async fn imported(app: &TestApp, lines: &[Value]) {
    let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
    let file = lines.join("\n");
    let options = ImportOptions {
        source: "default".to_owned(),
        complete: Vec::new(),
        force: false,
        dry_run: false,
    };
    let url = &app.state.config.database_url;
    let report = import(
        url,
        Cursor::new(file),
        Path::new(""),
        &options,
        &app.clock,
        |_| {},
    )
    .await;
    let report = report.unwrap();
    assert!(report.refused.is_empty(), "{report:?}");
}

/// Two clients, and one of each kind for either.
fn some_of_each() -> Vec<Value> {
    let mut lines = Vec::new();
    for (client, email) in [("1", EMAIL), ("2", OTHER)] {
        let id = |kind: &str| format!("{kind}-{client}");
        let item = json!({"product_name": "Web Pro", "billing_cycle": "monthly", "price": "9.99", "setup_fee": "5.00",
            "domain": "example.com", "options": [{"name": "Disk", "value": "10 GB"}], "service_id": id("s"), "domain_id": id("d")});
        lines.extend([
            json!({"type": "client", "external_id": client, "email": email, "name": "Jane Smith"}),
            json!({"type": "service", "external_id": id("s"), "client": client, "name": "Web Pro", "domain": "example.com",
                "status": "active", "product_name": "Web", "billing_cycle": "monthly", "amount": "9.99", "currency_code": "USD",
                "next_due_date": "2026-01-20", "username": "jane1", "order_id": id("o"), "manage_url": "https://panel.example/"}),
            json!({"type": "domain", "external_id": id("d"), "client": client, "domain_name": "example.com", "status": "active",
                "expiry_date": "2026-02-01", "auto_renew": true, "amount": 1500, "currency_code": "USD", "ns1": "ns1.example.com"}),
            json!({"type": "order", "external_id": id("o"), "client": client, "order_number": "ORD-1", "status": "active",
                "currency_code": "USD", "total": "14.99", "promo_code": "WELCOME", "invoice_id": id("i"), "items": [item]}),
            json!({"type": "invoice", "external_id": id("i"), "client": client, "invoice_number": "INV-1", "status": "unpaid",
                "currency_code": "USD", "total": "34.51", "subtotal": "30.00", "discount": "1.00", "tax": 551,
                "issue_date": "2026-01-01", "due_date": "2026-01-10", "pay_url": "https://billing.example/pay/1",
                "notes": "Thank you.", "items": [{"description": "Web Pro", "quantity": "1.5", "unit_amount": "19.9999",
                    "amount": 3000, "service_id": id("s"), "domain_id": id("d"), "period_start": "2026-01-01", "period_end": "2026-01-31"}],
                "taxes": [{"name": "VAT", "rate": "19", "taxable_amount": 2900, "amount": 551}],
                "payments": [{"date": "2026-01-03", "amount": 100, "method": "Bank transfer", "status": "failed"}],
                "seller": {"company": "Hosting Ltd", "address1": "1 High Street", "country": "GB", "tax_id": "GB1"},
                "buyer": {"name": "Jane Smith", "city": "Austin"}}),
            json!({"type": "credit_note", "external_id": id("c"), "client": client, "invoice_number": "CN-1", "status": "paid",
                "currency_code": "JPY", "total": -1200, "issue_date": "2026-01-02", "related_invoice_id": id("i"),
                "taxes": [{"name": "VAT", "rate": "19", "taxable_amount": -1200, "amount": 0, "reverse_charge": true}]}),
            json!({"type": "document", "invoice": id("i"), "content_type": "application/pdf", "content": "JVBERi0xLjcK"}),
        ]);
    }
    lines
}

/// On 15 January 2026, with some of each kind.
async fn filled() -> (TestApp, Browser) {
    let clock = Clock::stopped();
    clock.advance(1_768_473_000 - clock.now().unix());
    let app = TestApp::start_at(clock, &[]).await;
    app.add_client(OTHER).await;
    imported(&app, &some_of_each()).await;
    let owner = app.logged_in().await;
    (app, owner)
}

/// The links of a page that begin like this.
fn links(page: &Answer, begin: &str) -> Vec<String> {
    let hrefs = page.body.split("href=\"").skip(1);
    let hrefs = hrefs.map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"));
    hrefs.filter(|href| href.starts_with(begin)).collect()
}

/// The page without the framework's script, whose nonce is new each time.
fn shown(page: &Answer) -> &str {
    page.body.split("<script nonce").next().unwrap()
}

/// Each of these is said on the page.
fn says(page: &Answer, texts: &[&str]) {
    // Between elements there may be comments.
    let body = page.body.replace("<!>", "");
    for text in texts {
        assert!(body.contains(text), "{text:?} in {body}");
    }
}

#[tokio::test]
async fn where_nothing_was_imported_the_portal_is_about_tokens_alone() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    for (path, _) in portal::imported_pages() {
        let path = path.replace("{id}", "1");
        assert_eq!(owner.get(&path).await.status, 404, "{path}");
        let stranger = app.anonymous().get(&path).await;
        assert_eq!(stranger.status, 303, "{path}");
        assert!(
            stranger.header("location").starts_with("/login?next="),
            "{path}"
        );
    }
    let page = owner.get("/").await;
    says(&page, &[">Dashboard</a>"]);
    assert_eq!(links(&page, "/invoices"), [""; 0]);

    imported(
        &app,
        &[json!({"type": "client", "external_id": "9", "email": "new@example.com", "name": "New"})],
    )
    .await;
    let page = owner.get("/").await;
    says(
        &page,
        &[
            ">Overview</a>",
            "Nothing. All of your invoices are settled.",
            "Nothing renews or expires soon.",
        ],
    );
    for (path, why) in [
        ("/services", "You have no services yet."),
        ("/domains", "You have no domains yet."),
        ("/invoices", "You have no invoices yet."),
        ("/orders", "You have no orders yet."),
    ] {
        says(&owner.get(path).await, &[why]);
    }
}

#[tokio::test]
async fn what_belongs_to_somebody_else_looks_as_if_it_did_not_exist() {
    let (app, mut jane) = filled().await;
    let mut joe = app.logged_in_as(OTHER).await;
    for kind in ["services", "domains", "invoices", "orders"] {
        let begin = format!("/{kind}/");
        let (hers, his) = (
            jane.get(&format!("/{kind}")).await,
            joe.get(&format!("/{kind}")).await,
        );
        let (hers, his) = (links(&hers, &begin), links(&his, &begin));
        assert!(
            !hers.is_empty() && hers.len() == his.len(),
            "{kind}: {hers:?} {his:?}"
        );
        assert!(
            hers.iter().all(|path| !his.contains(path)),
            "{hers:?} {his:?}"
        );
        let missing = jane.get(&format!("/{kind}/99999")).await;
        assert_eq!(missing.status, 404, "{kind}");
        for path in &hers {
            assert_eq!(jane.get(path).await.status, 200, "{path}");
            assert_eq!(joe.get(path).await.status, 404, "{path}");
        }
        let no_ids = ["0", "-1", "x", "9223372036854775808", "%00", "1%2F2"];
        let no_ids = no_ids.map(|id| format!("/{kind}/{id}"));
        for path in his.iter().chain(&no_ids) {
            let foreign = jane.get(path).await;
            assert_eq!(
                (foreign.status, shown(&foreign)),
                (404, shown(&missing)),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn things_lead_to_each_other() {
    let (_app, mut owner) = filled().await;
    let mut of = async |kind: &str| {
        let list = owner.get(&format!("/{kind}")).await;
        let paths = links(&list, &format!("/{kind}/"));
        owner.get(paths.last().unwrap()).await
    };
    let service = of("services").await;
    says(
        &service,
        &[
            "Web Pro",
            "9.99\u{a0}USD",
            "per month",
            "jane1",
            "20 Jan 2026",
            "in 5 days",
            "INV-1",
            "href=\"https://panel.example/\"",
        ],
    );
    assert_eq!(
        (
            links(&service, "/orders/").len(),
            links(&service, "/invoices/").len()
        ),
        (1, 1)
    );
    let domain = of("domains").await;
    says(
        &domain,
        &[
            "example.com",
            "15.00\u{a0}USD",
            "ns1.example.com",
            "in 17 days",
            "INV-1",
        ],
    );
    let order = of("orders").await;
    says(
        &order,
        &[
            "ORD-1",
            "WELCOME",
            "Disk",
            "10 GB",
            "5.00\u{a0}USD",
            "setup fee",
            "INV-1",
        ],
    );
    for begin in ["/services/", "/domains/", "/invoices/"] {
        assert_eq!(links(&order, begin).len(), 1, "{begin}");
    }
    // The oldest is the last.
    let invoice = of("invoices").await;
    says(&invoice, &["Credit notes", "CN-1"]);
    for begin in ["/services/", "/domains/"] {
        assert_eq!(links(&invoice, begin).len(), 1, "{begin}");
    }
    let overview = owner.get("/").await;
    says(
        &overview,
        &[
            "34.51\u{a0}USD",
            " overdue",
            "Coming up",
            "in 5 days",
            "in 17 days",
            "INV-1",
            "CN-1",
            "1 active service",
        ],
    );
}

#[tokio::test]
async fn text_of_others_is_text_on_every_page() {
    const HOSTILE: &str = "<script>alert(1)</script>\"'&amp;";
    let app = TestApp::start().await;
    let mut lines = some_of_each();
    for line in &mut lines {
        for field in [
            "name",
            "product_name",
            "domain",
            "domain_name",
            "username",
            "order_number",
            "invoice_number",
            "promo_code",
            "payment_method",
            "notes",
            "ns1",
        ] {
            if !line[field].is_null() {
                line[field] = json!(HOSTILE);
            }
        }
        for party in ["seller", "buyer"] {
            if !line[party].is_null() {
                line[party] = json!({"name": HOSTILE, "company": HOSTILE, "address1": HOSTILE, "tax_id": HOSTILE});
            }
        }
        if line["type"] == "invoice" {
            line["items"][0]["description"] = json!(HOSTILE);
            line["taxes"][0]["name"] = json!(HOSTILE);
            line["payments"][0]["method"] = json!(HOSTILE);
        }
    }
    imported(&app, &lines).await;
    let mut owner = app.logged_in().await;
    let mut pages = vec!["/".to_owned()];
    for kind in ["services", "domains", "invoices", "orders"] {
        let list = owner.get(&format!("/{kind}")).await;
        pages.extend(links(&list, &format!("/{kind}/")));
        pages.push(format!("/{kind}"));
        pages.push(format!(
            "/{kind}?search=%3Cscript%3Ealert(1)%3C/script%3E%22'"
        ));
        pages.push(format!("/{kind}?search=%3Cscript%3Ealert(1)%22none"));
    }
    assert!(pages.len() > 16, "{pages:?}");
    for path in pages {
        let page = owner.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains("&lt;script"), "{path}");
        assert!(
            !page.body.contains("<script>alert"),
            "{path}: {}",
            page.body
        );
    }
}

#[tokio::test]
async fn whichever_statement_fails_a_page_is_a_503_and_then_there_again() {
    let (app, mut owner) = filled().await;
    let faults = app.state.store.faults();
    let invoice = links(&owner.get("/invoices").await, "/invoices/")
        .pop()
        .unwrap();
    for path in [
        "/",
        "/services",
        "/invoices?search=1",
        &invoice,
        &format!("{invoice}/document"),
    ] {
        let mut struck = 0;
        loop {
            faults.fail_at(struck);
            let answer = owner.get(path).await;
            faults.stop();
            if answer.status == 200 {
                break;
            }
            assert_eq!(answer.status, 503, "{path}, {struck}");
            struck += 1;
        }
        assert!(struck > 1, "{path}: {struck}");
    }
}
