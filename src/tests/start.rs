//! Starting: what is wrong is said in one line, and what is right is said too.

use std::{
    ffi::{OsStr, OsString},
    net::TcpListener,
    os::unix::ffi::OsStrExt,
    time::Duration,
};

use crate::support::{
    EMAIL, PASSWORD,
    database::only_on_sqlite,
    eventually,
    postgres::Database,
    process::{Finished, Workplace},
};

/// A wrong start is over in 2 s on an idle machine; beside other tests it may take longer.
const SOON: Duration = Duration::from_secs(10);

/// One line, that begins as told, and has no secret in it.
#[track_caller]
fn assert_one_line(finished: &Finished, begins: &str) {
    let Finished {
        code,
        stdout,
        stderr,
        took,
    } = finished;
    println!("after {took:?}: {stderr}");
    assert!(
        code.is_some_and(|code| code != 0),
        "{begins}: {code:?} {stderr}"
    );
    assert_eq!(stdout, "", "{begins}");
    assert_eq!(stderr.trim_end().lines().count(), 1, "{begins}: {stderr}");
    assert!(
        stderr.starts_with(&format!("opentill: {begins}")),
        "{begins}: {stderr}"
    );
    assert!(
        !stderr.contains("hunter2") && !stderr.contains("panicked"),
        "{stderr}"
    );
    assert!(*took < SOON, "{begins}: {took:?}");
}

#[track_caller]
fn assert_setting_refused(setting: &str, value: impl AsRef<OsStr>) {
    let operator = Workplace::new().set(setting, value);
    assert_one_line(&operator.run(&["serve"]), setting);
}

#[test]
fn a_wrong_setting_ends_the_start_with_one_line_that_names_it() {
    for (setting, value) in [
        (
            "DATABASE_URL",
            "postgres://opentill:hunter2@127.0.0.1:1/opentill",
        ),
        ("DATABASE_URL", "mysql://opentill:hunter2@db/opentill"),
        ("DATABASE_URL", "hunter2"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "sqlite://opentill.db?key=hunter2"),
        ("DATABASE_URL", "sqlite://no/such/folder/opentill.db"),
        ("LEPTOS_SITE_ADDR", "hunter2"),
        ("LEPTOS_SITE_ADDR", "localhost"),
        ("LEPTOS_SITE_ADDR", "127.0.0.1:99999"),
        // An address that this machine does not have (RFC 5737, TEST-NET-1).
        ("LEPTOS_SITE_ADDR", "192.0.2.1:3000"),
        ("OPENTILL_PUBLIC_URL", "hunter2"),
        (
            "OPENTILL_PUBLIC_URL",
            "https://opentill:hunter2@portal.example",
        ),
        ("OPENTILL_PUBLIC_URL", "https://portal.example/hunter2"),
        ("OPENTILL_PUBLIC_URL", "http://portal.example"),
        ("OPENTILL_INSECURE_HTTP", "hunter2"),
        ("OPENTILL_MAX_TOKENS", "0"),
        ("OPENTILL_MAX_TOKENS", "hunter2"),
        ("OPENTILL_SESSION_IDLE_MINUTES", "0"),
        ("OPENTILL_SESSION_MAX_HOURS", "-1"),
        ("OPENTILL_LOG", "opentill=hunter2"),
        ("OPENTILL_LOG", "=="),
        ("OPENTILL_LOG_FORMAT", "hunter2"),
        ("OPENTILL_LOG_FORMAT", ""),
    ] {
        assert_setting_refused(setting, value);
    }
}

#[test]
fn a_value_that_is_not_text_does_not_pass_for_none_at_all() {
    for setting in [
        "DATABASE_URL",
        "LEPTOS_SITE_ADDR",
        "OPENTILL_PUBLIC_URL",
        "OPENTILL_MAX_TOKENS",
        "OPENTILL_LOG",
        "OPENTILL_LOG_FORMAT",
    ] {
        assert_setting_refused(setting, OsStr::from_bytes(b"\xff\xfe"));
    }
}

#[test]
fn a_log_level_with_a_slip_in_it_is_refused() {
    // Read as the name of a module it would turn off everything else.
    assert_setting_refused("OPENTILL_LOG", "wran");
}

#[test]
fn the_commands_refuse_a_wrong_setting_like_the_server() {
    for command in [
        &["client", "list"][..],
        &["token", "list", "--client", EMAIL],
        &["token", "revoke", "1"],
    ] {
        let operator =
            Workplace::new().set("DATABASE_URL", "postgres://u:hunter2@127.0.0.1:1/opentill");
        assert_one_line(&operator.run(command), "DATABASE_URL");
    }
}

#[test]
fn a_database_that_is_none_is_named_and_left_as_it_is() {
    only_on_sqlite!("a file may be anything");
    let operator = Workplace::new();
    let garbage = "hunter2 is not a database. ".repeat(1000);
    let file = operator.dir().join("opentill.db");
    std::fs::write(&file, &garbage).unwrap();
    assert_one_line(&operator.run(&["serve"]), "DATABASE_URL");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), garbage);

    // Where a folder should be there is a file. Unlike a missing permission, this stops root too.
    let operator = operator.set("DATABASE_URL", "sqlite://opentill.db/inside.db");
    assert_one_line(&operator.run(&["serve"]), "DATABASE_URL");

    let operator = Workplace::new().set("DATABASE_URL", "sqlite://folder");
    std::fs::create_dir(operator.dir().join("folder")).unwrap();
    assert_one_line(&operator.run(&["serve"]), "DATABASE_URL");
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    for operator in [
        Workplace::on_file(),
        Workplace::on_file().on(Database::empty()),
    ] {
        operator.sql("CREATE TABLE clients (hunter2 TEXT)");
        assert_one_line(&operator.run(&["serve"]), "DATABASE_URL");
        assert_eq!(operator.sql("SELECT count(*) FROM clients"), "0");
    }
}

