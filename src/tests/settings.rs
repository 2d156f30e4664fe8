//! Settings as people and files write them.

use std::{collections::BTreeSet, fs};

use opentill::server::{clock::Clock, settings};

use crate::support::{
    EMAIL, TestApp, eventually,
    process::{Finished, Server, Workplace},
};

const README: &str = include_str!("../../README.md");

#[track_caller]
fn assert_refused(finished: &Finished, setting: &str) {
    let Finished { code, stderr, .. } = finished;
    assert_eq!(*code, Some(1), "{setting}: {stderr}");
    assert_eq!(stderr.trim_end().lines().count(), 1, "{stderr}");
    assert!(
        stderr.starts_with(&format!("opentill: {setting}: ")),
        "{stderr}"
    );
    assert!(!stderr.contains("hunter2"), "{stderr}");
}

#[test]
fn every_setting_is_in_the_readme_and_nothing_else_is() {
    let (_, section) = README.split_once("## Configuration").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let documented: BTreeSet<_> = rows
        .filter_map(|row| Some(row.split_once('`')?.0))
        .collect();
    let known = settings::NAMES
        .into_iter()
        .filter(|name| *name != "LEPTOS_RELOAD_PORT");
    assert_eq!(documented, known.collect());
}

#[test]
fn what_nobody_sees_leads_to_no_other_database() {
    for value in [
        "sqlite://kept.db\r",
        "\u{FEFF}sqlite://kept.db",
        "\"sqlite://kept.db\"",
        "sqlite://kept.db\u{A0}\n",
        "'sqlite://kept.db'\r",
    ] {
        let operator = Workplace::on_file().set("DATABASE_URL", "sqlite://kept.db");
        operator.add_client(EMAIL);
        let operator = operator.set("DATABASE_URL", value);
        assert!(
            operator.say(&["client", "list"], "").contains(EMAIL),
            "{value:?}"
        );
        let left = fs::read_dir(operator.dir()).unwrap();
        for file in left.map(|file| file.unwrap().file_name().into_string().unwrap()) {
            assert!(file.starts_with("kept.db"), "{value:?}: {file:?}");
        }
    }
    for value in [
        "sqlite://hunter2\u{200B}.db",
        "sqlite://hunter2\t.db",
        "sqlite://hunter2.db\"",
        "\u{A0}",
        "\"\"",
    ] {
        let operator = Workplace::on_file().set("DATABASE_URL", value);
        assert_refused(&operator.run(&["client", "list"]), "DATABASE_URL");
    }
}

#[tokio::test]
async fn what_nobody_sees_does_not_turn_off_the_log() {
    for level in [
        "info\r",
        "\u{FEFF}info",
        "warn, opentill=info\r\n",
        "'info'",
    ] {
        let server = Workplace::on_file().set("OPENTILL_LOG", level).serve();
        server.browser().get("/login").await;
        eventually("the request is logged", async || {
            server.stderr().contains("/login")
        })
        .await;
    }
    for level in ["", " ", "warn, opentill = hunter2", "opentill\u{A0}=info"] {
        let operator = Workplace::on_file().set("OPENTILL_LOG", level);
        assert_refused(&operator.run(&["client", "list"]), "OPENTILL_LOG");
    }
}

#[test]
fn a_file_of_settings_from_another_system_is_read_whole_or_refused() {
    let with_file = |bytes: &[u8]| {
        let operator = Workplace::on_file();
        fs::write(operator.dir().join(".env"), bytes).unwrap();
        operator
    };
    for text in [
        "\u{FEFF}DATABASE_URL=sqlite://kept.db\r\nOPENTILL_LOG=info\r\n",
        "OPENTILL_LOG=info\r\nDATABASE_URL=\"sqlite://kept.db\"\u{A0}\r\n",
        "export DATABASE_URL='sqlite://kept.db'",
    ] {
        let operator = with_file(text.as_bytes());
        operator.say(&["client", "list"], "");
        assert!(operator.dir().join("kept.db").exists(), "{text:?}");
        assert!(!operator.dir().join("opentill.db").exists(), "{text:?}");
    }
    let utf_16: Vec<_> = "\u{FEFF}A=hunter2\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for bytes in [
        b"A=hunter2 hunter2\nDATABASE_URL=sqlite://kept.db\n".as_slice(),
        "\u{200B}DATABASE_URL=sqlite://hunter2.db\n".as_bytes(),
        "DATABASE_URL\u{A0}hunter2=x\n".as_bytes(),
        b"DATABASE_URL=sqlite://\xffhunter2.db\n",
        &utf_16,
    ] {
        let operator = with_file(bytes);
        assert_refused(&operator.run(&["client", "list"]), ".env");
        assert!(!operator.dir().join("opentill.db").exists());
    }
}

