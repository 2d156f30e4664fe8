//! The work of hashing passwords: how much each log-in costs, who pays when the client is gone, and
//! that every byte takes part.

use std::{
    thread::available_parallelism,
    time::{Duration, Instant},
};

use futures::future::join_all;
use opentill::{
    model::client::ClientStatus,
    server::{
        clock::Clock,
        password::{Password, Passwords, Verdict},
    },
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use super::{OTHER, change_password, comparable, phrase};
use crate::support::{EMAIL, PASSWORD, TestApp, eventually, raw, rounds};

#[tokio::test]
async fn each_log_in_costs_one_hash_whoever_it_is() {
    let app = TestApp::start().await;
    app.add_client(OTHER).await;
    app.set_status(OTHER, ClientStatus::Closed).await;
    let no_password = "never@example.com";
    app.add_client_without_password(no_password).await;
    for (email, password, status) in [
        (EMAIL, PASSWORD, 303),
        (EMAIL, "wrong horse battery staple", 401),
        (EMAIL, "", 401),
        ("nobody@example.com", PASSWORD, 401),
        ("not-an-address", PASSWORD, 401),
        ("", "", 401),
        (OTHER, PASSWORD, 401),
        (OTHER, "wrong horse battery staple", 401),
        (no_password, PASSWORD, 401),
        (no_password, "", 401),
        (EMAIL, &"a".repeat(1025), 401),
        ("nobody@example.com", &"a".repeat(1025), 401),
    ] {
        let before = app.state.passwords.workers().done();
        let answer = app.anonymous().log_in(email, password).await;
        assert_eq!(answer.status, status, "{email:?}");
        let hashes = app.state.passwords.workers().done() - before;
        assert_eq!(hashes, 1, "{email:?} with {} bytes", password.len());
    }
}

#[tokio::test]
async fn a_log_in_that_comes_too_soon_costs_no_hash_whoever_it_is() {
    let settings = [("OPENTILL_LOGIN_LIMIT", "1")];
    let app = TestApp::start_at(Clock::stopped(), &settings).await;
    let mut refusals = Vec::new();
    for email in [EMAIL, "nobody@example.com"] {
        let first = app
            .anonymous()
            .log_in(email, "wrong horse battery staple")
            .await;
        assert_eq!(first.status, 401, "{email}");
        for password in [PASSWORD, "wrong horse battery staple", &"a".repeat(1025)] {
            let before = app.state.passwords.workers().done();
            let answer = app.anonymous().log_in(email, password).await;
            assert_eq!(answer.status, 429, "{email}");
            assert_eq!(app.state.passwords.workers().done(), before, "{email}");
            refusals.push(comparable(&answer, email));
        }
    }
    for refusal in &refusals {
        assert_eq!(refusal, &refusals[0]);
    }
}

#[tokio::test]
async fn a_password_that_cannot_be_set_is_refused_without_a_hash() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    // What is judged is one piece of work for the same threads, and the only one.
    for (new, work) in [
        ("", 0),
        ("14 characters.", 0),
        ("passwordpassword", 1),
        (&phrase(1025), 0),
        (&phrase(1025).repeat(50), 0),
    ] {
        let before = app.state.passwords.workers().done();
        let answer = change_password(&mut owner, PASSWORD, new).await;
        assert_eq!(answer.status, 422, "{} bytes", new.len());
        let done = app.state.passwords.workers().done() - before;
        assert_eq!(done, work, "{} bytes", new.len());
    }
    // One to judge it, one for the comparison with the old one, one for the new one.
    let before = app.state.passwords.workers().done();
    let answer = change_password(&mut owner, PASSWORD, &phrase(1024)).await;
    assert_eq!(answer.status, 303);
    assert_eq!(app.state.passwords.workers().done(), before + 3);
}

#[tokio::test]
async fn a_password_is_judged_after_the_limit_and_counts_when_it_is_refused() {
    let settings = [("OPENTILL_LOGIN_LIMIT", "2")];
    let app = TestApp::start_at(Clock::stopped(), &settings).await;
    let mut owner = app.logged_in().await;
    // All the characters that may stand for letters: without a bound a second of work.
    let worst = "4@8({[<369 1!|0$5+7%2".repeat(5);
    let workers = app.state.passwords.workers();
    let before = workers.done();
    for new in ["passwordpassword", &worst] {
        let answer = change_password(&mut owner, "wrong horse battery staple", new).await;
        assert_eq!(answer.status, 422, "{new}");
    }
    // Both were judged; the second was compared with the current one, too.
    assert_eq!(workers.done(), before + 3);
    for new in ["passwordpassword", &worst, "14 characters.", PASSWORD] {
        let answer = change_password(&mut owner, PASSWORD, new).await;
        assert_eq!(answer.status, 429, "{new}");
    }
    assert_eq!(workers.done(), before + 3, "nothing more was done");
}

