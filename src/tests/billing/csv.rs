//! "Download CSV": the list that is shown, with all its pages.

use opentill::model::client::ClientStatus;
use reqwest::Method;
use serde_json::json;

use super::{OTHER, filled, imported, links, lists::sixty, says};
use crate::support::{EMAIL, TestApp, mirror};

/// The first cells of the rows.
fn ids(csv: &str) -> Vec<i64> {
    let rows = csv.split_terminator("\r\n").skip(1);
    rows.map(|row| row.split(',').next().unwrap().parse().unwrap())
        .collect()
}

#[tokio::test]
async fn it_has_the_rows_and_the_order_of_the_list_on_all_its_pages() {
    let app = TestApp::start().await;
    imported(&app, &sixty()).await;
    let mut owner = app.logged_in().await;
    for (shown, rows, first, last) in [
        ("/invoices", 60, "INV-060", "INV-001"),
        ("/invoices?page=2", 60, "INV-060", "INV-001"),
        ("/invoices?sort=total&page=3", 60, "INV-060", "INV-001"),
        ("/invoices?sort=invoice_number", 60, "INV-001", "INV-060"),
        (
            "/invoices?status=paid&sort=invoice_number",
            6,
            "INV-010",
            "INV-060",
        ),
        ("/invoices?search=inv-01", 10, "INV-019", "INV-010"),
    ] {
        let page = owner.get(shown).await;
        says(&page, &["Download CSV"]);
        let [link] = &links(&page, "/invoices.csv")[..] else {
            panic!("{shown}: {}", page.body)
        };
        let csv = owner.get(link).await;
        assert_eq!(csv.status, 200, "{link}");
        let lines: Vec<_> = csv.body.split_terminator("\r\n").collect();
        assert_eq!(lines.len(), rows + 1, "{link}");
        assert!(lines[0].starts_with("id,invoice_number,"), "{}", lines[0]);
        assert!(lines[1].contains(first), "{link}: {}", lines[1]);
        assert!(lines[rows].contains(last), "{link}: {}", lines[rows]);
    }
    let nothing = owner.get("/invoices?search=none").await;
    assert_eq!(links(&nothing, "/invoices.csv"), [""; 0]);
    let unknown = owner.get("/invoices.csv?status=active").await;
    assert_eq!(unknown.status, 422);
    says(&unknown, &["that the list doesn't know."]);
}

#[tokio::test]
async fn it_is_a_file_by_its_kind_and_the_day_for_its_owner_alone() {
    let (app, mut jane) = filled().await;
    let mut joe = app.logged_in_as(OTHER).await;
    for kind in ["services", "domains", "invoices", "orders"] {
        let path = format!("/{kind}.csv");
        let hers = jane.get(&path).await;
        assert_eq!(hers.status, 200, "{kind}");
        assert!(
            hers.header("content-type").starts_with("text/csv"),
            "{kind}"
        );
        let name = format!("attachment; filename=\"{kind}-2026-01-15.csv\"");
        assert_eq!(hers.header("content-disposition"), name, "{kind}");
        assert_eq!(hers.header("x-content-type-options"), "nosniff", "{kind}");
        hers.assert_kept_nowhere();
        let his = joe.get(&path).await;
        let (hers, his) = (ids(&hers.body), ids(&his.body));
        assert!(!hers.is_empty() && hers.len() == his.len(), "{kind}");
        assert!(hers.iter().all(|id| !his.contains(id)), "{kind}");

        let stranger = app.anonymous().get(&path).await;
        assert_eq!(stranger.status, 303, "{kind}");
        let refused = app
            .anonymous()
            .request(Method::GET, &path, &[("authorization", "Bearer x")]);
        assert_eq!(app.anonymous().send(refused).await.status, 303, "{kind}");
        assert_eq!(jane.post(&path, &[]).await.status, 405, "{kind}");
    }
    app.set_status(EMAIL, ClientStatus::Suspended).await;
    assert_eq!(jane.get("/invoices.csv").await.status, 200, "may read");
    app.set_status(EMAIL, ClientStatus::Closed).await;
    assert_eq!(jane.get("/invoices.csv").await.status, 303);
}

#[tokio::test]
async fn nothing_in_it_is_a_formula_and_a_part_is_never_taken_for_the_whole() {
    let app = TestApp::start().await;
    let jane = json!({"type": "client", "external_id": "1", "email": EMAIL, "name": "Jane Smith"});
    imported(&app, &[jane]).await;
    let client = app.id_of(EMAIL).await;
    mirror::fill(&app, client, 1_203).await;
    let mut owner = app.logged_in().await;
    let services = owner.get("/services.csv?search=no.%201203").await;
    let line = services.body.lines().nth(1).unwrap();
    assert!(line.contains(r#","'=HYPERLINK(1)","#), "{line}");
    assert!(line.contains(",-999,"), "a number stays one: {line}");
    assert_eq!(ids(&owner.get("/domains.csv").await.body).len(), 1_203);

    let faults = app.state.store.faults();
    let read = async || {
        let request = owner.request(Method::GET, "/domains.csv", &[]);
        let response = request.send().await.unwrap();
        (response.status(), response.text().await)
    };
    let mut broken_off = 0;
    for statement in 0..20 {
        faults.fail_at(statement);
        let (status, text) = read().await;
        faults.stop();
        match (status.as_u16(), text) {
            (503, _) => {}
            (200, Err(_)) => broken_off += 1,
            (200, Ok(text)) => {
                assert_eq!(ids(&text).len(), 1_203);
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(broken_off >= 3, "{broken_off}");
}
