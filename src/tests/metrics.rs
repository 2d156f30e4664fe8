//! What whoever watches the servers reads, from the real program.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{SocketAddr, TcpListener},
};

use opentill::model::secret::TokenSecret;
use reqwest::Method;

use crate::support::{
    EMAIL, PASSWORD, eventually,
    process::{Server, Workplace},
};

const MANUAL: &str = include_str!("../../docs/operating.md");

/// The program, with a listener for metrics.
struct Watched {
    server: Server,
    metrics: SocketAddr,
    _operator: Workplace,
}

impl Watched {
    async fn start(operator: Workplace) -> Self {
        let server = operator.serve();
        let mut metrics = None;
        eventually("the log says where the metrics are", async || {
            let said = server.stderr();
            let rest = said.split_once("metrics at http://").map(|(_, rest)| rest);
            let addr = rest.and_then(|rest| rest.split_once("/metrics"));
            metrics = addr.map(|(addr, _)| addr.parse().unwrap());
            metrics.is_some()
        })
        .await;
        let metrics = metrics.unwrap();
        Self {
            server,
            metrics,
            _operator: operator,
        }
    }

    async fn ask(&self, method: Method, path: &str) -> (u16, String, String) {
        let url = format!("http://{}{path}", self.metrics);
        let answer = reqwest::Client::new().request(method, url).send().await;
        let answer = answer.unwrap();
        let kind = answer.headers().get("content-type");
        let kind = kind.map_or("", |kind| kind.to_str().unwrap()).to_owned();
        (answer.status().as_u16(), kind, answer.text().await.unwrap())
    }

    async fn scrape(&self) -> Page {
        let (status, kind, text) = self.ask(Method::GET, "/metrics").await;
        assert_eq!(status, 200);
        assert_eq!(kind, "text/plain; version=0.0.4; charset=utf-8");
        Page(text)
    }
}

/// The text of a scrape.
struct Page(String);

impl Page {
    /// The lines that say a number.
    fn samples(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.0.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.rsplit_once(' ').expect("a name and a number"))
    }

    /// The number at this name with these labels; 0 if there is none.
    fn number(&self, sample: &str) -> u64 {
        let found = self.samples().find(|(name, _)| *name == sample);
        found.map_or(0, |(_, number)| number.parse().unwrap())
    }

    /// Each metric with its type.
    fn types(&self) -> BTreeMap<&str, &str> {
        let types = self
            .0
            .lines()
            .filter_map(|line| line.strip_prefix("# TYPE "));
        types.map(|line| line.split_once(' ').unwrap()).collect()
    }

    /// The names of samples and their labels.
    fn labels(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut all: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (sample, _) in self.samples() {
            let (name, labels) = sample.split_once('{').unwrap_or((sample, ""));
            let pairs = labels.trim_end_matches('}').split("\",");
            let words = pairs.filter_map(|pair| Some(pair.split_once("=\"")?.0));
            all.entry(name).or_default().extend(words);
        }
        all
    }
}

fn operator() -> Workplace {
    let operator = Workplace::new().set("OPENTILL_METRICS_ADDR", "127.0.0.1:0");
    operator.add_client(EMAIL);
    let client = r#"{"type":"client","external_id":"43","email":"sam@example.com","name":"Sam"}"#;
    operator.say(&["import", "-"], client);
    operator
}