#[tokio::test]
async fn a_mebibyte_of_password_is_a_413_and_no_hash() {
    let app = TestApp::start().await;
    let owner = app.logged_in().await;
    let before = app.state.passwords.workers().done();
    let long = "a".repeat(1024 * 1024);
    for (path, field) in [
        ("/login", "password"),
        ("/profile/password", "new_password"),
    ] {
        let body = format!("{field}={long}");
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\nOrigin: http://{addr}\r\n\
             Cookie: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            owner.cookie.as_ref().unwrap(),
            body.len(),
            addr = app.addr,
        );
        let answer = raw(app.addr, request.as_bytes()).await;
        assert_eq!(answer.status, 413, "{path}");
    }
    assert_eq!(app.state.passwords.workers().done(), before);
}

/// Passwords of every kind: scripts, marks, zero bytes, space at the ends.
fn passwords(count: usize) -> Vec<String> {
    let any = prop_oneof![
        2 => "\\PC{15,40}",
        1 => "[ -~]{15,128}",
        1 => prop::collection::vec(any::<char>(), 15..80).prop_map(String::from_iter),
        1 => "[ \t]{1,3}[a-z\u{0}]{15,20}[ \n]{1,3}",
        1 => "(a\u{301}|á|ﬁ|Ⅷ|👩\u{200d}👧){15,40}",
    ];
    let mut runner = TestRunner::deterministic();
    (0..count)
        .map(|_| any.new_tree(&mut runner).unwrap().current())
        .collect()
}

#[tokio::test]
async fn a_password_is_verified_by_exactly_its_own_bytes() {
    let hasher = Passwords::new();
    let typed = |text: &str| Password::typed(text.to_owned());
    for password in passwords(rounds("PASSWORDS", 40)) {
        let stored = hasher.hash(typed(&password)).await.unwrap();
        let right = hasher.verify(typed(&password), Some(stored.clone())).await;
        assert_eq!(right.unwrap(), Verdict::Right, "{password:?}");
        let upside_down: String = password.chars().rev().collect();
        for other in [format!("{password} "), format!(" {password}"), upside_down] {
            if other != password {
                let wrong = hasher.verify(typed(&other), Some(stored.clone())).await;
                assert_eq!(wrong.unwrap(), Verdict::Wrong, "{password:?}, {other:?}");
            }
        }
    }
}

#[tokio::test]
async fn passwords_that_differ_in_one_late_byte_differ() {
    // Where other hash functions stop to read (72), where blocks of this one end (128), and the last.
    let hasher = Passwords::new();
    let longest = "a".repeat(1024);
    let stored = hasher.hash(Password::typed(longest.clone())).await.unwrap();
    for at in [
        0, 14, 63, 64, 71, 72, 73, 127, 128, 129, 255, 256, 1022, 1023,
    ] {
        let mut other = longest.clone();
        other.replace_range(at..=at, "b");
        let verdict = hasher.verify(Password::typed(other), Some(stored.clone()));
        assert_eq!(verdict.await.unwrap(), Verdict::Wrong, "byte {}", at + 1);
    }
    let right = hasher.verify(Password::typed(longest), Some(stored)).await;
    assert_eq!(right.unwrap(), Verdict::Right);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_leaves_after_sending_a_password_takes_no_turn_with_them() {
    let app = TestApp::start().await;
    let mut random = StdRng::seed_from_u64(14);
    let passwords = &app.state.passwords;
    let workers = passwords.workers();
    let turns = available_parallelism()
        .map_or(1, usize::from)
        .saturating_sub(1)
        .max(1);
    let began = Instant::now();
    let wrong = "wrong horse battery staple";
    assert_eq!(app.anonymous().log_in(EMAIL, wrong).await.status, 401);
    let whole = began.elapsed();
    let before = workers.done();
    let body = "email=jane%40example.com&password=wrong+horse+battery+staple";
    let request = format!(
        "POST /login HTTP/1.1\r\nhost: {addr}\r\norigin: http://{addr}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len(),
        addr = app.addr
    );
    for _ in 0..rounds("LEAVERS", 300) {
        let mut visitor = TcpStream::connect(app.addr).await.unwrap();
        visitor.write_all(request.as_bytes()).await.unwrap();
        // Some leave before it was read, some while it waits, some while it is hashed.
        tokio::time::sleep(random.random_range(Duration::ZERO..whole)).await;
        drop(visitor);
    }
    // Every turn is there to be taken once the last of them is gone: so many hashes overlap as may.
    let typed = || Password::typed(PASSWORD.to_owned());
    eventually("nobody waits behind those who left", async || {
        let hashes = (0..2 * turns).map(|_| passwords.hash(typed()));
        join_all(hashes).await.iter().all(Result::is_ok)
    })
    .await;
    let done = workers.done();
    assert!(done > before + 2 * turns, "some who left were hashed");
    assert_eq!(workers.most_busy(), turns);
    assert_eq!(app.anonymous().log_in(EMAIL, PASSWORD).await.status, 303);
}
