//! Random histories of creating, using, revoking and closing at the same time, checked against what
//! any order of them could explain.

mod checker;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Instant, UNIX_EPOCH},
};

use opentill::{
    model::{client::ClientStatus, token::TokenId},
    server::tokens,
};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use self::checker::{Event, What, violations};
use super::hammer::Span;
use crate::support::{Browser, Line, TestApp, find_token, rounds};

/// Whose account is closed and opened again; their tokens are there from the beginning.
const OTHER: &str = "other@example.com";
const OTHERS_TOKENS: usize = 4;
const WORKERS: usize = 6;
/// To begin again where a run went wrong.
const SEED: &str = "OPENTILL_TEST_SEED";

/// A token that has been shown.
#[derive(Clone)]
struct Known {
    secret: String,
    id: TokenId,
    is_others: bool,
}

/// What all workers share.
#[derive(Default)]
struct World {
    tokens: Mutex<Vec<Known>>,
    events: Mutex<Vec<Event>>,
    done: AtomicUsize,
}

impl World {
    fn pick(&self, random: &mut StdRng) -> Option<Known> {
        let tokens = self.tokens.lock().unwrap();
        if tokens.is_empty() {
            return None;
        }
        // The youngest are the most fought over.
        let back = random.random_range(0..tokens.len().min(6));
        let any = random.random_range(0..tokens.len());
        let at = if random.random_ratio(3, 4) {
            tokens.len() - 1 - back
        } else {
            any
        };
        Some(tokens[at].clone())
    }

    async fn record<T>(&self, action: impl Future<Output = T>, what: impl FnOnce(&T) -> What) -> T {
        let began = Instant::now();
        let outcome = Box::pin(action).await;
        let ended = Instant::now();
        let what = what(&outcome);
        let span = Span { began, ended };
        self.events.lock().unwrap().push(Event { span, what });
        outcome
    }
}

