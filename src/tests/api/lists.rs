//! Services, domains, invoices and orders: lists, details, CSV, documents and the summary.

use std::collections::BTreeSet;

use opentill::model::timestamp::Timestamp;
use serde_json::{Value, json};

use crate::support::{
    Answer, EMAIL, TestApp,
    mirror::{BEGINNING, NOUNS, fill, import},
};

const OTHER: &str = "other@example.com";

/// An app in which two clients have some of everything, and a token of the first.
pub struct Scene {
    pub app: TestApp,
    pub token: String,
    pub client: i64,
}

impl Scene {
    pub async fn with(n: usize) -> Self {
        let app = TestApp::start().await;
        let other = app.add_client(OTHER).await;
        let client = app.id_of(EMAIL).await;
        fill(&app, other, 5).await;
        fill(&app, client, n).await;
        let token = app.logged_in().await.create_token("Reader").await;
        let client = client.0;
        Self { app, token, client }
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend(headers);
        let path = path.strip_prefix(self.app.state.config.public_url.origin());
        let path = path.unwrap_or_default();
        self.app.anonymous().get_with(path, &all).await
    }

    /// What is at a path below `/api/v1`.
    pub async fn get(&self, path: &str) -> Answer {
        self.get_with(&self.url(path), &[]).await
    }

    pub fn url(&self, path: &str) -> String {
        let origin = self.app.state.config.public_url.origin();
        format!("{origin}/api/v1/{path}")
    }

    pub async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// All ids of a list, along its links.
    async fn ids(&self, path: &str) -> Vec<i64> {
        let mut ids = Vec::new();
        let mut url = self.url(path);
        loop {
            let page = self.get_with(&url, &[]).await;
            assert_eq!(page.status, 200, "{url}: {}", page.body);
            let body: Value = serde_json::from_str(&page.body).unwrap();
            let rows = body["data"].as_array().unwrap();
            ids.extend(rows.iter().map(|row| row["id"].as_i64().unwrap()));
            let mut links = page.header("link").split(", ");
            let Some(next) = links.find(|link| link.ends_with("rel=\"next\"")) else {
                assert_eq!(body["meta"]["total"], ids.len());
                return ids;
            };
            let next = next.split(['<', '>']).nth(1).unwrap();
            next.clone_into(&mut url);
        }
    }
}

#[tokio::test]
async fn a_list_holds_each_thing_of_its_client_once_newest_first_whatever_ties_there_are() {
    let scene = Scene::with(40).await;
    for noun in NOUNS {
        let newest = scene.ids(&format!("{noun}?per_page=7")).await;
        assert!(newest.is_sorted_by(|a, b| a > b), "{noun}: {newest:?}");
        assert_eq!(newest.len(), 40, "{noun}");
        let oldest = scene
            .ids(&format!("{noun}?sort=created_at&per_page=9"))
            .await;
        assert!(oldest.iter().rev().eq(&newest), "{noun}");
        let mine: BTreeSet<_> = newest.into_iter().collect();
        assert_eq!(mine.len(), 40, "{noun}");
    }
}

#[tokio::test]
async fn one_thing_has_what_its_row_has_and_its_details() {
    let scene = Scene::with(3).await;
    for noun in NOUNS {
        let row = &scene.json(&format!("{noun}?sort=created_at")).await["data"][0];
        let one = scene.json(&format!("{noun}/{}", row["id"])).await;
        for (name, value) in row.as_object().unwrap() {
            assert_eq!(&one["data"][name], value, "{noun}: {name}");
        }
    }
    let invoice = &scene.json("invoices?sort=created_at").await["data"][0];
    let one = &scene.json(&format!("invoices/{}", invoice["id"])).await["data"];
    assert_eq!(one["amount_due"], 1000);
    assert_eq!(one["items"][0]["unit_amount"], "1000", "a decimal string");
    assert!(one["items"][0]["service_id"].is_i64(), "{one}");
    assert_eq!(one["document"]["size"], 8);
}