#[test]
fn a_slip_in_a_name_is_told_once() {
    let operator = Workplace::on_file()
        .set("OPENTILL_TRUSTED_PROXY", "hunter2")
        .set("OPENTILL_SESSION_COLOR", "hunter2")
        .set("OPENTILL_COPY_TO", "postgres://db.example/opentill")
        .set("OPENTILL_TOKEN", "hunter2");
    let finished = operator.run(&["client", "list"]);
    assert_eq!(finished.code, Some(0), "{finished:?}");
    let said = finished.stderr;
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(
        said.contains("OPENTILL_TRUSTED_PROXY (is OPENTILL_TRUSTED_PROXIES meant?)"),
        "{said}"
    );
    assert!(
        said.contains("OPENTILL_SESSION_COLOR") && !said.contains("hunter2"),
        "{said}"
    );
    assert!(
        !said.contains("OPENTILL_COPY_TO") && !said.contains("OPENTILL_TOKEN"),
        "{said}"
    );

    let operator = Workplace::on_file().set("\u{FEFF}DATABASE_URL", "sqlite://hunter2.db");
    assert_refused(&operator.run(&["client", "list"]), "DATABASE_URL");
}

const WARNING: &str = "cross the network readable";
const BANNER: &str = "reached without encryption";

async fn is_warned_of(server: &Server, path: &str) -> (bool, bool) {
    let page = server.browser().get(path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    (
        server.stderr().contains(WARNING),
        page.body.contains(BANNER),
    )
}

#[tokio::test]
async fn plain_http_beyond_this_machine_is_served_on_purpose_or_not_at_all() {
    for addr in ["0.0.0.0:0", "[::]:0", "192.0.2.1:3000"] {
        for url in ["", "http://localhost:3000", "http://portal.example"] {
            let mut operator = Workplace::on_file().set("LEPTOS_SITE_ADDR", addr);
            if !url.is_empty() {
                operator = operator.set("OPENTILL_PUBLIC_URL", url);
            }
            assert_refused(&operator.run(&["serve"]), "LEPTOS_SITE_ADDR");
            assert_eq!(fs::read_dir(operator.dir()).unwrap().count(), 0, "{addr}");
        }
        // A proxy in front of it has TLS.
        let behind = Workplace::on_file().set("LEPTOS_SITE_ADDR", addr);
        behind
            .set("OPENTILL_PUBLIC_URL", "https://portal.example")
            .say(&["client", "list"], "");
    }
    let open = Workplace::on_file().set("LEPTOS_SITE_ADDR", "0.0.0.0:0");
    let open = open.set("OPENTILL_INSECURE_HTTP", "true").serve();
    assert_eq!(is_warned_of(&open, "/login").await, (true, true));
    let closed = Workplace::on_file().serve();
    assert_eq!(is_warned_of(&closed, "/login").await, (false, false));
}

#[test]
fn the_demo_is_not_put_behind_a_proxy() {
    for (url, insecure) in [
        ("https://portal.example", "false"),
        ("http://portal.example", "true"),
    ] {
        let operator = Workplace::on_file()
            .set("OPENTILL_PUBLIC_URL", url)
            .set("OPENTILL_INSECURE_HTTP", insecure);
        assert_refused(&operator.run(&["serve", "--demo"]), "OPENTILL_PUBLIC_URL");
        assert_eq!(fs::read_dir(operator.dir()).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn what_a_proxy_shows_to_be_forgotten_is_told_once() {
    const ADDRESS: &str = "OPENTILL_TRUSTED_PROXIES";
    const SCHEME: &str = "OPENTILL_PUBLIC_URL";
    let by_proxy = [
        ("x-forwarded-for", "203.0.113.7"),
        ("x-forwarded-proto", "https"),
    ];
    let server = Workplace::on_file().serve();
    server.browser().get("/login").await;
    assert!(
        !server.stderr().contains("X-Forwarded"),
        "{}",
        server.stderr()
    );
    for _ in 0..3 {
        server.browser().get_with("/login", &by_proxy).await;
        server.browser().get_with("/profile", &by_proxy).await;
    }
    eventually("the last request is logged", async || {
        server.stderr().matches("/profile").count() == 3
    })
    .await;
    for setting in [ADDRESS, SCHEME] {
        assert_eq!(
            server.stderr().matches(setting).count(),
            1,
            "{}",
            server.stderr()
        );
    }

    let told = Workplace::on_file()
        .set("OPENTILL_TRUSTED_PROXIES", "127.0.0.1")
        .serve();
    told.browser().get_with("/login", &by_proxy[..1]).await;
    eventually("the request is logged", async || {
        told.stderr().contains("/login")
    })
    .await;
    assert!(!told.stderr().contains(ADDRESS), "{}", told.stderr());
}

#[tokio::test]
async fn browsers_are_told_of_https_as_the_operator_wants_it() {
    let https = ("OPENTILL_PUBLIC_URL", "https://portal.example");
    for (setting, value) in [
        (None, "max-age=63072000; includeSubDomains"),
        (Some("subdomains"), "max-age=63072000; includeSubDomains"),
        (Some("host"), "max-age=63072000"),
        (Some("off"), ""),
    ] {
        let mut settings = vec![https];
        settings.extend(setting.map(|setting| ("OPENTILL_HSTS", setting)));
        let app = TestApp::start_with(&settings).await;
        for path in ["/login", "/api/v1/me", "/healthz"] {
            let answer = app.anonymous().get(path).await;
            assert_eq!(
                answer.header("strict-transport-security"),
                value,
                "{setting:?} {path}"
            );
        }
    }
    let finished = Workplace::on_file()
        .set("OPENTILL_HSTS", "hunter2")
        .run(&["client", "list"]);
    assert_refused(&finished, "OPENTILL_HSTS");
}

#[tokio::test]
async fn the_shortest_session_lasts_as_long_as_it_is_used() {
    const MINUTE: i64 = 60;
    let settings = [
        ("OPENTILL_SESSION_IDLE_MINUTES", "1"),
        ("OPENTILL_SESSION_MAX_HOURS", "1"),
    ];
    let clock = Clock::stopped();
    let app = TestApp::start_at(clock, &settings).await;
    let mut owner = app.logged_in().await;
    for round in 0..20 {
        app.clock.advance(20);
        assert_eq!(owner.get("/profile").await.status, 200, "round {round}");
        // It is noted beside the request.
        let now = app.clock.now();
        eventually("its use is noted", async || {
            let sessions = app.sessions_of(EMAIL).await;
            sessions
                .iter()
                .any(|session| now.seconds_since(session.last_seen_at) < MINUTE / 2)
        })
        .await;
    }
    app.clock.advance(MINUTE);
    assert_eq!(owner.get("/profile").await.status, 303);
}

/// Each number at both ends, all of them at once: whatever stands beside them is made for that.
#[tokio::test]
async fn at_both_ends_of_every_setting_it_works() {
    const NUMBERS: [(&str, &str, &str); 8] = [
        ("OPENTILL_DATABASE_CONNECTIONS", "1", "1000"),
        ("OPENTILL_DATABASE_WAIT_SECONDS", "1", "60"),
        ("OPENTILL_LOGIN_LIMIT", "1", "60000000"),
        ("OPENTILL_LOGIN_ADDRESS_LIMIT", "1", "60000000"),
        ("OPENTILL_LOGIN_ACCOUNT_LIMIT", "1", "60000000"),
        ("OPENTILL_TOKEN_LIMIT", "1", "60000000"),
        ("OPENTILL_MAX_TOKENS", "1", "10000"),
        ("OPENTILL_BAD_TOKEN_LIMIT", "1", "60000000"),
    ];
    let lowest = NUMBERS.map(|(name, lowest, _)| (name, lowest));
    let highest = NUMBERS.map(|(name, _, highest)| (name, highest));
    let idle = ("OPENTILL_SESSION_IDLE_MINUTES", "1440");
    let age = ("OPENTILL_SESSION_MAX_HOURS", "720");
    for settings in [&lowest[..], &highest[..], &[idle, age][..]] {
        let app = TestApp::start_with(settings).await;
        let mut owner = app.logged_in().await;
        let token = owner.create_token("One").await;
        assert_eq!(app.me(&token).await.status, 200, "{settings:?}");
        assert!(app.me("none").await.is_exact_401(), "{settings:?}");
        assert_eq!(owner.get("/profile").await.status, 200, "{settings:?}");
        app.clock.advance(29 * 60);
        assert_eq!(owner.get("/").await.status, 200, "{settings:?}");
    }
}
