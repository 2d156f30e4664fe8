//! Showing and editing clients, and ending what they have: sessions and tokens.

use super::*;

fn show(operator: &Workplace, email: &str) -> Value {
    let said = operator.say(&["client", "show", "--email", email, "--json"], "");
    serde_json::from_str(&said).unwrap()
}

#[tokio::test]
async fn a_client_is_shown_with_the_state_of_the_account() {
    let operator = Workplace::new();
    operator.say(&words(SAM), "");
    let sam = show(&operator, "sam@example.com");
    assert_eq!(sam["has_password"], false);
    assert_eq!(sam["active_tokens"], 0);
    assert_eq!(sam["sessions"], 0);
    assert!(sam["last_login_at"].is_null());

    operator.add_client(EMAIL);
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    server.logged_in().await;
    let token = jane.create_token("Alpha").await;
    jane.create_token("Beta").await;
    let shown = show(&operator, "JANE@example.com");
    assert_eq!(shown["email"], EMAIL);
    assert_eq!(shown["has_password"], true);
    assert_eq!(shown["active_tokens"], 2);
    assert_eq!(shown["sessions"], 2);
    assert!(shown["last_login_at"].as_str().unwrap().ends_with('Z'));
    // As the API has it, and more.
    let me: Value = serde_json::from_str(&server.me(&token).await.body).unwrap();
    for (field, value) in me["data"].as_object().unwrap() {
        assert_eq!(shown[field], *value, "{field}");
    }

    let text = operator.say(&["client", "show", "--client", EMAIL], "");
    for line in [
        "email\tjane@example.com",
        "password\tset",
        "sessions\t2",
        "address2\t-",
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line}: {text}");
    }
    assert!(!text.contains("argon2") && !text.contains(&token[8..]));
}

#[tokio::test]
async fn what_is_edited_is_what_the_api_answers_and_what_is_not_named_stays() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    operator.add_client("sam@example.com");
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    let token = jane.create_token("Alpha").await;
    let me = async || -> Value {
        serde_json::from_str::<Value>(&server.me(&token).await.body).unwrap()["data"].take()
    };
    let before = me().await;

    let edit = ["client", "edit", "--email", EMAIL];
    let edit = |more: &[&str]| operator.say(&[&edit, more].concat(), "");
    let said = edit(&[
        "--company",
        "Acme Ltd",
        "--city",
        "Zu\u{308}rich",
        "--country",
        "ch",
        "--currency",
        "chf",
    ]);
    assert_eq!(
        said.trim(),
        "jane@example.com was changed: company, city, country, currency."
    );
    let after = me().await;
    for (field, value) in [
        ("company", "Acme Ltd"),
        ("city", "Zürich"),
        ("country", "CH"),
        ("currency_code", "CHF"),
    ] {
        assert_eq!(after[field], value, "{field}");
    }
    for field in [
        "id",
        "name",
        "email",
        "phone",
        "address1",
        "status",
        "created_at",
    ] {
        assert_eq!(after[field], before[field], "{field}");
    }
    let said = edit(&["--company", "Acme Ltd", "--country", "CH"]);
    assert_eq!(
        said.trim(),
        "jane@example.com has these details already. Nothing changed."
    );
    // One kind of nothing, however it comes in.
    for nothing in ["", "  ", "\t"] {
        edit(&["--company", "Acme Ltd"]);
        edit(&["--company", nothing]);
        assert!(me().await["company"].is_null(), "{nothing:?}");
    }

    let edits = ["client", "edit", "--email", EMAIL, "--new-email"];
    let refused = operator.run(&[&edits[..], &["SAM@example.com"]].concat());
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("already exists"), "{refused:?}");
    operator.say(&[&edits[..], &["jane@müller.example"]].concat(), "");
    assert_eq!(me().await["email"], "jane@müller.example");
    let mut browser = server.browser();
    assert_eq!(browser.log_in(EMAIL, PASSWORD).await.status, 401);
    let punycode = browser.log_in("jane@xn--mller-kva.example", PASSWORD).await;
    assert_eq!(punycode.status, 303);

    let trail = operator.say(&["activity", "list", "--client", "jane@müller.example"], "");
    let changes = trail
        .lines()
        .filter(|line| line.contains("details_changed\toperator"));
    // Company set and removed three times, but for what was there already; the first; the email.
    assert_eq!(changes.count(), 7, "{trail}");
}