async fn create(world: &World, owner: &mut Browser, name: &str) {
    let fields = [
        ("name", name),
        ("idempotency_key", ""),
        ("replace_unseen", "false"),
    ];
    let answer = owner.rpc("tokens/create", &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    world.tokens.lock().unwrap().push(Known {
        secret: find_token(&answer.body).unwrap(),
        id: TokenId(body["token"]["id"].as_i64().unwrap()),
        is_others: false,
    });
}

async fn use_token(world: &World, line: &mut Line, token: &Known) {
    let attempt = line.me(&token.secret);
    world
        .record(attempt, |reply| {
            assert!(matches!(reply.status, 200 | 401), "{reply:?}");
            What::Use {
                token: token.id.0,
                is_others: token.is_others,
                is_accepted: reply.status == 200,
            }
        })
        .await;
}

async fn revoke(world: &World, app: &TestApp, owner: &mut Browser, token: &Known, by: usize) {
    let id = token.id;
    let what = |()| What::Revoke { token: id.0 };
    if token.is_others || by == 0 {
        let revocation = async { drop(tokens::revoke_any(&app.state, id).await.unwrap()) };
        world.record(revocation, |()| what(())).await;
    } else if by == 1 {
        let path = format!("/profile/tokens/{id}/revoke");
        let revocation = async { assert_eq!(owner.post(&path, &[]).await.status, 303) };
        world.record(revocation, |()| what(())).await;
    } else if by == 2 {
        // A 401 says as much: it was revoked before.
        let revocation = async {
            let answer = owner.revoke_itself(&token.secret).await;
            assert!(answer.status == 204 || answer.is_exact_401(), "{answer:?}");
        };
        world.record(revocation, |()| what(())).await;
    } else {
        let id = id.to_string();
        let fields = [("id", id.as_str())];
        let revocation =
            async { assert_eq!(owner.rpc("tokens/revoke", &fields).await.status, 200) };
        world.record(revocation, |()| what(())).await;
    }
}

/// One client of the world, who does what comes to mind.
async fn work(
    world: Arc<World>,
    nodes: Arc<Vec<TestApp>>,
    worker: usize,
    operations: usize,
    seed: u64,
) {
    let mut random = StdRng::seed_from_u64(seed ^ (worker as u64) << 32);
    let app = &nodes[worker % nodes.len()];
    let mut owner = app.logged_in().await;
    let mut line = Line::to(app.addr);
    loop {
        let number = world.done.fetch_add(1, Ordering::Relaxed);
        if number >= operations {
            return;
        }
        let Some(token) = world.pick(&mut random) else {
            create(&world, &mut owner, &format!("Token {number}")).await;
            continue;
        };
        match random.random_range(0..20) {
            0..2 => create(&world, &mut owner, &format!("Token {number}")).await,
            2..4 => {
                let by = random.random_range(0..4);
                revoke(&world, app, &mut owner, &token, by).await;
            }
            _ => use_token(&world, &mut line, &token).await,
        }
    }
}

/// The operator who closes an account and opens it again, all the while.
async fn close_and_open(world: Arc<World>, nodes: Arc<Vec<TestApp>>, operations: usize) {
    while world.done.load(Ordering::Relaxed) < operations {
        for (status, what) in [
            (ClientStatus::Closed, What::Close),
            (ClientStatus::Active, What::Open),
        ] {
            let set = nodes[0].set_status(OTHER, status);
            world.record(set, |()| what).await;
            tokio::time::sleep(std::time::Duration::from_millis(3)).await;
        }
    }
}

async fn history(nodes: Arc<Vec<TestApp>>, seed: u64, operations: usize) -> Vec<Event> {
    let world = Arc::new(World::default());
    nodes[0].add_client(OTHER).await;
    let mut other = nodes[0].logged_in_as(OTHER).await;
    for n in 0..OTHERS_TOKENS {
        create(&world, &mut other, &format!("Other {n}")).await;
    }
    for token in world.tokens.lock().unwrap().iter_mut() {
        token.is_others = true;
    }
    let mut tasks: Vec<_> = (0..WORKERS)
        .map(|n| tokio::spawn(work(world.clone(), nodes.clone(), n, operations, seed)))
        .collect();
    tasks.push(tokio::spawn(close_and_open(
        world.clone(),
        nodes,
        operations,
    )));
    for task in tasks {
        task.await.unwrap();
    }
    std::mem::take(&mut *world.events.lock().unwrap())
}

/// Lets histories happen on nodes that `start` starts anew each time, and checks them.
async fn check(start: impl AsyncFn() -> Vec<TestApp>) {
    let first = match std::env::var(SEED) {
        Ok(seed) => seed.parse().expect("the seed is a number"),
        Err(_) => UNIX_EPOCH.elapsed().unwrap().as_secs(),
    };
    for seed in (first..).take(rounds("HISTORIES", 2)) {
        let nodes = Arc::new(start().await);
        let events = history(nodes, seed, rounds("OPERATIONS", 600)).await;
        let wrong = violations(&events);
        assert!(wrong.is_empty(), "{SEED}={seed}: {wrong:#?}");
        let count = |is: fn(&What) -> bool| events.iter().filter(|event| is(&event.what)).count();
        let accepted = count(|what| matches!(what, What::Use { is_accepted, .. } if *is_accepted));
        let refused = count(|what| matches!(what, What::Use { is_accepted, .. } if !is_accepted));
        let revoked = count(|what| matches!(what, What::Revoke { .. }));
        println!("{SEED}={seed}: {accepted} accepted, {refused} refused, {revoked} revoked");
        assert!(
            accepted > 20 && refused > 20 && revoked > 20,
            "there was a fight"
        );
    }
}

const MANY: (&str, &str) = ("OPENTILL_MAX_TOKENS", "10000");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_history_is_one_that_immediate_revocation_explains() {
    check(async || vec![TestApp::start_with(&[MANY]).await]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_history_of_three_nodes_is_one_that_immediate_revocation_explains() {
    check(async || {
        let first = TestApp::on_postgres(&[MANY]).await;
        let (second, third) = (first.another_node().await, first.another_node().await);
        vec![first, second, third]
    })
    .await;
}
