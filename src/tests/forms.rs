//! Plain form posts: what they make of any body, and what they say when they refuse.

mod addresses;
mod bodies;
mod limits;
mod names;
mod once;
mod origin;
mod other_client;
mod resent;
mod scopes;

use std::time::{Duration, Instant};

use opentill::model::client::ClientStatus;
use reqwest::Method;

use crate::support::{Answer, Browser, EMAIL, PASSWORD, TestApp, find_token, raw, raw_cut_off};

const KIB_64: usize = 64 * 1024;
const FORM: &str = "application/x-www-form-urlencoded";
const PATHS: [&str; 3] = ["/login", "/profile/tokens", "/profile/password"];

/// A signed-in client who sends forms byte by byte.
struct Sender {
    app: TestApp,
    cookie: String,
}

impl Sender {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let cookie = app.logged_in().await.cookie.unwrap();
        Self { app, cookie }
    }

    /// The head of a post to `path` with these further lines, each with its line end.
    fn head(&self, path: &str, lines: &str) -> Vec<u8> {
        format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nOrigin: {}\r\n\
             Cookie: {}\r\n{lines}\r\n",
            self.app.addr,
            self.app.state.config.public_url.origin(),
            self.cookie
        )
        .into_bytes()
    }

    async fn post(&self, path: &str, kind: Option<&str>, body: &[u8]) -> Answer {
        let kind = kind.map_or(String::new(), |kind| format!("Content-Type: {kind}\r\n"));
        let head = self.head(path, &format!("{kind}Content-Length: {}\r\n", body.len()));
        raw(self.app.addr, &[head, body.to_vec()].concat()).await
    }

    async fn post_chunked(&self, path: &str, body: &[u8]) -> Answer {
        let lines = format!("Content-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n");
        let mut request = self.head(path, &lines);
        for chunk in body.chunks(16 * 1024) {
            request.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
            request.extend(chunk);
            request.extend(b"\r\n");
        }
        request.extend(b"0\r\n\r\n");
        raw(self.app.addr, &request).await
    }

    /// Nothing was created, changed or ended.
    async fn assert_unchanged(&self) {
        assert!(self.app.tokens_of(EMAIL).await.is_empty());
        assert_eq!(self.app.sessions_of(EMAIL).await.len(), 1);
        let log_in = self.app.anonymous().log_in(EMAIL, PASSWORD).await;
        assert_eq!(log_in.status, 303);
    }
}

/// A form of one field, this long as a whole.
fn form_of(len: usize) -> Vec<u8> {
    let mut body = b"name=".to_vec();
    body.resize(len, b'a');
    body
}

/// What a form answers that can be read but holds nothing useful.
fn refused(path: &str) -> u16 {
    if path == "/login" { 401 } else { 422 }
}

#[tokio::test]
async fn bodies_count_up_to_64_kib_and_not_a_byte_further() {
    let sender = Sender::new().await;
    for path in PATHS {
        for (len, status) in [
            (0, refused(path)),
            (KIB_64 - 1, refused(path)),
            (KIB_64, refused(path)),
            (KIB_64 + 1, 413),
            (10 * 1024 * 1024, 413),
        ] {
            let body = if len == 0 { Vec::new() } else { form_of(len) };
            let answer = sender.post(path, Some(FORM), &body).await;
            assert_eq!(answer.status, status, "{path} with {len} bytes");
            answer.assert_kept_nowhere();
            let answer = sender.post_chunked(path, &body).await;
            assert_eq!(answer.status, status, "{path} with {len} bytes in chunks");
        }
    }
    sender.assert_unchanged().await;
}

#[tokio::test]
async fn who_sends_bodies_that_are_too_large_waits_for_each_refusal() {
    let sender = Sender::new().await;
    let began = Instant::now();
    let answer = sender
        .post("/login", Some(FORM), &form_of(KIB_64 + 1))
        .await;
    assert_eq!(answer.status, 413);
    assert!(began.elapsed() >= Duration::from_millis(100));
}