#[tokio::test]
async fn what_belongs_to_others_is_not_found_to_the_byte_as_what_does_not_exist() {
    let scene = Scene::with(3).await;
    // The other client's things came first.
    for path in NOUNS.into_iter().chain(["invoices/1/document"]) {
        let (noun, rest) = path.split_once('/').unwrap_or((path, "1"));
        let foreign = scene.get(&format!("{noun}/{rest}")).await;
        let missing = rest.replacen('1', "999999", 1);
        let missing = scene.get(&format!("{noun}/{missing}")).await;
        assert_eq!(foreign.status, 404, "{path}");
        assert_eq!(foreign.body, missing.body, "{path}");
        let names = |answer: &Answer| -> BTreeSet<String> {
            answer.headers.keys().map(ToString::to_string).collect()
        };
        assert_eq!(names(&foreign), names(&missing), "{path}");
        assert_eq!(foreign.header("cache-control"), "no-store", "{path}");
    }
    // An invoice without a document.
    let invoice = &scene.json("invoices").await["data"][0]["id"];
    let answer = scene.get(&format!("invoices/{invoice}/document")).await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn filters_include_both_ends_and_the_search_takes_no_character_for_others() {
    let scene = Scene::with(9).await;
    let total = async |path: &str| scene.json(path).await["meta"]["total"].as_i64().unwrap();
    let time = |seconds: i64| Timestamp::from_unix(BEGINNING + seconds).rfc3339();
    let (first, last) = (time(1), time(2));
    for (path, expected) in [
        ("services?status=active", 9),
        ("services?status=pending,active", 9),
        ("services?status=pending", 0),
        ("services?currency_code=USD", 9),
        ("services?currency_code=JPY", 0),
        ("services?due_from=2026-12-01&due_to=2026-12-01", 9),
        ("services?due_from=2026-12-02", 0),
        ("domains?expires_to=2026-03-01", 9),
        ("domains?expires_to=2026-02-28", 0),
        ("invoices?issued_from=2026-01-15&issued_to=2026-01-15", 9),
        ("invoices?due_to=2026-01-28", 0),
        ("orders?search=NO.%205", 1),
        ("orders?search=no%25", 0),
        ("orders?search=_", 0),
        (&format!("orders?created_from={first}&created_to={last}"), 6),
    ] {
        assert_eq!(total(path).await, expected, "{path}");
    }
}

#[tokio::test]
async fn what_was_due_yesterday_is_overdue_in_the_operators_time_zone() {
    let zone = ("OPENTILL_TIME_ZONE", "America/Chicago");
    // A minute before and after midnight in Chicago at the end of the 29th.
    for (now, status) in [
        ("2026-01-30T05:59:00Z", "unpaid"),
        ("2026-01-30T06:01:00Z", "overdue"),
    ] {
        let clock = opentill::server::clock::Clock::default();
        let now = Timestamp::parse_rfc3339(now).unwrap();
        clock.advance(now.unix() - clock.now().unix());
        let app = TestApp::start_at(clock, &[zone]).await;
        let client = app.id_of(EMAIL).await;
        fill(&app, client, 2).await;
        let token = app.logged_in().await.create_token("Reader").await;
        let client = client.0;
        let scene = Scene { app, token, client };
        let list = scene.json(&format!("invoices?status={status}")).await;
        assert_eq!(list["meta"]["total"], 2, "{status}");
        assert_eq!(list["data"][0]["status"], status);
        let owed = &scene.json("summary").await["data"]["owed"][0];
        let overdue = if status == "overdue" { 2000 } else { 0 };
        assert_eq!(
            (&owed["unpaid"], &owed["overdue"]),
            (&json!(2000), &json!(overdue))
        );
    }
}

#[tokio::test]
async fn a_parameter_that_is_wrong_or_unknown_is_named_in_a_400() {
    let scene = Scene::with(1).await;
    for (path, wrong) in [
        ("services?page=0", "page"),
        ("services?per_page=101", "per_page"),
        ("services?expires_from=2026-01-01", "expires_from"),
        ("services?issued_to=2026-01-01", "issued_to"),
        ("orders?due_from=2026-01-01", "due_from"),
        ("invoices?status=late", "status"),
        ("invoices?status=", "status"),
        ("invoices?status=paid,", "status"),
        ("invoices?currency_code=usd", "currency_code"),
        ("invoices?sort=secret", "sort"),
        ("invoices?sort=--total", "sort"),
        ("invoices?due_from=2026-02-30", "due_from"),
        ("invoices?created_from=2026-01-01", "created_from"),
        ("invoices?search=", "search"),
        ("invoices?search=%00", "search"),
        ("invoices?limit=5", "limit"),
        ("invoices?updated_since=yesterday", "updated_since"),
        ("invoices?cursor=1", "cursor"),
        (
            "invoices?cursor=1.1&updated_since=2026-01-01T00:00:00Z",
            "cursor",
        ),
        ("invoices?cursor=1.1&status=paid", "status"),
        ("invoices?cursor=1.1&page=2", "page"),
        ("summary?page=1", "page"),
        ("invoices/1?page=1", "page"),
    ] {
        let answer = scene.get(path).await;
        assert_eq!(answer.status, 400, "{path}: {}", answer.body);
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        let errors = body["errors"].as_object().unwrap();
        assert!(errors.keys().eq([wrong]), "{path}: {errors:?}");
    }
}

#[tokio::test]
async fn a_list_is_one_csv_without_pages_in_which_nothing_is_a_formula() {
    let scene = Scene::with(1_203).await;
    let csv = [("accept", "text/csv")];
    for noun in NOUNS {
        let url = scene.url(&format!("{noun}?sort=created_at&per_page=10&page=3"));
        let answer = scene.get_with(&url, &csv).await;
        assert_eq!(answer.status, 200, "{noun}");
        assert!(
            answer.header("content-type").starts_with("text/csv"),
            "{noun}"
        );
        let mut lines = answer.body.split_terminator("\r\n");
        let row = &scene.json(&format!("{noun}?sort=created_at")).await["data"][0];
        let columns: BTreeSet<_> = lines.next().unwrap().split(',').collect();
        let fields: BTreeSet<_> = row
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(columns, fields, "{noun}: the words of the JSON");
        let ids: Vec<i64> = lines
            .map(|line| line.split(',').next().unwrap().parse().unwrap())
            .collect();
        assert_eq!(ids.len(), 1_203, "{noun}");
        assert!(ids.is_sorted(), "{noun}");
    }
    let services = scene
        .get_with(&scene.url("services?search=no.%201203"), &csv)
        .await;
    let line = services.body.lines().nth(1).unwrap();
    assert!(line.contains(r#","'=HYPERLINK(1)","#), "{line}");
    assert!(line.contains(",-999,"), "a number stays one: {line}");
}

#[tokio::test]
async fn a_csv_that_cannot_be_read_to_its_end_breaks_off() {
    let scene = Scene::with(1_203).await;
    let url = format!("http://{}/api/v1/domains", scene.app.addr);
    let read = async || {
        let request = reqwest::Client::new()
            .get(&url)
            .header("accept", "text/csv");
        let response = request.bearer_auth(&scene.token).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.text().await
    };
    assert!(read().await.is_ok());
    scene.app.state.usage.flush().await;
    // The token, how many there are, and the first part have been read by then.
    let faults = scene.app.state.store.faults();
    for later in 3..7 {
        faults.fail_at(later);
        assert!(read().await.is_err(), "statement {later}");
    }
    faults.stop();
    assert!(read().await.is_ok());
}

#[tokio::test]
async fn a_document_is_a_file_to_be_saved() {
    let scene = Scene::with(2).await;
    let invoice = &scene.json("invoices?sort=created_at").await["data"][0]["id"];
    let answer = scene.get(&format!("invoices/{invoice}/document")).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "%PDF-1.7"));
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("content-length", "8"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-cache"),
        (
            "content-disposition",
            &format!("attachment; filename=\"invoice-{invoice}.pdf\""),
        ),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
}

#[tokio::test]
async fn the_summary_says_what_the_token_may_read_and_no_more() {
    let scene = Scene::with(4).await;
    let all = scene.json("summary").await;
    assert_eq!(all["data"]["active_services"], 4);
    let mut owner = scene.app.logged_in().await;
    for (scope, field) in [
        ("services", "active_services"),
        ("domains", "domains_expiring"),
        ("invoices", "owed"),
    ] {
        let fields = [("name", scope), (scope, "on")];
        let shown = owner.post("/profile/tokens", &fields).await;
        let limited = Scene {
            token: crate::support::find_token(&shown.body).unwrap(),
            app: scene.app.another_node().await,
            client: scene.client,
        };
        let some = limited.json("summary").await;
        assert!(
            some["data"].as_object().unwrap().keys().eq([field]),
            "{some}"
        );
    }
    import(
        &scene.app,
        scene.client,
        "DELETE FROM documents; DELETE FROM invoices;",
    )
    .await;
    assert_eq!(scene.json("summary").await["data"]["owed"], json!([]));
}
