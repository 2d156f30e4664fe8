//! What was acknowledged survives the process: killed at any moment, it comes back with all of it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, UNIX_EPOCH},
};

use futures::{StreamExt, stream};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::{Client, Method};
use serde_json::Value;
use tokio::time::sleep;

use crate::support::{
    Answer, Browser, EMAIL, PASSWORD, find_token,
    process::{Server, Workplace, python},
    rounds,
};

/// The variable that says how many kills there are, and how many without it.
const KILLS: (&str, usize) = ("KILL_ROUNDS", 20);
/// 2 s on an idle machine; beside other tests it may take longer.
const READY: Duration = Duration::from_secs(10);
/// Between the beginning of the load and the kill, in milliseconds.
const LIFE: std::ops::Range<u64> = 20..600;
/// To begin again where a run went wrong.
const SEED: &str = "OPENTILL_TEST_SEED";
/// Older tokens that are tried after every kill; all of them are tried after the last.
const SAMPLE: usize = 20;

/// What is known of a token whose creation was acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Active,
    /// The revocation was sent; no answer came.
    Unknown,
    Revoked,
}

/// What the server has acknowledged.
#[derive(Default)]
struct Journal {
    /// Each with its name.
    tokens: HashMap<String, (String, Fate)>,
    /// Cookies of sessions.
    sessions: Vec<String>,
    made: usize,
}

impl Journal {
    fn new_name(&mut self) -> String {
        self.made += 1;
        format!("Integration {}", self.made)
    }

    fn acknowledge(&mut self, token: String, name: String) {
        let known = self.tokens.insert(token, (name, Fate::Active));
        assert!(known.is_none(), "no token is made twice");
    }
}

type Shared = Arc<Mutex<Journal>>;