#[tokio::test]
async fn a_body_of_another_type_is_a_415() {
    let sender = Sender::new().await;
    for path in PATHS {
        let body = b"name=Smuggled&email=x&password=y";
        for kind in [
            None,
            Some(""),
            Some("text/plain"),
            Some("text/html"),
            Some("application/json"),
            Some("multipart/form-data; boundary=x"),
            Some("application/octet-stream"),
            Some("application/x-www-form-urlencoded-not"),
            Some("x; application/x-www-form-urlencoded"),
            Some("\u{ff}"),
        ] {
            let answer = sender.post(path, kind, body).await;
            assert_eq!(answer.status, 415, "{path} as {kind:?}");
        }
        for kind in [
            "application/x-www-form-urlencoded; charset=UTF-8",
            "Application/X-WWW-Form-URLEncoded",
        ] {
            let answer = sender.post(path, Some(kind), b"x=y").await;
            assert_eq!(answer.status, refused(path), "{path} as {kind}");
        }
    }
    sender.assert_unchanged().await;
}

#[tokio::test]
async fn a_body_that_is_not_one_form_is_a_400() {
    let sender = Sender::new().await;
    let many: Vec<String> = (0..10_000).map(|n| format!("f{n:x}")).collect();
    let many = many.join("&");
    assert!(many.len() < KIB_64);
    for path in PATHS {
        for (what, body) in [
            ("10 000 fields", many.as_bytes()),
            ("a field twice", b"name=A&name=B"),
            ("an empty field twice", b"name=A&=&="),
            ("a field twice, written differently", b"name=A&n%61me=A"),
        ] {
            let answer = sender.post(path, Some(FORM), body).await;
            assert_eq!(answer.status, 400, "{path}: {what}");
        }
    }
    sender.assert_unchanged().await;
}

#[tokio::test]
async fn text_that_is_not_utf_8_is_refused_and_never_taken_for_something_else() {
    let sender = Sender::new().await;
    for path in PATHS {
        for body in [
            &b"name=%ff"[..],
            b"name=\xff",
            b"name=a%C3",
            b"name=%c0%af",
            b"name=%ed%a0%80",
            b"email=jane%40example.com&password=%ff",
            b"current_password=correct+horse+battery+staple&new_password=fifteen+characters%ff",
        ] {
            let answer = sender.post(path, Some(FORM), body).await;
            assert!(
                matches!(answer.status, 400 | 401 | 422),
                "{path} {:?}: {}",
                String::from_utf8_lossy(body),
                answer.status
            );
        }
    }
    sender.assert_unchanged().await;
}

#[tokio::test]
async fn a_length_that_is_not_the_bodys_does_no_harm() {
    let sender = Sender::new().await;
    for path in PATHS {
        for lines in [
            "Content-Length: -1\r\n",
            "Content-Length: x\r\n",
            "Content-Length: 5 5\r\n",
            "Content-Length: 99999999999999999999999\r\n",
            "Content-Length: 5\r\nContent-Length: 6\r\n",
            "Transfer-Encoding: nonsense\r\n",
        ] {
            let lines = format!("Content-Type: {FORM}\r\n{lines}");
            let request = [sender.head(path, &lines), b"name=x".to_vec()].concat();
            let answer = raw(sender.app.addr, &request).await;
            assert_eq!(answer.status, 400, "{path}: {lines}");
        }
        // More is promised than comes: the request never was whole.
        for lines in ["Content-Length: 500\r\n", "Transfer-Encoding: chunked\r\n"] {
            let lines = format!("Content-Type: {FORM}\r\n{lines}");
            let request = [sender.head(path, &lines), b"6\r\nname=x".to_vec()].concat();
            let answer = raw_cut_off(sender.app.addr, &request).await;
            let status = answer.map_or(400, |answer| answer.status);
            assert_eq!(status, 400, "{path}: {lines}");
        }
        // Less is promised: the rest belongs to no form.
        let lines = format!("Content-Type: {FORM}\r\nContent-Length: 3\r\n");
        let request = [sender.head(path, &lines), b"x=yname=Smuggled".to_vec()].concat();
        let answer = raw(sender.app.addr, &request).await;
        assert_eq!(answer.status, refused(path), "{path}");
    }
    sender.assert_unchanged().await;
}

async fn post_name(owner: &mut Browser, name: &str) -> Answer {
    owner.post("/profile/tokens", &[("name", name)]).await
}

