//! Lines that are refused, with their numbers, and files of which nothing is taken then.

use serde_json::{Value, json};

use super::{export, find, import, lines, operator, refuse, text};

/// A line like one of the sample's, with a field changed or, by null, left out.
fn with(kind: &str, id: &str, field: &str, value: Value) -> String {
    let all = lines();
    let line = all
        .iter()
        .find(|line| line["type"] == kind && line["external_id"] == json!(id));
    let mut line = line.unwrap().clone();
    line[field] = value;
    line.to_string()
}

#[test]
fn each_line_is_refused_by_its_number_and_nothing_is_taken() {
    let operator = operator();
    let invoice = |field: &str, value: Value| with("invoice", "1042", field, value);
    let client = |field: &str, value: Value| with("client", "42", field, value);
    let raw = |field: &str| {
        format!(
            r#"{{"type":"invoice","external_id":"1","client":"42","currency_code":"USD",{field}}}"#
        )
    };
    let refused = [
        (
            r#"{"type":"client","#.to_owned(),
            "is not JSON: EOF while parsing a value",
        ),
        ("[]".to_owned(), "is not a JSON object"),
        ("[".repeat(100_000), "is not JSON: recursion limit exceeded"),
        (
            r#"{"type":"client","type":"client"}"#.to_owned(),
            "a name occurs twice",
        ),
        (r#"{"type":"thing"}"#.to_owned(), "type: is not one of"),
        ("{}".to_owned(), "type: is missing"),
        (raw(r#""total":1e3"#), "total: is neither a whole number"),
        (raw(r#""total":9.99"#), "total: is neither a whole number"),
        (raw(r#""total":-0"#), "total: is neither a whole number"),
        (raw(r#""total":NaN"#), "is not JSON"),
        (raw(r#""total":1e999"#), "is not JSON"),
        (
            raw(r#""total":99999999999999999999"#),
            "total: is neither a whole number",
        ),
        (
            raw(r#""total":"9.999""#),
            "total: has more than the 2 decimal places of USD",
        ),
        (raw(r#""total":"1e3""#), "total: is not a decimal number"),
        (raw(r#""total":9007199254740992"#), "total: is beyond"),
        (
            invoice("status", json!("draft")),
            "status: is not one of its words",
        ),
        (
            invoice("currency_code", json!("usd")),
            "currency_code: is not a currency",
        ),
        (
            invoice("issue_date", json!("0000-00-00")),
            "issue_date: is not a date",
        ),
        (invoice("issue_date", Value::Null), "issue_date: is missing"),
        (
            invoice("pay_url", json!("http://billing.example/")),
            "pay_url: is not an absolute URL over https",
        ),
        (
            invoice("pay_url", json!("javascript:alert(1)")),
            "pay_url: is not an absolute URL",
        ),
        (
            invoice("secret", json!("x")),
            "secret: there is no such field",
        ),
        (
            invoice(
                "items",
                json!([{"description": "x", "amount": 1, "currency_code": "EUR"}]),
            ),
            "items.0.currency_code: there is no such field",
        ),
        (
            invoice("items", json!([{"description": "x", "amount": 1.5}])),
            "items.0.amount: is neither",
        ),
        (
            invoice("items", json!(vec![json!({"amount": 1}); 1_001])),
            "items: has more than 1000 elements",
        ),
        (
            client("name", json!("a\u{202e}b")),
            "name: This contains a character that isn't allowed (U+202E)",
        ),
        (
            client("name", json!("a\u{0}b")),
            "name: This contains a character that isn't allowed (U+0000)",
        ),
        (client("name", json!("")), "name: is missing"),
        (client("email", json!("nobody")), "email: must contain @"),
        (
            client("deleted", json!(true)),
            "deleted: clients are not deleted",
        ),
        (
            client("password_hash", json!("5f4dcc3b5aa765d61d8327deb882cf99")),
            "password_hash: is neither bcrypt",
        ),
        (
            client("password_hash", json!(format!("$2y$15${}", "a".repeat(53)))),
            "password_hash: is neither bcrypt",
        ),
    ];
    let lines: Vec<_> = refused.iter().map(|(line, _)| line.clone()).collect();
    let file = lines.join("\n");
    let said = refuse(&operator, &["import", "-"], &file);
    for (at, (line, reason)) in refused.iter().enumerate() {
        let start = format!("line {}: ", at + 1);
        let found = said.stderr.lines().find(|said| said.starts_with(&start));
        let line: String = line.chars().take(200).collect();
        assert!(
            found.is_some_and(|found| found.contains(reason)),
            "{line}: {found:?}"
        );
    }
    assert!(
        said.stderr.contains("refusals: nothing was changed"),
        "{said:?}"
    );
    let counts = [
        "client\trefused 7\n",
        "invoice\trefused 17\n",
        "line\trefused 8\n",
    ];
    for count in counts {
        assert!(said.stdout.contains(count), "{count}: {}", said.stdout);
    }
    assert_eq!(export(&operator), Vec::<Value>::new());

    let mut bytes = Vec::from(b"{}\n\xff\xfe\n".as_slice());
    bytes.extend(vec![b' '; 9 * 1024 * 1024]);
    std::fs::write(operator.dir().join("bad"), bytes).unwrap();
    let said = refuse(&operator, &["import", "bad"], "");
    assert!(
        said.stderr.contains("line 2: is not text in UTF-8"),
        "{said:?}"
    );
    assert!(
        said.stderr.contains("line 3: has more than 8 MiB"),
        "{said:?}"
    );
}

#[test]
fn lines_that_contradict_each_other_or_what_is_there_are_refused() {
    let operator = operator();
    import(&operator, &text(&lines()));
    let before = export(&operator);
    let service = |client: &str, order: &str| {
        let mut line = find(&before, "service", "8").clone();
        line["external_id"] = json!("new");
        line["client"] = json!(client);
        line["order_id"] = json!(order);
        line.to_string()
    };
    let client = |id: &str, email: &str| {
        json!({"type": "client", "external_id": id, "email": email, "name": "x"}).to_string()
    };
    let document = json!({"type": "document", "invoice": "1042", "content_type": "application/pdf", "content": "JVBERi0xLjcK"}).to_string();
    for (file, reason) in [
        (
            service("99", "o"),
            "line 1: client: there is none with this external id",
        ),
        (
            service("42", "none"),
            "line 1: order_id: the client has no such order",
        ),
        (
            service("43", "o"),
            "line 1: order_id: the client has no such order",
        ),
        (
            format!("{}\n\n{}", service("42", "o"), service("42", "o")),
            "line 3: external_id: is the same as on line 1",
        ),
        (
            format!(
                "{}\n{}",
                client("50", "a@example.com"),
                client("50", "b@example.com")
            ),
            "line 2: external_id: is the same as on line 1",
        ),
        (
            format!(
                "{}\n{}",
                client("50", "a@example.com"),
                client("51", "A@example.com")
            ),
            "line 2: email: is the same as on line 1",
        ),
        (
            client("50", "JANE@example.com"),
            "line 1: email: another client has this address",
        ),
        (
            format!("{document}\n{document}"),
            "line 2: invoice: has a document already, on line 1",
        ),
        (
            document.replace("1042", "1043"),
            "line 1: invoice: there is none",
        ),
        (
            document.replace("JVBERi0xLjcK", "PGh0bWw+"),
            "line 1: content: is not a PDF",
        ),
        (
            document.replace("\"content\":\"JVBERi0xLjcK\"", "\"file\":\"/dev/zero\""),
            "line 1: file: is not a path from the folder",
        ),
    ] {
        let said = refuse(&operator, &["import", "-"], &file);
        assert!(said.stderr.contains(reason), "{reason}: {}", said.stderr);
    }
    assert_eq!(export(&operator), before);

    let odd = json!({"type": "invoice", "external_id": "2", "client": "42", "status": "paid", "currency_code": "USD",
        "subtotal": 10, "total": 12, "issue_date": "2026-01-01", "items": [{"amount": 9}]});
    let said = operator.run_with_input(&["import", "-"], &odd.to_string());
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(
        said.stderr
            .contains("warning: line 1: subtotal - discount + tax is not total"),
        "{said:?}"
    );
    assert!(
        said.stderr
            .contains("warning: line 1: the amounts of the items do not add up"),
        "{said:?}"
    );
}
