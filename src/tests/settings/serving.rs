//! What settings do to a server that runs with them.

use std::fs;

use opentill::server::clock::Clock;

use super::assert_refused;
use crate::support::{
    EMAIL, TestApp, eventually,
    loopback::addresses,
    process::{Server, Workplace},
    raw,
};

const WARNING: &str = "cross the network readable";
const BANNER: &str = "Passwords and tokens can be intercepted";

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
            .say(&["migrate"], "");
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

    // The load balancer's own checks have no client.
    for path in ["/healthz", "/login", "/docs/api"] {
        told.browser().get(path).await;
    }
    eventually("the last request is logged", async || {
        told.stderr().contains("/docs/api")
    })
    .await;
    let log = told.stderr();
    let (before, after) = log.split_once("without X-Forwarded-For").expect(&log);
    assert!(before.contains("/healthz"), "{log}");
    assert_eq!(after.matches(ADDRESS).count(), 1, "{log}");
}

#[tokio::test]
async fn an_https_address_without_a_proxy_is_told_at_the_start() {
    const HINT: &str = "OPENTILL_TRUSTED_PROXIES is not set";
    let https = || Workplace::on_file().set("OPENTILL_PUBLIC_URL", "https://portal.example");
    let alone = https();
    let server = alone.serve();
    eventually("it is logged", async || server.stderr().contains(HINT)).await;

    let behind = https().set("OPENTILL_TRUSTED_PROXIES", "127.0.0.1");
    let [addr] = addresses();
    let server = behind.serve_at(addr);
    raw(server.addr, b"GET /healthz HTTP/1.0\r\n\r\n").await;
    eventually("a later request is logged", async || {
        server.stderr().contains("/healthz")
    })
    .await;
    assert!(!server.stderr().contains(HINT), "{}", server.stderr());
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
    for (settings, app) in [
        (&lowest[..], TestApp::start_with(&lowest).await),
        (&lowest, TestApp::on_postgres(&lowest).await),
        (&highest, TestApp::start_with(&highest).await),
        (&[idle, age], TestApp::start_with(&[idle, age]).await),
    ] {
        let mut owner = app.logged_in().await;
        let token = owner.create_token("One").await;
        assert_eq!(app.me(&token).await.status, 200, "{settings:?}");
        assert!(app.me("none").await.is_exact_401(), "{settings:?}");
        assert_eq!(owner.get("/profile").await.status, 200, "{settings:?}");
        app.clock.advance(29 * 60);
        assert_eq!(owner.get("/").await.status, 200, "{settings:?}");
    }
}
