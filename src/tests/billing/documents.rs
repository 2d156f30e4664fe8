//! An invoice as a document, and its PDF.

use super::{OTHER, filled, links, says, shown};
use crate::support::Answer;

#[tokio::test]
async fn an_invoice_says_all_that_people_print_it_for() {
    let (_app, mut owner) = filled().await;
    let list = owner.get("/invoices").await;
    let paths = links(&list, "/invoices/");
    let [credit_note, invoice] = paths.as_slice() else {
        panic!("{paths:?}");
    };
    let page = owner.get(invoice).await;
    says(
        &page,
        &[
            "<title>Invoice INV-1 · ",
            "Overdue",
            "34.51\u{a0}USD",
            "5 days ago",
            "Hosting Ltd",
            "1 High Street",
            "Tax ID: ",
            "GB1",
            "Austin",
            "1.5",
            "19.9999",
            "30.00\u{a0}USD",
            "\u{2212}1.00\u{a0}USD",
            "VAT",
            "19%",
            "29.00\u{a0}USD",
            "5.51\u{a0}USD",
            "Bank transfer",
            "Failed",
            "Thank you.",
            "href=\"https://billing.example/pay/1\"",
            "Download PDF",
        ],
    );
    assert!(!page.body.contains("Reverse charge"));
    let page = owner.get(credit_note).await;
    says(
        &page,
        &[
            "Credit note",
            "CN-1",
            "\u{2212}1,200\u{a0}JPY",
            "reverse charge",
            "Reverse charge: ",
            "For this invoice",
            "INV-1",
        ],
    );
    for missing in ["Pay now", "Download PDF", "Amount due"] {
        assert!(!page.body.contains(missing), "{missing}");
    }
}

#[tokio::test]
async fn a_pdf_is_saved_and_nothing_of_it_runs() {
    let (app, mut jane) = filled().await;
    let mut joe = app.logged_in_as(OTHER).await;
    let path = |page: &Answer, at: usize| format!("{}/document", links(page, "/invoices/")[at]);
    let (hers, his) = (jane.get("/invoices").await, joe.get("/invoices").await);
    let pdf = jane.get(&path(&hers, 1)).await;
    assert_eq!((pdf.status, pdf.body.as_str()), (200, "%PDF-1.7\n"));
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("content-disposition", "attachment; filename=\"INV-1.pdf\""),
        ("x-content-type-options", "nosniff"),
        (
            "content-security-policy",
            "default-src 'none'; frame-ancestors 'none'; sandbox",
        ),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(pdf.header(name), value, "{name}");
    }
    let foreign = jane.get(&path(&his, 1)).await;
    let without = jane.get(&path(&hers, 0)).await;
    let missing = jane.get("/invoices/99999/document").await;
    for answer in [&foreign, &without, &missing] {
        assert_eq!((answer.status, shown(answer)), (404, shown(&missing)));
    }
    let stranger = app.anonymous().get(&path(&hers, 1)).await;
    assert_eq!(stranger.status, 303);
}
