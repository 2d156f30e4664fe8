//! The operator's commands, on the database of a server that is running beside them.

mod accounts;
mod completions;
mod demo;
mod email;
mod output;
mod passwords;
mod refusals;
mod terminal;
mod text;

use serde_json::Value;

use crate::support::{
    Answer, EMAIL, PASSWORD,
    process::{Finished, Workplace},
};

const NEW_PASSWORD: &str = "a new phrase of several words";
const SAM: &str = "client add --email sam@example.com --name Sam";

fn words(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}

/// A command line whose last word may be anything.
fn and_value<'a>(line: &'a str, value: &'a str) -> Vec<&'a str> {
    [words(line), vec![value]].concat()
}

/// Returns what the command says.
fn set_status(operator: &Workplace, status: &str) -> String {
    let line = format!("client set-status --email {EMAIL} --status {status}");
    operator.say(&words(&line), "")
}

fn parse_list(json: &str) -> Vec<Value> {
    match serde_json::from_str(json) {
        Ok(Value::Array(items)) => items,
        other => panic!("not a JSON array: {other:?}"),
    }
}

/// What tells one answer from another, without what is new in each.
fn likeness(answer: &Answer) -> (u16, Vec<String>, String) {
    let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
    names.sort();
    let policy = answer.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).unwrap_or_default();
    let nonce = nonce.split('\'').next().unwrap_or_default();
    assert!(!nonce.is_empty(), "a page has a nonce: {policy:?}");
    (answer.status, names, answer.body.replace(nonce, ""))
}

#[track_caller]
#[tokio::test]
async fn a_client_added_beside_a_running_server_logs_in_at_once() {
    let operator = Workplace::new();
    let server = operator.serve();
    let line = "client add --email Sam@Example.com --name Sam --company Jones&Sons --phone +442079460000 \
                --address1 1-High-Street --city London --postcode N19GU --country GB --currency GBP \
                --password-stdin";
    let said = operator.say(
        &words(line),
        // As `echo` writes it: the line's end is no part of the password.
        &format!("{NEW_PASSWORD}\n"),
    );

    let mut sam = server.browser();
    assert_eq!(
        sam.log_in("sam@example.com", NEW_PASSWORD).await.status,
        303
    );
    let token = sam.create_token("Billing Dashboard").await;
    let me: Value = serde_json::from_str(&server.me(&token).await.body).unwrap();
    let me = &me["data"];
    assert_eq!(me["id"], said.trim().parse::<i64>().unwrap());
    for (field, value) in [
        ("name", "Sam"),
        ("email", "Sam@Example.com"),
        ("company", "Jones&Sons"),
        ("phone", "+442079460000"),
        ("address1", "1-High-Street"),
        ("city", "London"),
        ("postcode", "N19GU"),
        ("country", "GB"),
        ("currency_code", "GBP"),
        ("status", "active"),
    ] {
        assert_eq!(me[field], value, "{field}");
    }
    assert!(me["address2"].is_null());
}

#[tokio::test]
async fn a_client_added_without_a_password_logs_in_once_one_is_set() {
    let operator = Workplace::new();
    let server = operator.serve();
    operator.say(&["client", "add", "--email", EMAIL, "--name", "Jane"], "");

    let mut jane = server.browser();
    for guess in ["", PASSWORD] {
        assert_eq!(jane.log_in(EMAIL, guess).await.status, 401, "{guess:?}");
    }
    operator.say(&["client", "set-password", "--email", EMAIL], PASSWORD);
    assert_eq!(jane.log_in(EMAIL, PASSWORD).await.status, 303);
}

#[test]
fn the_list_of_clients_is_a_json_array_of_objects_with_the_id_first() {
    let operator = Workplace::new();
    operator.say(&["migrate"], "");
    assert_eq!(operator.say(&["client", "list", "--json"], "").trim(), "[]");
    let jane = operator.add_client(EMAIL);
    let sam = operator.add_client("sam@example.com");

    let json = operator.say(&["client", "list", "--json"], "");
    let clients = parse_list(&json);
    let ids: Vec<_> = clients.iter().map(|client| client["id"].as_i64()).collect();
    assert_eq!(ids, [Some(jane), Some(sam)]);
    assert_eq!(clients[1]["email"], "sam@example.com");
    assert_eq!(clients[1]["status"], "active");
    // The parser sorts fields by name, so their order has to be read from the text.
    let objects: Vec<_> = json.split('{').skip(1).map(str::trim_start).collect();
    assert_eq!(objects.len(), 2);
    for object in objects {
        assert!(object.starts_with("\"id\": "), "{object}");
    }
    assert!(!json.contains("argon2"));
    assert_eq!(clients[1]["has_password"], true);
    assert_eq!(clients[1]["active_tokens"], 0);
    assert!(clients[1]["last_login_at"].is_null());

    let text = operator.say(&["client", "list"], "");
    assert_eq!(text.lines().count(), 2);
    assert!(text.contains(EMAIL) && text.contains("sam@example.com"));
}

