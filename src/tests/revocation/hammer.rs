//! Many clients with one token, on one or several nodes, while it is revoked.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use crate::support::{Line, Reply, eventually};

/// Requests that each client sends at least: before the revocation, and after its answer.
const EACH: usize = 3;

/// A span on the one clock that all clients and whoever revokes share.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Before the first byte was sent.
    pub began: Instant,
    /// After the last byte had come.
    pub ended: Instant,
}

/// One revocation, and the requests before, during and after it.
pub struct Round {
    clients: usize,
    revoke: Span,
    requests: Vec<(Span, Reply)>,
}

/// Hammers at `nodes` with `token` from many connections, and revokes it in the middle of it.
pub async fn hammer(
    nodes: &[SocketAddr],
    clients: usize,
    token: &str,
    revoke: impl Future<Output = ()>,
) -> Round {
    let is_over = Arc::new(AtomicBool::new(false));
    let done = Arc::new(AtomicUsize::new(0));
    let hammers: Vec<_> = (0..clients)
        .map(|client| {
            let mut line = Line::to(nodes[client % nodes.len()]);
            let (token, is_over, done) = (token.to_owned(), is_over.clone(), done.clone());
            tokio::spawn(async move {
                let mut requests = Vec::new();
                while !is_over.load(Ordering::Relaxed) {
                    let began = Instant::now();
                    let reply = line.me(&token).await;
                    let ended = Instant::now();
                    requests.push((Span { began, ended }, reply));
                    done.fetch_add(1, Ordering::Relaxed);
                }
                requests
            })
        })
        .collect();
    let further = async |count: usize| {
        let goal = done.load(Ordering::Relaxed) + count;
        let is_reached = async || done.load(Ordering::Relaxed) >= goal;
        eventually("the clients get their answers", is_reached).await;
    };
    further(EACH * clients).await;
    let began = Instant::now();
    revoke.await;
    let ended = Instant::now();
    // Each client had one request on its way that began before.
    further((EACH + 1) * clients).await;
    is_over.store(true, Ordering::Relaxed);
    let mut requests = Vec::new();
    for hammer in hammers {
        requests.extend(hammer.await.unwrap());
    }
    Round {
        clients,
        revoke: Span { began, ended },
        requests,
    }
}

impl Round {
    /// How many requests there were.
    pub fn len(&self) -> usize {
        self.requests.len()
    }

    /// What is wrong, if anything is; a round that proves nothing is wrong too.
    pub fn judge(&self) -> Result<(), String> {
        let (mut before, mut during, mut after) = (0, 0, 0);
        for (span, reply) in &self.requests {
            let is_accepted = match reply.status {
                200 => true,
                401 if reply.body == br#"{"message":"Unauthenticated."}"# => false,
                _ => return Err(format!("neither accepted nor the exact 401: {reply:?}")),
            };
            let since = span.began.saturating_duration_since(self.revoke.ended);
            if span.began > self.revoke.ended {
                after += 1;
                if is_accepted {
                    return Err(format!("accepted, and begun {since:?} after the answer"));
                }
            } else if span.ended < self.revoke.began {
                before += 1;
                if !is_accepted {
                    return Err("refused before anybody revoked".to_owned());
                }
            } else {
                during += 1;
            }
        }
        if before < self.clients || during < self.clients / 2 || after < self.clients {
            return Err(format!(
                "{before} before, {during} during and {after} after it are too few to tell"
            ));
        }
        Ok(())
    }
}

/// A round of 2 clients, with the revocation from second 10 to 20, and these further requests.
fn round(further: &[(u64, u64, u16)]) -> Round {
    let start = Instant::now();
    let at = |second| start + Duration::from_secs(second);
    let span = |began, ended| Span {
        began: at(began),
        ended: at(ended),
    };
    let usual = [
        (1, 2, 200),
        (2, 9, 200),
        (9, 11, 200),
        (19, 21, 401),
        (21, 22, 401),
        (30, 40, 401),
    ];
    let requests = usual.iter().chain(further);
    Round {
        clients: 2,
        revoke: span(10, 20),
        requests: requests
            .map(|&(began, ended, status)| {
                let body = match status {
                    401 => br#"{"message":"Unauthenticated."}"#.to_vec(),
                    _ => Vec::new(),
                };
                let reply = Reply {
                    status,
                    body,
                    ..Reply::default()
                };
                (span(began, ended), reply)
            })
            .collect(),
    }
}

#[test]
fn the_judge_knows_what_must_not_be() {
    for fine in [
        &[][..],
        &[(10, 20, 200)],
        &[(10, 20, 401)],
        &[(19, 60, 200)],
        &[(9, 60, 401)],
    ] {
        assert_eq!(round(fine).judge(), Ok(()), "{fine:?}");
    }
    for wrong in [
        (21, 22, 200),
        (60, 61, 200),
        (1, 9, 401),
        (12, 13, 500),
        (12, 13, 429),
    ] {
        assert!(round(&[wrong]).judge().is_err(), "{wrong:?}");
    }
    let mut idle = round(&[]);
    idle.clients = 20;
    assert!(idle.judge().unwrap_err().contains("too few"));
}
