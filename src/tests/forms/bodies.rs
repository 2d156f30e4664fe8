//! Bodies that are made to cost something: long, deep, many, all at once.

use futures::future::join_all;

use super::{FORM, KIB_64};
use crate::support::{
    Answer, EMAIL, TestApp,
    mutations::{Mutation, Scene},
    process::Workplace,
    raw, rounds,
};

/// What a process may grow by while it refuses bodies, in KiB. They are a hundred times as large.
const GROWTH: u64 = 32 * 1024;

fn head(addr: std::net::SocketAddr, path: &str, cookie: &str, lines: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\nOrigin: http://{addr}\r\n\
         Cookie: {cookie}\r\nContent-Type: {FORM}\r\n{lines}\r\n"
    )
    .into_bytes()
}

async fn post(app: &TestApp, cookie: &str, mutation: &Mutation, body: &[u8]) -> Answer {
    let length = format!("Content-Length: {}\r\n", body.len());
    let head = head(app.addr, &mutation.path, cookie, &length);
    raw(app.addr, &[&head, body].concat()).await
}

/// Bodies that are forms by their type, and meant to be trouble.
fn trouble() -> Vec<(&'static str, Vec<u8>)> {
    let many: Vec<_> = (0..10_000).map(|n| format!("f{n:x}")).collect();
    let brackets = |n| format!("id{}=1", "[x]".repeat(n));
    vec![
        ("10 000 fields", many.join("&").into_bytes()),
        (
            "10 000 times the same field",
            "id&".repeat(10_000).into_bytes(),
        ),
        ("a field in 6 others", brackets(6).into_bytes()),
        ("a field in 10 000 others", brackets(10_000).into_bytes()),
        (
            "brackets that do not end",
            "id[".repeat(10_000).into_bytes(),
        ),
        ("a list of 10 000", "id[]=1&".repeat(9_000).into_bytes()),
        ("a place far down a list", b"id[999999999999]=1".to_vec()),
        ("nothing but separators", b"&".repeat(KIB_64)),
        ("nothing but equals signs", b"=".repeat(KIB_64)),
        ("nothing but percent signs", b"%".repeat(KIB_64)),
        ("nothing but zero bytes", vec![0; KIB_64]),
        (
            "a name twice",
            b"name=A&name=B&id=1&id=2&email=a&email=b".to_vec(),
        ),
    ]
}

#[tokio::test]
async fn every_address_refuses_what_is_made_to_cost_something_and_goes_on() {
    let app = TestApp::start().await;
    let mut scene = Scene::of(&app).await;
    let cookie = scene.owner.cookie.clone().unwrap();
    let before = (
        app.tokens_of(EMAIL).await,
        app.sessions_of(EMAIL).await.len(),
    );
    for mutation in scene.mutations() {
        // What needs no field reads none, and would be done.
        if mutation.fields.is_empty() {
            continue;
        }
        for (what, body) in trouble() {
            let answer = post(&app, &cookie, &mutation, &body).await;
            let context = format!("{}: {what}: {answer:?}", mutation.path);
            assert!(
                matches!(answer.status, 400 | 401 | 404 | 413 | 422),
                "{context}"
            );
            assert_eq!(answer.header("set-cookie"), "", "{context}");
        }
        for (len, is_too_large) in [
            (0, false),
            (KIB_64 - 1, false),
            (KIB_64, false),
            (KIB_64 + 1, true),
        ] {
            let mut body = b"x=".to_vec();
            body.resize(len.max(2), b'a');
            body.truncate(len);
            let answer = post(&app, &cookie, &mutation, &body).await;
            assert_eq!(
                answer.status == 413,
                is_too_large,
                "{} with {len} bytes",
                mutation.path
            );
            assert!(
                (400..500).contains(&answer.status),
                "{} with {len} bytes",
                mutation.path
            );
        }
    }
    let after = (
        app.tokens_of(EMAIL).await,
        app.sessions_of(EMAIL).await.len(),
    );
    assert_eq!(after, before);
    assert_eq!(scene.owner.get("/profile").await.status, 200);
}

#[tokio::test]
async fn ten_mebibytes_again_and_again_are_refused_and_not_kept() {
    let workplace = Workplace::new().set("OPENTILL_LOG", "warn");
    workplace.add_client(EMAIL);
    let server = workplace.serve();
    let cookie = server.logged_in().await.cookie.unwrap();
    let body = vec![b'a'; 10 * 1024 * 1024];
    let chunk = format!("{:x}\r\n", body.len()).into_bytes();
    let mut before = 0;
    let requests = ["/login", "/profile/tokens", "/rpc/tokens/create"].map(|path| {
        let length = format!("Content-Length: {}\r\n", body.len());
        let with_length = [&head(server.addr, path, &cookie, &length), &body[..]].concat();
        let chunked = head(server.addr, path, &cookie, "Transfer-Encoding: chunked\r\n");
        let chunked = [&chunked, &chunk, &body[..], b"\r\n0\r\n\r\n"].concat();
        [with_length, chunked]
    });
    for round in 0..rounds("LARGE_BODIES", 20) {
        let sent = requests.iter().flatten();
        let answers = join_all(sent.map(|request| raw(server.addr, request))).await;
        assert!(
            answers.iter().all(|answer| answer.status == 413),
            "{answers:?}"
        );
        // What a process takes once and keeps is there after the first round.
        if round == 0 {
            before = server.memory();
        }
    }
    let grown = server.memory().saturating_sub(before);
    assert!(grown < GROWTH, "{grown} KiB more than {before} KiB");
    assert_eq!(server.logged_in().await.get("/").await.status, 200);
}
