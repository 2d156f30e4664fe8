//! A token, a session's cookie and a password are in the one answer or request that has to hold
//! them, and nowhere else: not in a page, a header, a log at its most talkative, or the database.

mod links;

use std::{
    fmt::Write,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use opentill::{model::secret::TokenSecret, server::token_secret::SecretHash};
use reqwest::Client;
use tokio::time::sleep;

use crate::support::{
    Answer, Browser, EMAIL, PASSWORD, TestApp,
    database::only_on_sqlite,
    find_token,
    postgres::dump,
    process::{Server, Workplace},
    rounds,
};

/// What must not be found, in every form in which it could be.
struct Canary {
    what: String,
    forms: Vec<Vec<u8>>,
}

impl Canary {
    fn new(what: impl Into<String>, secret: &str) -> Self {
        let url_encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let percent: String = secret.replace(' ', "%20");
        let hex = secret.bytes().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        });
        let reversed: String = secret.chars().rev().collect();
        let mut forms = vec![
            secret.to_owned(),
            url_encoded,
            percent,
            hex.to_uppercase(),
            hex,
            reversed,
        ];
        // In base64 three bytes share four characters, so a text looks different at each of three places.
        for before in ["", "x", "xx"] {
            let encoded = base64(format!("{before}{secret}").as_bytes());
            let (start, end) = (4, encoded.len() - 4);
            forms.push(encoded[start..end].to_owned());
            forms.push(encoded[start..end].replace('+', "-").replace('/', "_"));
        }
        Self {
            what: what.into(),
            forms: forms.into_iter().map(String::into_bytes).collect(),
        }
    }

    fn is_in(&self, bytes: &[u8]) -> bool {
        self.forms.iter().any(|form| contains(bytes, form))
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    let first = part[0];
    bytes
        .windows(part.len())
        .any(|window| window[0] == first && window == part)
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let number = three
            .iter()
            .chain([&0, &0])
            .take(3)
            .fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
        for place in 0..4 {
            let is_padding = place > three.len();
            let digit = ALPHABET[number >> (18 - 6 * place) & 63];
            text.push(if is_padding { '=' } else { char::from(digit) });
        }
    }
    text
}

fn assert_absent(canaries: &[Canary], place: &str, bytes: &[u8]) {
    for canary in canaries {
        assert!(!canary.is_in(bytes), "{} is in {place}", canary.what);
    }
}

/// All that an answer says.
fn all_of(answer: &Answer) -> String {
    format!("{:?}\n{}", answer.headers, answer.body)
}

/// The headers of an answer whose body may hold a token.
fn headers_of(answer: &Answer) -> String {
    format!("{:?}", answer.headers)
}

#[test]
fn a_canary_is_found_in_every_form() {
    let secret = TokenSecret::generate();
    let secret = secret.expose();
    let canary = Canary::new("token", secret);
    assert_eq!(base64(b"Man"), "TWFu");
    assert_eq!(base64(b"Ma"), "TWE=");
    assert_eq!(base64(b"M"), "TQ==");
    for text in [
        secret.to_owned(),
        format!("Bearer {secret}"),
        base64(format!("user:{secret}").as_bytes()),
        base64(format!("a:{secret}:b").as_bytes()),
        base64(format!("{secret}:b").as_bytes()),
    ] {
        assert!(canary.is_in(text.as_bytes()), "{text}");
    }
    assert!(!canary.is_in(b"ot_live_"));
    let password = Canary::new("password", PASSWORD);
    assert!(password.is_in(b"password=correct+horse+battery+staple"));
}