#[test]
fn a_schema_from_a_later_version_is_not_touched() {
    for operator in [
        Workplace::on_file(),
        Workplace::on_file().on(Database::empty()),
    ] {
        operator.say(&["migrate"], "");
        operator.sql(
            "INSERT INTO _sqlx_migrations \
             SELECT 99991231235959, 'later', installed_on, success, checksum, execution_time \
             FROM _sqlx_migrations WHERE version = 1",
        );
        for command in [&["serve"][..], &["client", "list"]] {
            let finished = operator.run(command);
            assert_one_line(&finished, "DATABASE_URL");
            assert!(finished.stderr.contains("newer"), "{}", finished.stderr);
        }
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    assert_setting_refused("LEPTOS_SITE_ADDR", &addr);
}

#[test]
fn the_demo_whose_password_everybody_knows_stays_on_this_machine() {
    for addr in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let operator = Workplace::new().set("LEPTOS_SITE_ADDR", addr);
        let finished = operator.run(&["serve", "--demo"]);
        assert_one_line(&finished, "LEPTOS_SITE_ADDR");
        let left: Vec<_> = std::fs::read_dir(operator.dir()).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[tokio::test]
async fn the_demo_says_how_to_log_in_and_keeps_off_the_real_database() {
    let visitor = Workplace::new().set("DATABASE_URL", "sqlite://real.db");
    let server = visitor.serve_as(&["serve", "--demo"]);
    let mut jane = server.browser();
    assert_eq!(jane.log_in(EMAIL, PASSWORD).await.status, 303);
    assert!(jane.get("/profile").await.body.contains("Jane Smith"));

    // The login took longer than writing these lines.
    let said = server.stdout();
    for part in [&format!("http://{}", server.addr), EMAIL, PASSWORD] {
        assert!(said.contains(part), "{said}");
    }
    let mut left: Vec<OsString> = std::fs::read_dir(visitor.dir())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left[0], "opentill-demo.db");
    assert!(
        left.iter()
            .all(|name| name.as_bytes().starts_with(b"opentill-demo.db")),
        "{left:?}"
    );
}

#[tokio::test]
async fn the_demo_shows_an_account_in_use() {
    let visitor = Workplace::new();
    let server = visitor.serve_as(&["serve", "--demo"]);
    let mut jane = server.logged_in().await;
    let dashboard = jane.get("/").await.body;
    for part in [
        "Busiest tokens",
        "Nightly export",
        "1 active token not used for 90 days or more",
        "1 failed login in the last 7 days",
    ] {
        assert!(dashboard.contains(part), "{part}: {dashboard}");
    }
    assert!(!dashboard.contains("Make your first API call"));
    let profile = jane.get("/profile").await.body;
    for part in ["Mobile app backend", "Never used", "Old ERP"] {
        assert!(profile.contains(part), "{part}: {profile}");
    }
    let said = server.stderr();
    assert!(!said.contains("token_created"), "{said}");
}

#[tokio::test]
async fn the_demo_started_again_goes_on_where_it_was() {
    let visitor = Workplace::new();
    let first = visitor.serve_as(&["serve", "--demo"]);
    let token = first.logged_in().await.create_token("Kept").await;
    // Twice at once, as when the first is still open in another window.
    let second = visitor.serve_as(&["serve", "--demo"]);
    assert_eq!(second.me(&token).await.status, 200);
    first.kill();
    second.kill();

    let third = visitor.serve_as(&["serve", "--demo"]);
    assert_eq!(third.me(&token).await.status, 200);
    let page = third.logged_in().await.get("/profile").await;
    assert!(page.body.contains("Kept"));
}

#[tokio::test]
async fn without_a_command_it_serves() {
    let operator = Workplace::on_file();
    let server = operator.serve_as(&[]);
    let answer = server.browser().get("/healthz").await;
    assert_eq!(answer.status, 200);
    assert_eq!(server.browser().get("/login").await.status, 200);
    assert!(operator.dir().join("opentill.db").exists());
}

#[tokio::test]
async fn settings_that_are_right_are_heard() {
    let operator = Workplace::new()
        .set("DATABASE_URL", "sqlite://elsewhere.db")
        .set("OPENTILL_MAX_TOKENS", "1")
        .set("OPENTILL_LOG", "warn,opentill=debug")
        .set("OPENTILL_LOG_FORMAT", "json");
    operator.add_client(EMAIL);
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    jane.create_token("The one").await;
    let refused = jane.post("/profile/tokens", &[("name", "Another")]).await;
    assert_eq!(refused.status, 409);
    assert!(operator.dir().join("elsewhere.db").exists());
    assert!(!operator.dir().join("opentill.db").exists());
    eventually("requests are logged", async || {
        server.stderr().contains("/profile/tokens")
    })
    .await;
    for line in server.stderr().lines() {
        let parsed: Result<serde_json::Value, _> = serde_json::from_str(line);
        assert!(parsed.is_ok(), "not JSON: {line}");
    }
}