/// Sends a request; `None` if the server died over it.
async fn try_send(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Option<Answer> {
    let request = browser
        .request(Method::POST, path, &[("sec-fetch-site", "same-origin")])
        .form(fields);
    let response = request.send().await.ok()?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.text().await.ok()?;
    Some(Answer {
        status,
        headers,
        body,
    })
}

async fn create_by_form(browser: Browser, journal: Shared) {
    loop {
        let name = journal.lock().unwrap().new_name();
        let Some(answer) = try_send(&browser, "/profile/tokens", &[("name", &name)]).await else {
            return;
        };
        assert_eq!(answer.status, 200, "{}", answer.body);
        let token = find_token(&answer.body).expect("the page shows the token");
        journal.lock().unwrap().acknowledge(token, name);
    }
}

async fn create_by_function(browser: Browser, journal: Shared) {
    loop {
        let name = journal.lock().unwrap().new_name();
        let fields = [
            ("name", name.as_str()),
            ("idempotency_key", &name.replace(' ', "-")),
            ("replace_unseen", "false"),
        ];
        let Some(answer) = try_send(&browser, "/rpc/tokens/create", &fields).await else {
            return;
        };
        assert_eq!(answer.status, 200, "{}", answer.body);
        let token = find_token(&answer.body).expect("the answer holds the token");
        journal.lock().unwrap().acknowledge(token, name);
    }
}

/// Revokes those of `victims`, numbers by token, one after the other.
async fn revoke(browser: Browser, journal: Shared, victims: Vec<(String, i64)>) {
    let set_fate = |token: &String, fate| {
        let mut journal = journal.lock().unwrap();
        journal.tokens.get_mut(token).unwrap().1 = fate;
    };
    for (token, id) in victims {
        set_fate(&token, Fate::Unknown);
        let answer = if id % 2 == 0 {
            try_send(&browser, &format!("/profile/tokens/{id}/revoke"), &[]).await
        } else {
            try_send(&browser, "/rpc/tokens/revoke", &[("id", &id.to_string())]).await
        };
        let Some(answer) = answer else {
            return;
        };
        assert!([200, 303].contains(&answer.status), "{answer:?}");
        set_fate(&token, Fate::Revoked);
    }
}

async fn log_in(browser: Browser, journal: Shared) {
    let fields = [("email", EMAIL), ("password", PASSWORD)];
    while let Some(answer) = try_send(&browser, "/login", &fields).await {
        assert_eq!(answer.status, 303, "{}", answer.body);
        let cookie = answer.set_cookie("session").split(';').next().unwrap();
        journal.lock().unwrap().sessions.push(cookie.to_owned());
    }
}

/// The numbers of active tokens by their names.
async fn numbers(jane: &mut Browser) -> HashMap<String, i64> {
    let answer = jane.rpc("tokens/list", &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let listed: Vec<Value> = serde_json::from_str(&answer.body).unwrap();
    listed
        .iter()
        .map(|token| {
            let name = token["name"].as_str().unwrap().to_owned();
            (name, token["id"].as_i64().unwrap())
        })
        .collect()
}

/// Puts the server under load, kills it in the middle, and notes what it acknowledged.
async fn kill_under_load(server: Server, journal: &Shared, random: &mut StdRng) {
    let mut jane = server.logged_in().await;
    let numbers = numbers(&mut jane).await;
    let victims: Vec<_> = {
        let journal = journal.lock().unwrap();
        let tokens = journal.tokens.iter();
        let mut victims: Vec<_> = tokens
            .filter(|(_, (_, fate))| *fate == Fate::Active)
            // The list has the newest alone.
            .filter_map(|(token, (name, _))| Some((token.clone(), *numbers.get(name)?)))
            .collect();
        // A hash map's own order is not the seed's.
        victims.sort_by_key(|(_, id)| *id);
        // Some live on, to be tried again after every kill.
        victims.retain(|_| random.random_ratio(1, 2));
        victims
    };
    let load = [
        tokio::spawn(create_by_form(server.logged_in().await, journal.clone())),
        tokio::spawn(create_by_function(
            server.logged_in().await,
            journal.clone(),
        )),
        tokio::spawn(revoke(jane, journal.clone(), victims)),
        tokio::spawn(log_in(server.browser(), journal.clone())),
    ];
    // The moment of the kill is the point, so this waits for nothing else.
    sleep(Duration::from_millis(random.random_range(LIFE))).await;
    server.kill();
    for worker in load {
        worker.await.unwrap();
    }
}

/// Tries tokens, several at a time.
async fn check(server: &Server, tokens: Vec<(String, Fate)>) {
    let client = Client::new();
    let url = format!("http://{}/api/v1/me", server.addr);
    stream::iter(tokens)
        .for_each_concurrent(8, |(token, fate)| {
            let request = client.get(&url).bearer_auth(&token);
            async move {
                let response = request.send().await.unwrap();
                let answer = Answer {
                    status: response.status().as_u16(),
                    headers: response.headers().clone(),
                    body: response.text().await.unwrap(),
                };
                let is_kept = match fate {
                    Fate::Active => answer.status == 200 && answer.body.contains(EMAIL),
                    Fate::Revoked => answer.is_exact_401(),
                    Fate::Unknown => answer.status == 200 || answer.is_exact_401(),
                };
                assert!(is_kept, "{fate:?} was lost: {answer:?}");
            }
        })
        .await;
}

fn seed() -> u64 {
    match std::env::var(SEED) {
        Ok(seed) => seed.parse().expect("the seed is a number"),
        Err(_) => UNIX_EPOCH.elapsed().unwrap().as_secs(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_acknowledged_survives_being_killed_at_any_moment() {
    let seed = seed();
    println!("{SEED}={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let kills = rounds(KILLS.0, KILLS.1);
    let operator = Workplace::new()
        .set("OPENTILL_MAX_TOKENS", "10000")
        .set("OPENTILL_LOG", "warn");
    operator.add_client(EMAIL);
    let journal = Shared::default();
    let mut slowest = Duration::ZERO;
    let mut tried = HashMap::new();

    let mut server = operator.serve();
    for kill in 1..=kills {
        kill_under_load(server, &journal, &mut random).await;

        server = operator.serve();
        let answer = server.browser().get("/readyz").await;
        let ready = server.started.elapsed();
        assert_eq!(answer.status, 200);
        assert!(ready < READY, "ready after {ready:?}");
        slowest = slowest.max(ready);

        // What is new since the last kill, and some of what is older.
        let mut tokens: Vec<(String, Fate)> = {
            let journal = journal.lock().unwrap();
            let all = journal.tokens.iter();
            all.map(|(token, (_, fate))| (token.clone(), *fate))
                .collect()
        };
        if kill < kills {
            let mut older = 0;
            tokens.retain(|(token, fate)| {
                let is_new = tried.insert(token.clone(), *fate) != Some(*fate);
                older += usize::from(!is_new);
                is_new || older <= SAMPLE
            });
        }
        check(&server, tokens).await;
        let sessions = std::mem::take(&mut journal.lock().unwrap().sessions);
        for cookie in sessions {
            let mut browser = server.browser();
            browser.cookie = Some(cookie);
            let status = browser.get("/").await.status;
            assert_eq!(status, 200, "a session was lost");
        }
        // While the server has it open: the last to close a file tidies up after the kill.
        if operator.database().is_none() {
            let file = operator.dir().join("opentill.db");
            let verdict = python(
                "import sqlite3, sys; \
                 print(sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check').fetchall())",
                &[file.as_os_str()],
            );
            assert_eq!(verdict, "[('ok',)]");
        }
    }

    let journal = journal.lock().unwrap();
    let count = |fate| journal.tokens.values().filter(|(_, f)| *f == fate).count();
    let (active, revoked) = (count(Fate::Active), count(Fate::Revoked));
    println!(
        "{kills} kills: {active} active and {revoked} revoked tokens kept, ready after {slowest:?} at most"
    );
    assert!(active > kills && revoked > kills, "there was load");
}