/// Creates this many tokens by both doors; the answers' headers and the tokens.
async fn create_tokens(owner: &mut Browser, count: usize) -> (Vec<String>, Vec<String>) {
    let mut headers = Vec::new();
    let mut tokens = Vec::new();
    for n in 0..count / 2 {
        let name = format!("Form {n}");
        let by_form = owner.post("/profile/tokens", &[("name", &name)]).await;
        let name = format!("Call {n}");
        let fields = [
            ("name", name.as_str()),
            ("idempotency_key", ""),
            ("replace_unseen", "false"),
        ];
        let by_call = owner.rpc("tokens/create", &fields).await;
        for answer in [by_form, by_call] {
            assert_eq!(answer.status, 200);
            answer.assert_kept_nowhere();
            tokens.push(find_token(&answer.body).unwrap());
            headers.push(headers_of(&answer));
        }
    }
    (headers, tokens)
}

/// Uses each token rightly and wrongly, by HTTP/1.1 and HTTP/2.
async fn use_tokens(server: &Server, tokens: &[String]) -> Vec<String> {
    let mut said = Vec::new();
    let http2 = Client::builder().http2_prior_knowledge().build().unwrap();
    for token in tokens {
        let bearer = format!("Bearer {token}");
        let basic = format!("Basic {}", base64(format!("{token}:").as_bytes()));
        let mut integration = server.browser();
        for (path, value) in [
            ("/api/v1/me", &bearer),
            ("/api/v1/none", &bearer),
            ("/api/v1/me", &basic),
            ("/profile", &bearer),
            ("/rpc/tokens/list", &bearer),
        ] {
            let headers = [("authorization", value.as_str())];
            said.push(all_of(&integration.get_with(path, &headers).await));
        }
        let url = format!("http://{}/api/v1/me", server.addr);
        let response = http2.get(url).bearer_auth(token).send().await.unwrap();
        assert_eq!(response.status(), 200);
        said.push(format!("{:?}", response.headers()));
        said.push(response.text().await.unwrap());
    }
    said
}

/// Looks at every page there is.
async fn look_around(owner: &mut Browser) -> Vec<String> {
    let mut said = Vec::new();
    for path in [
        "/",
        "/profile",
        "/profile/tokens",
        "/profile/tokens/1/revoke",
        "/profile/tokens/10/revoke",
        "/docs/api",
        "/login",
        "/none",
        "/healthz",
        "/readyz",
        "/rpc/none",
    ] {
        said.push(all_of(&owner.get(path).await));
    }
    said.push(all_of(&owner.rpc("tokens/list", &[]).await));
    let revoked = owner.post("/profile/tokens/1/revoke", &[]).await;
    said.push(all_of(&revoked));
    said.push(all_of(
        &owner.post("/profile/tokens", &[("name", "")]).await,
    ));
    said
}

fn files_below(dir: &Path) -> Vec<(String, Vec<u8>)> {
    fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect()
}