#[tokio::test]
async fn a_scrape_says_what_was_done_and_nothing_of_whom() {
    let watched = Watched::start(operator()).await;
    let mut owner = watched.server.logged_in().await;
    assert_eq!(
        owner.log_in(EMAIL, "another horse battery").await.status,
        401
    );
    let token = owner.create_token("Backup script").await;
    for _ in 0..3 {
        assert_eq!(watched.server.me(&token).await.status, 200);
    }
    let unknown = TokenSecret::generate();
    for wrong in [unknown.expose(), "ot_live_hunter2"] {
        assert_eq!(watched.server.me(wrong).await.status, 401);
    }
    let mut page = watched.scrape().await;
    eventually("what only the database knows was read", async || {
        page = watched.scrape().await;
        page.types().contains_key("opentill_sessions")
    })
    .await;

    let request =
        |status| format!(r#"opentill_http_requests_total{{route="/api/v1/me",status="{status}"}}"#);
    assert_eq!(page.number(&request("2xx")), 3, "{}", page.0);
    assert_eq!(page.number(&request("4xx")), 2);
    assert_eq!(
        page.number(r#"opentill_http_request_seconds_count{route="/api/v1/me"}"#),
        5
    );
    let verified = |result| {
        page.number(&format!(
            r#"opentill_token_verifications_total{{result="{result}"}}"#
        ))
    };
    assert_eq!(verified("remembered") + verified("read"), 3);
    assert!(verified("read") >= 1);
    assert_eq!((verified("unknown"), verified("malformed")), (1, 1));
    for outcome in ["logged_in", "wrong"] {
        let logins = format!(r#"opentill_logins_total{{outcome="{outcome}"}}"#);
        assert_eq!(page.number(&logins), 1, "{outcome}");
    }
    assert!(page.number("opentill_password_turn_seconds_count") >= 2);
    assert!(page.number(r#"opentill_database_seconds_count{step="commit"}"#) >= 2);
    assert!(page.number("opentill_database_connections_limit") >= 1);
    assert!(page.number("opentill_import_time_seconds") > 1_700_000_000);

    for secret in [
        EMAIL,
        "jane",
        "sam",
        "Backup",
        "127.0.0.1",
        &token,
        "ot_live",
        PASSWORD,
    ] {
        assert!(!page.0.contains(secret), "{secret}: {}", page.0);
    }
}

#[tokio::test]
async fn names_types_and_labels_are_those_that_dashboards_rely_on() {
    let watched = Watched::start(operator()).await;
    watched.server.me("ot_live_hunter2").await;
    watched.server.logged_in().await.get("/profile").await;
    let mut page = watched.scrape().await;
    eventually("what only the database knows was read", async || {
        page = watched.scrape().await;
        page.types().contains_key("opentill_import_time_seconds")
    })
    .await;
    let expected = [
        ("opentill_build_info", "gauge", "database version"),
        ("opentill_start_time_seconds", "gauge", ""),
        ("opentill_http_requests_total", "counter", "route status"),
        ("opentill_http_request_seconds", "histogram", "route"),
        ("opentill_token_verifications_total", "counter", "result"),
        ("opentill_logins_total", "counter", "outcome"),
        ("opentill_limited_requests_total", "counter", "limit"),
        ("opentill_password_turn_seconds", "histogram", ""),
        ("opentill_password_hashes_running", "gauge", ""),
        ("opentill_password_places_taken", "gauge", "standing"),
        ("opentill_password_places", "gauge", "standing"),
        ("opentill_lookup_batch_size", "histogram", "reader"),
        ("opentill_lookup_batch_seconds", "histogram", "reader"),
        ("opentill_database_seconds", "histogram", "step"),
        ("opentill_database_connections_in_use", "gauge", ""),
        ("opentill_database_connections_limit", "gauge", ""),
        ("opentill_sessions", "gauge", ""),
        ("opentill_tokens", "gauge", ""),
        ("opentill_counted_time_seconds", "gauge", ""),
        ("opentill_import_time_seconds", "gauge", ""),
    ];
    let types: BTreeMap<_, _> = expected
        .iter()
        .map(|(name, kind, _)| (*name, *kind))
        .collect();
    assert_eq!(page.types(), types);
    let labels = page.labels();
    for (name, kind, words) in expected {
        let name = if kind == "histogram" {
            format!("{name}_count")
        } else {
            name.to_owned()
        };
        assert_eq!(
            labels[name.as_str()],
            words.split_whitespace().collect(),
            "{name}"
        );
        assert!(
            MANUAL.contains(&format!("`{}`", name.trim_end_matches("_count"))),
            "{name}"
        );
    }

    // What the manual has Prometheus ask for is there, with labels of these words.
    let (_, alerts) = MANUAL
        .split_once("```yaml\ngroups:")
        .expect("example alerts");
    let (alerts, _) = alerts.split_once("```").unwrap();
    let expressions = alerts
        .lines()
        .filter_map(|line| line.trim().strip_prefix("expr: "));
    let mut asked = 0;
    for expression in expressions {
        for (at, _) in expression.match_indices("opentill_") {
            let rest = &expression[at..];
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let (name, rest) = rest.split_at(end.unwrap_or(rest.len()));
            assert!(labels.contains_key(name), "{name}: {expression}");
            asked += 1;
            let Some((pairs, _)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'))
            else {
                continue;
            };
            for pair in pairs.split("\",") {
                let (label, words) = pair.split_once('=').unwrap();
                assert!(labels[name].contains(label), "{label}: {expression}");
                for word in words
                    .trim_matches(['~', '"'])
                    .split('|')
                    .filter(|word| *word != "5xx")
                {
                    let sample = format!("{label}=\"{word}\"");
                    let mut samples = page
                        .samples()
                        .filter(|(sample, _)| sample.starts_with(name));
                    assert!(
                        samples.any(|(found, _)| found.contains(&sample)),
                        "{sample}: {expression}"
                    );
                }
            }
        }
    }
    assert!(asked >= 8, "{asked}");
}

#[tokio::test]
async fn nothing_that_a_client_sends_makes_the_output_longer() {
    let watched = Watched::start(operator()).await;
    let round = async |n: usize| {
        let browser = watched.server.browser();
        for path in [
            format!("/no/{n}"),
            format!("/api/v1/no{n}"),
            format!("/rpc/no{n}"),
            format!("/profile/tokens/{n}"),
        ] {
            for method in ["GET", "POST", "BREW", &format!("X{n}")] {
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let request =
                    browser.request(method, &path, &[("host", &format!("host{n}.example"))]);
                request.send().await.unwrap();
                let method = Method::from_bytes(b"GET").unwrap();
                browser.request(method, &path, &[]).send().await.unwrap();
            }
        }
        for method in [Method::GET, Method::POST] {
            watched.ask(method, &format!("/no/{n}")).await;
        }
    };
    round(0).await;
    let before = watched.scrape().await;
    for n in 1..=8 {
        round(n).await;
    }
    let after = watched.scrape().await;
    let names = |page: &Page| {
        page.samples()
            .map(|(name, _)| name.to_owned())
            .collect::<BTreeSet<_>>()
    };
    let new: Vec<_> = names(&after).difference(&names(&before)).cloned().collect();
    // What is read once a minute may come meanwhile.
    let new: Vec<_> = new.iter().filter(|name| name.contains('{')).collect();
    assert!(new.is_empty(), "{new:?}");
}

#[tokio::test]
async fn each_listener_serves_its_own_and_nothing_else() {
    let watched = Watched::start(operator()).await;
    for path in ["/", "/login", "/healthz", "/api/v1/me", "/metrics/"] {
        let (status, _, body) = watched.ask(Method::GET, path).await;
        assert_eq!((status, body.as_str()), (404, ""), "{path}");
    }
    let (status, ..) = watched.ask(Method::POST, "/metrics").await;
    assert_eq!(status, 405);
    let (status, _, body) = watched.ask(Method::HEAD, "/metrics").await;
    assert_eq!((status, body.as_str()), (200, ""));

    let mut owner = watched.server.logged_in().await;
    let answer = owner.get("/metrics").await;
    assert_eq!(answer.status, 404);
    assert!(!answer.body.contains("opentill_"), "{}", answer.body);
    // Without the setting there is no other listener.
    let plain = Workplace::new();
    let server = plain.serve();
    assert!(
        !server.stderr().contains("metrics at"),
        "{}",
        server.stderr()
    );
}

#[test]
fn an_address_that_is_taken_ends_the_start_with_one_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap();
    for (value, reason) in [
        (addr.to_string(), format!("cannot listen on {addr}: ")),
        (
            "hunter2".to_owned(),
            "must be an address and a port, like 127.0.0.1:9464".to_owned(),
        ),
        (
            "9464".to_owned(),
            "must be an address and a port".to_owned(),
        ),
    ] {
        let finished = Workplace::new()
            .set("OPENTILL_METRICS_ADDR", &value)
            .run(&["serve"]);
        assert_eq!(finished.code, Some(1), "{finished:?}");
        let line = format!("opentill: OPENTILL_METRICS_ADDR: {reason}");
        assert!(finished.stderr.starts_with(&line), "{finished:?}");
        assert_eq!(finished.stderr.lines().count(), 1, "{finished:?}");
        assert!(!finished.stderr.contains("hunter2"), "{finished:?}");
    }
}