#[tokio::test]
async fn setting_a_password_ends_the_sessions_and_the_old_password() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    operator.add_client("sam@example.com");
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    let mut sam = server.logged_in_as("sam@example.com").await;
    let token = jane.create_token("My Integration").await;
    assert_eq!(jane.get("/profile").await.status, 200);

    let said = operator.say(
        &words("client set-password --email jane@example.com --password-stdin"),
        NEW_PASSWORD,
    );
    assert!(!said.contains(NEW_PASSWORD));

    let answer = jane.get("/profile").await;
    assert_eq!(answer.status, 303);
    assert!(answer.header("location").starts_with("/login"));
    assert_eq!(jane.log_in(EMAIL, PASSWORD).await.status, 401);
    assert_eq!(jane.log_in(EMAIL, NEW_PASSWORD).await.status, 303);
    assert_eq!(sam.get("/profile").await.status, 200, "Sam stays logged in");
    assert_eq!(
        server.me(&token).await.status,
        200,
        "tokens are not passwords"
    );
}

#[tokio::test]
async fn a_suspended_client_reads_and_makes_nothing_new() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    let token = jane.create_token("My Integration").await;

    let said = set_status(&operator, "suspended");
    assert_eq!(said.trim(), format!("{EMAIL} is now suspended."));
    let said = set_status(&operator, "suspended");
    assert_eq!(
        said.trim(),
        format!("{EMAIL} is already suspended. Nothing changed.")
    );
    let me = server.me(&token).await;
    assert_eq!(me.status, 200);
    assert!(me.body.contains(r#""status":"suspended""#), "{}", me.body);
    let refused = jane.post("/profile/tokens", &[("name", "Another")]).await;
    assert_eq!(refused.status, 403);
    let mut jane = server.logged_in().await;
    assert_eq!(jane.get("/profile").await.status, 200);

    set_status(&operator, "active");
    jane.create_token("Another").await;
}

#[tokio::test]
async fn a_closed_client_is_gone_at_the_next_request_until_active_again() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    operator.add_client("sam@example.com");
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    let token = jane.create_token("My Integration").await;
    assert_eq!(server.me(&token).await.status, 200);
    let mut sam = server.logged_in_as("sam@example.com").await;
    let sams_token = sam.create_token("My Integration").await;
    let mut stranger = server.browser();
    let wrong_password = stranger.log_in(EMAIL, "not the right password").await;
    assert_eq!(wrong_password.status, 401);

    set_status(&operator, "closed");
    let refused = server.me(&token).await;
    assert!(refused.is_exact_401(), "{refused:?}");
    assert_eq!(
        jane.get("/profile").await.status,
        303,
        "the session is over"
    );
    let closed = stranger.log_in(EMAIL, PASSWORD).await;
    assert_eq!(likeness(&closed), likeness(&wrong_password));
    assert_eq!(server.me(&sams_token).await.status, 200);
    assert_eq!(sam.get("/profile").await.status, 200);

    set_status(&operator, "active");
    assert_eq!(
        jane.get("/profile").await.status,
        303,
        "ended sessions stay ended"
    );
    assert_eq!(jane.log_in(EMAIL, PASSWORD).await.status, 303);
    assert_eq!(server.me(&token).await.status, 200);
}