/// Waits until the log has caught up with this request.
async fn wait_for_log(server: &Server, answer: &Answer) {
    let id = answer.header("x-request-id");
    let deadline = Instant::now() + Duration::from_secs(10);
    while !server.stderr().contains(id) {
        assert!(Instant::now() < deadline, "the log has the last request");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_are_in_the_one_answer_that_shows_them_and_nowhere_else() {
    let workplace = Workplace::new()
        .set("OPENTILL_LOG", "trace")
        .set("OPENTILL_MAX_TOKENS", "10000");
    workplace.add_client(EMAIL);
    let server = workplace.serve();
    let mut owner = server.browser();
    let refused = owner.log_in(EMAIL, "a password typed wrong").await;
    assert_eq!(refused.status, 401);
    let log_in = owner.log_in(EMAIL, PASSWORD).await;
    assert_eq!(log_in.status, 303);
    let cookie = owner.cookie.clone().unwrap();
    let cookie = cookie.split_once('=').unwrap().1;

    let (headers, tokens) = create_tokens(&mut owner, rounds("CANARIES", 10)).await;
    assert!(tokens.len() >= 10);
    let mut said = headers;
    said.push(all_of(&refused));
    said.extend(use_tokens(&server, &tokens).await);
    said.extend(look_around(&mut owner).await);
    let last = owner.get("/").await;
    wait_for_log(&server, &last).await;

    let mut canaries = vec![
        Canary::new("the password", PASSWORD),
        Canary::new("the password typed wrong", "a password typed wrong"),
        Canary::new("the session's cookie", cookie),
    ];
    let numbered = tokens.iter().enumerate();
    canaries.extend(numbered.map(|(n, token)| Canary::new(format!("token {n}"), token)));
    assert!(canaries[2].is_in(all_of(&log_in).as_bytes()), "the control");
    assert_absent(&canaries, "what was answered", said.join("\n").as_bytes());
    let log = server.stderr();
    assert!(log.contains("TRACE"), "the log tells everything it has");
    assert_absent(&canaries, "the log", log.as_bytes());
    assert_absent(&canaries, "standard output", server.stdout().as_bytes());

    if let Some(url) = workplace.database() {
        assert_absent(&canaries, "the database", dump(url).as_bytes());
        return;
    }
    // While it runs there is the write-ahead log; after that, all is in one file.
    let running = files_below(workplace.dir());
    let has = |end: &str| running.iter().any(|(name, _)| name.ends_with(end));
    assert!(has("opentill.db") && has("-wal") && has("-shm"));
    drop(server);
    for (name, bytes) in running.iter().chain(&files_below(workplace.dir())) {
        assert_absent(&canaries, name, bytes);
    }
}

#[tokio::test]
async fn a_token_put_into_an_address_by_mistake_is_not_written_down_for_that() {
    let workplace = Workplace::new().set("OPENTILL_LOG", "trace");
    workplace.add_client(EMAIL);
    let server = workplace.serve();
    let mut owner = server.logged_in().await;
    let token = owner.create_token("Misplaced").await;
    let mut anonymous = server.browser();
    for browser in [&mut owner, &mut anonymous] {
        for path in [
            format!("/api/v1/me?token={token}"),
            format!("/api/v1/{token}"),
            format!("/profile?token={token}"),
            format!("/profile/tokens/{token}/revoke"),
            format!("/rpc/tokens/{token}"),
            format!("/{token}"),
        ] {
            browser.get(&path).await;
            browser.post(&path, &[]).await;
        }
    }
    let last = owner.get("/").await;
    wait_for_log(&server, &last).await;
    let log = server.stderr();
    let lines = log.lines().filter(|line| line.contains(&token));
    let lines: Vec<_> = lines.map(|line| line.replace(&token, "TOKEN")).collect();
    assert!(lines.is_empty(), "{lines:#?}");
}

#[tokio::test]
async fn the_database_holds_a_tokens_hash_and_its_last_four_characters_instead() {
    only_on_sqlite!("its file can be searched for bytes; a store test tells it of both");
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Reader").await;
    let files = files_below(app.dir());
    let holds = |part: &[u8]| files.iter().any(|(_, bytes)| contains(bytes, part));
    assert!(holds(&SecretHash::of(&token).0));
    assert!(holds(&token.as_bytes()[42..]));
    assert!(!holds(&token.as_bytes()[..16]));
    assert!(!holds(&token.as_bytes()[38..]));
}

#[tokio::test]
async fn the_line_of_a_request_names_the_route_it_went() {
    let workplace = Workplace::new();
    let server = workplace.serve();
    let mut browser = server.browser();
    for (path, route) in [
        ("/api/v1/me?some=thing", "/api/v1/me"),
        ("/api/v1/some/thing", "/api/v1/{*unknown}"),
        ("/api/openapi.json", "/api/openapi.json"),
        ("/profile/tokens/7/revoke", "/profile/tokens/{id}/revoke"),
        ("/healthz", "/healthz"),
        ("/some/thing", "-"),
    ] {
        let answer = browser.get(path).await;
        wait_for_log(&server, &answer).await;
        let log = server.stderr();
        let id = answer.header("x-request-id");
        let line = log.lines().find(|line| line.contains(id)).unwrap();
        assert!(line.contains(&format!(" route={route} ")), "{path}: {line}");
    }
}