#[tokio::test]
async fn sessions_are_listed_and_end_at_the_next_request_one_or_all() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    operator.add_client("sam@example.com");
    let server = operator.serve();
    let list = |more: &[&str]| {
        let list = ["session", "list", "--client", EMAIL];
        operator.say(&[&list[..], more].concat(), "")
    };
    assert_eq!(list(&["--json"]).trim(), "[]");
    let mut first = server.logged_in().await;
    let mut second = server.logged_in().await;
    let mut sam = server.logged_in_as("sam@example.com").await;
    let sessions = parse_list(&list(&["--json"]));
    assert_eq!(sessions.len(), 2);
    for session in &sessions {
        assert!(session["device"].is_string() && session["last_seen_at"].is_string());
    }
    assert_eq!(list(&[]).lines().count(), 2);

    let oldest = sessions
        .iter()
        .map(|session| session["id"].as_i64().unwrap())
        .min();
    let id = oldest.unwrap().to_string();
    let said = operator.say(&["session", "end", &id], "");
    assert_eq!(said.trim(), format!("Session {id} was ended."));
    assert_eq!(first.get("/profile").await.status, 303);
    assert_eq!(second.get("/profile").await.status, 200);
    let again = operator.run(&["session", "end", &id]);
    assert_eq!(again.code, Some(1));
    assert_eq!(
        again.stderr,
        format!("opentill: no session with the ID {id}\n")
    );

    let end_all = ["session", "end", "--client", EMAIL];
    assert_eq!(
        operator.say(&end_all, "").trim(),
        format!("1 session of {EMAIL} ended.")
    );
    assert_eq!(second.get("/profile").await.status, 303);
    assert_eq!(sam.get("/profile").await.status, 200);
    let said = operator.say(&end_all, "");
    assert_eq!(
        said.trim(),
        format!("{EMAIL} has no sessions. Nothing changed.")
    );
    // Once by its number, once all of them; nothing that did not end.
    let trail = operator.say(&["activity", "list", "--client", EMAIL, "--json"], "");
    let lines = parse_list(&trail);
    let ended = lines.iter().filter(|line| line["event"] == "session_ended");
    let ended: Vec<_> = ended.map(|line| line["who"].as_str().unwrap()).collect();
    assert_eq!(ended, ["operator", "operator"]);
}

#[tokio::test]
async fn all_tokens_of_a_client_are_revoked_at_once_and_no_others() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    operator.add_client("sam@example.com");
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    let tokens = [
        jane.create_token("Alpha").await,
        jane.create_token("Beta").await,
    ];
    let mut sam = server.logged_in_as("sam@example.com").await;
    let other = sam.create_token("Gamma").await;
    for token in &tokens {
        assert_eq!(server.me(token).await.status, 200);
    }
    let revoke = ["token", "revoke", "--all", "--client", EMAIL];
    let said = operator.say(&revoke, "");
    assert!(
        said.starts_with(&format!("2 tokens of {EMAIL} revoked:\n")),
        "{said}"
    );
    assert!(
        said.contains("\tAlpha") && said.contains("\tBeta"),
        "{said}"
    );
    for token in &tokens {
        assert!(server.me(token).await.is_exact_401());
    }
    assert_eq!(server.me(&other).await.status, 200);
    let said = operator.say(&revoke, "");
    assert_eq!(
        said.trim(),
        format!("{EMAIL} has no active tokens. Nothing changed.")
    );
}

#[test]
fn clients_are_listed_by_status() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    operator.add_client("sam@example.com");
    assert_eq!(
        set_status(&operator, "Suspended").trim(),
        "jane@example.com is now suspended."
    );
    let listed = operator.say(&["client", "list", "--status", "suspended"], "");
    assert!(
        listed.contains(EMAIL) && !listed.contains("sam@"),
        "{listed}"
    );
    assert_eq!(
        operator.say(&["client", "list", "--status", "closed"], ""),
        ""
    );
}