#[tokio::test]
async fn a_refused_name_is_kept_in_the_form_beside_what_to_change() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    owner.create_token("Taken").await;
    let long = "a".repeat(101);
    for (name, sentence) in [
        ("", "Enter a name for the token."),
        (long.as_str(), "Use 100 characters or fewer."),
        ("a\u{202e}b", "U+202E"),
        ("\u{301}", "Use at least one visible character."),
        ("\u{200b}", "isn't allowed (U+200B)."),
        ("tAKEN", "You already have an active token named “tAKEN”."),
    ] {
        let answer = post_name(&mut owner, name).await;
        assert_eq!(answer.status, 422, "{name:?}");
        assert!(answer.body.contains(sentence), "{name:?}: {}", answer.body);
        answer.assert_kept_nowhere();
        assert_eq!(find_token(&answer.body), None);
        let field = format!("value=\"{name}\"");
        assert!(answer.body.contains(&field), "{name:?}: {}", answer.body);
    }
    assert_eq!(app.tokens_of(EMAIL).await.len(), 1);
}

#[tokio::test]
async fn an_idempotency_key_is_64_visible_ascii_characters_at_most() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    for (n, key) in ["a b", "é", "\n", &"k".repeat(65)].into_iter().enumerate() {
        let fields = [("name", "Refused"), ("idempotency_key", key)];
        let answer = owner.post("/profile/tokens", &fields).await;
        assert_eq!(answer.status, 422, "{n}");
    }
    assert!(app.tokens_of(EMAIL).await.is_empty());
    let longest = "~".repeat(64);
    let fields = [("name", "Made"), ("idempotency_key", longest.as_str())];
    assert_eq!(owner.post("/profile/tokens", &fields).await.status, 200);
}

#[tokio::test]
async fn at_the_limit_a_form_answers_409_until_a_token_is_revoked() {
    let app = TestApp::start_with(&[("OPENTILL_MAX_TOKENS", "2")]).await;
    let mut owner = app.logged_in().await;
    owner.create_token("First").await;
    owner.create_token("Second").await;
    let answer = post_name(&mut owner, "Third").await;
    assert_eq!(answer.status, 409);
    assert!(
        answer
            .body
            .contains("You've reached the limit of 2 active tokens.")
    );
    assert!(answer.body.contains("value=\"Third\""), "the name is kept");
    assert_eq!(find_token(&answer.body), None);
    let called = [
        ("name", "Third"),
        ("idempotency_key", ""),
        ("replace_unseen", "false"),
    ];
    assert_eq!(owner.rpc("tokens/create", &called).await.status, 409);
    let id = app.tokens_of(EMAIL).await[0].id;
    owner
        .post(&format!("/profile/tokens/{id}/revoke"), &[])
        .await;
    assert_eq!(post_name(&mut owner, "Third").await.status, 200);
}

#[tokio::test]
async fn a_suspended_client_revokes_but_does_not_create() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("Before").await;
    app.set_status(EMAIL, ClientStatus::Suspended).await;
    let answer = post_name(&mut owner, "Refused").await;
    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("Your account is suspended"));
    let called = [
        ("name", "Refused"),
        ("idempotency_key", ""),
        ("replace_unseen", "false"),
    ];
    assert_eq!(owner.rpc("tokens/create", &called).await.status, 403);
    let id = app.tokens_of(EMAIL).await[0].id;
    let revoked = owner
        .post(&format!("/profile/tokens/{id}/revoke"), &[])
        .await;
    assert_eq!(revoked.status, 303);
    assert!(app.me(&token).await.is_exact_401());
    assert!(app.tokens_of(EMAIL).await.is_empty());
}

#[tokio::test]
async fn an_address_takes_its_own_methods_alone_and_says_which() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    for (path, allowed) in [
        ("/", "GET,HEAD"),
        ("/login", "GET,HEAD,POST"),
        ("/logout", "GET,HEAD,POST"),
        ("/profile", "GET,HEAD"),
        ("/profile/tokens", "GET,HEAD,POST"),
        ("/profile/tokens/1/revoke", "GET,HEAD,POST"),
        ("/profile/password", "GET,HEAD,POST"),
        ("/profile/sessions/end", "GET,HEAD,POST"),
        ("/profile/sessions/end-others", "GET,HEAD,POST"),
        ("/docs/api", "GET,HEAD"),
    ] {
        let foo = Method::from_bytes(b"FOO").unwrap();
        for method in [Method::PUT, Method::DELETE, Method::PATCH, foo] {
            let origin = app.state.config.public_url.origin().to_owned();
            let request = owner.request(method.clone(), path, &[("origin", &origin)]);
            let answer = owner.send(request).await;
            assert_eq!(answer.status, 405, "{method} {path}");
            let mut listed: Vec<_> = answer.header("allow").split(',').collect();
            listed.sort_unstable();
            assert_eq!(listed.join(","), allowed, "{method} {path}");
        }
    }
}