#[tokio::test]
async fn tokens_are_listed_without_their_secrets() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    operator.add_client("sam@example.com");
    let server = operator.serve();
    let nobodys = operator.say(&["token", "list", "--client", EMAIL, "--json"], "");
    assert_eq!(nobodys.trim(), "[]");
    let mut jane = server.logged_in().await;
    let older = jane.create_token("My Integration").await;
    let newer = jane.create_token("Billing Dashboard").await;
    let mut sam = server.logged_in_as("sam@example.com").await;
    sam.create_token("Sam's own").await;

    let json = operator.say(&["token", "list", "--client", EMAIL, "--json"], "");
    let text = operator.say(&["token", "list", "--client", EMAIL], "");
    let tokens = parse_list(&json);
    let names: Vec<_> = tokens.iter().map(|token| &token["name"]).collect();
    assert_eq!(names, ["Billing Dashboard", "My Integration"]);
    assert_eq!(
        tokens[0]["hint"],
        format!("ot_live_…{}", &newer[newer.len() - 4..])
    );
    assert!(tokens[0]["last_used_at"].is_null());
    for object in json.split('{').skip(1) {
        assert!(object.trim_start().starts_with("\"id\": "), "{object}");
    }
    assert_eq!(text.lines().count(), 2);
    for token in [older, newer] {
        for said in [&json, &text] {
            assert!(said.contains(&token[token.len() - 4..]));
            assert!(!said.contains(&token[8..]), "{said}");
            assert!(!said.contains("hash"), "{said}");
        }
    }
}

#[tokio::test]
async fn a_token_revoked_by_the_operator_stops_at_the_very_next_request() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    let kept = jane.create_token("Kept").await;
    let leaked = jane.create_token("Leaked").await;
    // A server that remembered valid tokens would have this one in mind now.
    for _ in 0..5 {
        assert_eq!(server.me(&leaked).await.status, 200);
    }
    let json = operator.say(&["token", "list", "--client", EMAIL, "--json"], "");
    let listed = parse_list(&json);
    let id = listed[0]["id"].to_string();
    assert_eq!(listed[0]["name"], "Leaked");

    let said = operator.say(&["token", "revoke", &id], "");
    let refused = server.me(&leaked).await;
    assert!(refused.is_exact_401(), "{refused:?}");
    assert_eq!(server.me(&kept).await.status, 200);
    assert!(said.contains("Leaked") && !said.contains(&leaked[8..]));

    operator.say(&["token", "revoke", &id], "");
    let left = operator.say(&["token", "list", "--client", EMAIL], "");
    assert!(left.contains("Kept") && !left.contains("Leaked"), "{left}");
}

/// The numbers in a list, in its order.
fn ids(json: &str) -> Vec<i64> {
    let rows = parse_list(json);
    rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

#[test]
fn lists_of_more_than_a_thousand_rows_are_whole() {
    let operator = Workplace::new();
    let jane = operator.add_client(EMAIL);
    let copies = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)";
    let clients = "INSERT INTO clients (email, email_key, name, address1, city, state, postcode, country, \
        currency_code, status, created_at) SELECT i || email, i || email_key, name, address1, city, state, \
        postcode, country, currency_code, status, created_at FROM n, clients";
    let lines = "INSERT INTO activity (client_id, at, event, who, user_agent) \
        SELECT min(id), 1768473000 + n.i, 'logged_in', 'client', '' FROM n, clients GROUP BY n.i ORDER BY n.i";
    for sql in [clients, lines] {
        operator.sql(&format!("{copies} {sql}"));
    }
    let listed = ids(&operator.say(&["client", "list", "--json"], ""));
    assert_eq!(listed.len(), 2501);
    assert!(listed[0] == jane && listed.is_sorted());
    assert_eq!(operator.say(&["client", "list"], "").lines().count(), 2501);

    let list = |more: &str| {
        let line = format!("activity list --client {EMAIL} --json{more}");
        ids(&operator.say(&words(&line), ""))
    };
    let all = list(" --all");
    assert_eq!(all.len(), 2500);
    assert!(all.is_sorted_by(|a, b| a > b), "newest first");
    assert_eq!(list(""), all[..1000]);
    assert_eq!(list(&format!(" --before {}", all[999])), all[1000..2000]);
    assert_eq!(list(&format!(" --before {} --all", all[999])), all[1000..]);
    // 2026-01-15T10:30:00Z, and a thousand seconds more.
    assert_eq!(list(" --since 2026-01-15T10:46:40Z"), all[..1501]);
    assert_eq!(list(" --since 2027-01-15T10:46:40Z"), [0; 0]);
    assert_eq!(list(" --until 2026-01-15T10:46:40Z"), all[1501..]);
    assert_eq!(list(" --until 2026-01-15T11:10:00Z"), all[101..1101]);
    assert_eq!(list(" --until 2026-01-15T11:10:00Z --all"), all[101..]);
    let ten = " --since 2026-01-15T10:46:30Z --until 2026-01-15T10:46:40Z";
    assert_eq!(list(ten), all[1501..1511]);
    let refused = operator.run(&words(&format!(
        "activity list --client {EMAIL} --since yesterday"
    )));
    assert_eq!(refused.code, Some(2));
}
