//! What a file does, as a whole.

use std::{fs, thread, time::Duration};

use serde_json::json;
use sqlx::{Connection, PgConnection, SqliteConnection};

use super::{export, find, import, lines, operator, refuse, text};
use crate::support::{database::only_on_sqlite, process::Workplace};

/// What the database itself counts: the version of the file, or the transactions that wrote the rows.
async fn writes(operator: &Workplace, watch: &mut Option<SqliteConnection>) -> String {
    if let Some(url) = operator.database() {
        let mut connection = PgConnection::connect(url).await.unwrap();
        let sql = "SELECT string_agg(xmin || ' ' || ctid, ',' ORDER BY id) FROM \
            (SELECT xmin::text, ctid::text, id FROM services UNION ALL SELECT xmin::text, ctid::text, id FROM invoices \
            UNION ALL SELECT xmin::text, ctid::text, id FROM orders UNION ALL SELECT xmin::text, ctid::text, id FROM domains \
            UNION ALL SELECT xmin::text, ctid::text, id FROM clients UNION ALL SELECT xmin::text, ctid::text, at FROM imports) rows";
        let rows = sqlx::query_scalar(sql).fetch_one(&mut connection);
        return rows.await.unwrap();
    }
    if watch.is_none() {
        let url = format!("sqlite://{}/opentill.db", operator.dir().display());
        *watch = Some(SqliteConnection::connect(&url).await.unwrap());
    }
    let connection = watch.as_mut().unwrap();
    let version = sqlx::query_scalar("PRAGMA data_version").fetch_one(connection);
    let version: i64 = version.await.unwrap();
    version.to_string()
}

#[tokio::test]
async fn it_is_taken_over_in_any_order_and_the_second_time_writes_nothing() {
    let operator = operator();
    let said = import(&operator, &text(&lines()));
    for kind in [
        "client\tcreated 2",
        "invoice\tcreated 2",
        "service\tcreated 2",
        "domain\tcreated 1",
        "order\tcreated 1",
    ] {
        assert!(said.contains(kind), "{said}");
    }
    assert!(said.ends_with("Imported.\n"), "{said}");

    let exported = export(&operator);
    let invoice = find(&exported, "invoice", "1042");
    assert_eq!(invoice["total"], 3451);
    assert_eq!(
        invoice["status"], "unpaid",
        "whether it is overdue is said by the calendar"
    );
    assert_eq!(invoice["items"][0]["service_id"], "7");
    assert_eq!(invoice["items"][0]["unit_amount"], "19.9999");
    assert_eq!(
        find(&exported, "credit_note", "9")["related_invoice_id"],
        "1042"
    );
    let order = find(&exported, "order", "o");
    assert_eq!(
        (&order["status"], &order["total"]),
        (&json!("cancelled"), &json!(1500))
    );
    assert_eq!(find(&exported, "domain", "a")["tld"], "co.uk");
    let client = find(&exported, "client", "42");
    assert!(client.get("country").is_none() && client.get("currency_code").is_none());

    let mut watch = None;
    let before = writes(&operator, &mut watch).await;
    for again in [text(&lines()), text(&exported)] {
        let said = import(&operator, &again);
        assert!(
            said.ends_with("Nothing was changed: all of it was there.\n"),
            "{said}"
        );
        assert!(!said.contains("updated 1"), "{said}");
    }
    assert_eq!(writes(&operator, &mut watch).await, before);

    let dry = operator.say(
        &["import", "--dry-run", "-"],
        &text(&[json!({
        "type": "service", "external_id": "8", "client": "43", "deleted": true})]),
    );
    assert!(
        dry.contains("service\tcreated 0\tupdated 0\tunchanged 0\tdeleted 1"),
        "{dry}"
    );
    assert_eq!(writes(&operator, &mut watch).await, before);
}

#[test]
fn what_is_exported_is_the_same_after_a_round_trip_through_the_other_database() {
    only_on_sqlite!("it is about both");
    let first = operator();
    import(&first, &text(&lines()));
    let exported = export(&first);
    let elsewhere = Workplace::on_file().on(crate::support::postgres::Database::new());
    import(&elsewhere, &text(&exported));
    let back = operator();
    import(&back, &text(&export(&elsewhere)));
    let sorted = |mut lines: Vec<serde_json::Value>| {
        lines.sort_by_key(ToString::to_string);
        lines
    };
    assert_eq!(sorted(export(&back)), sorted(exported));
}

