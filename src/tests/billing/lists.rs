//! Lists: which things, in which order, on which page.

use serde_json::{Value, json};

use super::{filled, imported, links, says};
use crate::support::{Browser, EMAIL, TestApp};

/// Sixty invoices, of which each tenth is paid.
pub fn sixty() -> Vec<Value> {
    let invoice = |n: i64| {
        json!({"type": "invoice", "external_id": n, "client": "1", "invoice_number": format!("INV-{n:03}"),
            "status": if n % 10 == 0 { "paid" } else { "unpaid" }, "currency_code": "USD", "total": 1_000 - n,
            "issue_date": format!("2026-01-{:02}", n / 4 + 1)})
    };
    let client =
        json!({"type": "client", "external_id": "1", "email": EMAIL, "name": "Jane Smith"});
    (1..=60).map(invoice).chain([client]).collect()
}

/// The numbers on a page, from the top.
async fn numbers(owner: &mut Browser, path: &str) -> Vec<String> {
    let page = owner.get(path).await;
    assert_eq!(page.status, 200, "{path}");
    let rows = page.body.split("<bdi>INV-").skip(1);
    rows.map(|row| row.split('<').next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_pages_of_a_list_hold_each_invoice_once_in_the_order_that_was_chosen() {
    let app = TestApp::start().await;
    imported(&app, &sixty()).await;
    let mut owner = app.logged_in().await;
    for (sort, first, last) in [
        ("", "060", "001"),
        ("sort=invoice_number", "001", "060"),
        ("sort=-invoice_number", "060", "001"),
        ("sort=total", "060", "001"),
        ("sort=-total", "001", "060"),
    ] {
        let mut path = format!("/invoices?{sort}");
        let mut seen = Vec::new();
        for page in 1..=3 {
            let shown = owner.get(&path).await;
            says(&shown, &[&format!("Page {page} of 3")]);
            seen.extend(numbers(&mut owner, &path).await);
            let mut further = links(&shown, "/invoices?").into_iter();
            let next = further.find(|href| href.ends_with(&format!("page={}", page + 1)));
            assert_eq!(next.is_some(), page < 3, "{path}");
            path = next.unwrap_or_default();
        }
        assert_eq!(
            (seen[0].as_str(), seen[59].as_str()),
            (first, last),
            "{sort}"
        );
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 60, "{sort}");
    }
    let beyond = owner.get("/invoices?page=4").await;
    says(
        &beyond,
        &["There are fewer pages than that.", "Go to the first page"],
    );
}

#[tokio::test]
async fn a_long_list_has_as_many_pages_as_the_last_import_gave_it() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let invoice = |n: i64| {
        json!({"type": "invoice", "external_id": n, "client": "1", "invoice_number": format!("INV-{n}"),
            "status": "unpaid", "currency_code": "USD", "total": n, "issue_date": "2026-01-01"})
    };
    let client =
        json!({"type": "client", "external_id": "1", "email": EMAIL, "name": "Jane Smith"});
    for (invoices, pages) in [(600, 24), (625, 25), (626, 26)] {
        let lines: Vec<_> = (1..=invoices)
            .map(invoice)
            .chain([client.clone()])
            .collect();
        imported(&app, &lines).await;
        for page in [1, 2, pages] {
            let shown = owner.get(&format!("/invoices?page={page}")).await;
            says(&shown, &[&format!("Page {page} of {pages}")]);
        }
        let beyond = owner.get(&format!("/invoices?page={}", pages + 1)).await;
        says(&beyond, &["There are fewer pages than that."]);
    }
}

#[tokio::test]
async fn tabs_and_search_narrow_a_list_and_the_counts_say_so() {
    let app = TestApp::start().await;
    imported(&app, &sixty()).await;
    let mut owner = app.logged_in().await;
    let page = owner.get("/invoices?status=paid").await;
    says(
        &page,
        &[
            "All <span class=\"count\">60</span>",
            "Paid <span class=\"count\">6</span>",
            "aria-current=\"page\"",
        ],
    );
    assert_eq!(numbers(&mut owner, "/invoices?status=paid").await.len(), 6);
    assert_eq!(
        numbers(&mut owner, "/invoices?search=inv-01").await.len(),
        10
    );
    assert_eq!(
        numbers(&mut owner, "/invoices?search=%20INV-010%20&status=paid").await,
        ["010"]
    );
    // No character stands for others.
    for none in ["%25", "_", "*", "inv%2501"] {
        let page = owner.get(&format!("/invoices?search={none}")).await;
        says(&page, &["matches “", "Clear the search"]);
    }
    let page = owner.get("/invoices?status=refunded").await;
    says(&page, &["None of your invoices has the status", "Show all"]);
    let page = owner.get("/invoices?search=inv-01&sort=total").await;
    assert_eq!(page.field("sort"), "total", "the search keeps the order");
    // What no database takes is no reason to fail.
    for path in [
        "/invoices?search=%00",
        "/invoices?search=%ff%fe",
        "/invoices?utm_source=x",
    ] {
        assert_eq!(owner.get(path).await.status, 200, "{path}");
    }
    let long = owner
        .get(&format!("/invoices?search={}", "x".repeat(5_000)))
        .await;
    assert_eq!(long.status, 200);
}

#[tokio::test]
async fn what_a_list_does_not_know_is_said() {
    let (_app, mut owner) = filled().await;
    for path in [
        "/invoices?status=active",
        "/services?status=paid",
        "/domains?sort=total",
        "/orders?page=0",
        "/orders?page=x",
    ] {
        let page = owner.get(path).await;
        assert_eq!(page.status, 422, "{path}");
        says(&page, &["that the list doesn't know."]);
    }
}