#[test]
fn what_is_deleted_or_given_away_is_gone_and_can_come_back() {
    let operator = operator();
    import(&operator, &text(&lines()));
    let service = |changes: serde_json::Value| {
        let mut line = find(&lines(), "service", "8").clone();
        line.as_object_mut()
            .unwrap()
            .extend(changes.as_object().unwrap().clone());
        text(&[line])
    };
    import(
        &operator,
        &text(&[json!({"type": "service", "external_id": "8", "client": "43", "deleted": true})]),
    );
    assert_eq!(find(&export(&operator), "service", "8")["deleted"], true);
    let said = import(&operator, &service(json!({})));
    assert!(said.contains("service\tcreated 1"), "{said}");
    let said = import(&operator, &service(json!({"name": "Mail 2"})));
    assert!(said.contains("service\tcreated 0\tupdated 1"), "{said}");
    import(&operator, &service(json!({"client": "42"})));
    let exported = export(&operator);
    assert_eq!(find(&exported, "service", "8")["client"], "42");
    let services = exported.iter().filter(|line| line["type"] == "service");
    assert_eq!(services.count(), 2, "it is there once");
}

#[test]
fn what_a_complete_file_lacks_is_deleted_if_it_is_not_too_much() {
    let operator = operator();
    let service = |n: usize| {
        json!({"type": "service", "external_id": n.to_string(), "client": "1", "name": "x",
        "status": "active", "product_name": "x", "billing_cycle": "free", "amount": 0, "currency_code": "USD"})
    };
    let mut all =
        vec![json!({"type": "client", "external_id": "1", "email": "a@example.com", "name": "A"})];
    all.extend((0..10).map(service));
    import(&operator, &text(&all));
    let complete = ["import", "--complete", "service,domain", "-"];
    let said = operator.say(&complete, &text(&all[..9]));
    assert!(
        said.contains("service\tcreated 0\tupdated 0\tunchanged 8\tdeleted 2"),
        "{said}"
    );
    let refused = refuse(&operator, &complete, &text(&all[..6]));
    assert!(
        refused
            .stderr
            .contains("3 of 8 services are not in the file"),
        "{refused:?}"
    );
    let forced = ["import", "--complete", "service", "--force", "-"];
    let said = operator.say(&forced, &text(&all[..6]));
    assert!(said.contains("deleted 3"), "{said}");
    let other = ["import", "--complete", "service", "--source", "other", "-"];
    let said = operator.say(&other, "");
    assert!(
        said.contains("Nothing was changed"),
        "each source for itself: {said}"
    );
}

#[test]
fn one_that_is_killed_has_done_nothing_or_everything() {
    let operator = operator();
    let mut all =
        vec![json!({"type": "client", "external_id": "1", "email": "a@example.com", "name": "A"})];
    all.extend((0..3_000).map(|n| {
        json!({"type": "domain", "external_id": n.to_string(), "client": "1",
        "domain_name": format!("d{n}.example"), "status": "active", "currency_code": "USD"})
    }));
    fs::write(operator.dir().join("all.jsonl"), text(&all)).unwrap();
    for round in 0..8 {
        let mut running = operator.start(&["import", "all.jsonl"]);
        thread::sleep(Duration::from_millis(60 * (round + 1)));
        let _ = running.kill();
        running.wait().unwrap();
        let lines = export(&operator).len();
        assert!(lines == 0 || lines == 3_001, "{lines}");
    }
    import(&operator, &text(&all));
    assert_eq!(export(&operator).len(), 3_001);
}

#[test]
fn one_runs_at_a_time() {
    let operator = operator();
    let fifo = operator.dir().join("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    assert!(made.is_ok_and(|status| status.success()));
    let mut waiting = operator.start(&["import", "fifo"]);
    let writer = fs::File::options().write(true).open(&fifo).unwrap();
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    loop {
        let second = operator.run_with_input(&["import", "-"], "");
        if second.code == Some(1) {
            assert!(
                second.stderr.contains("another import is running"),
                "{second:?}"
            );
            break;
        }
        assert!(std::time::Instant::now() < deadline);
    }
    drop(writer);
    assert!(waiting.wait().unwrap().success());
    import(&operator, "");
}
