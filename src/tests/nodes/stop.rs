//! One node after the other stops and starts again, and nobody outside notices.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures::future::join_all;

use super::{EMAIL, Installation, NODES, PASSWORD, eventually, me};
use crate::support::rounds;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_stops_fails_no_request_while_the_others_serve() {
    for _ in 0..rounds("NODE_STOPS", 1) {
        let mut installation = Installation::start().await;
        let token = installation
            .logged_in_at(0)
            .await
            .create_token("Load")
            .await;
        let is_over = AtomicBool::new(false);
        let done = AtomicUsize::new(0);
        let installed = &installation;
        let read = async {
            let mut browser = installed.browser();
            while !is_over.load(Ordering::Relaxed) {
                let answer = me(&mut browser, &token).await;
                assert_eq!(answer.status, 200, "{answer:?}");
                done.fetch_add(1, Ordering::Relaxed);
            }
        };
        let log_in = async {
            while !is_over.load(Ordering::Relaxed) {
                let answer = installed.browser().log_in(EMAIL, PASSWORD).await;
                assert_eq!(answer.status, 303, "{answer:?}");
                done.fetch_add(1, Ordering::Relaxed);
            }
        };
        let stop = async {
            let more = async || {
                let before = done.load(Ordering::Relaxed);
                let is_more = async || done.load(Ordering::Relaxed) >= before + 20;
                eventually("requests are answered", is_more).await;
            };
            more().await;
            installed.nodes[0].signal("TERM");
            let is_draining = async || {
                let request = installed
                    .at(0)
                    .request(reqwest::Method::GET, "/readyz", &[]);
                match request.send().await {
                    Ok(answer) => answer.status() == 503,
                    Err(_) => true,
                }
            };
            eventually("the node says that it leaves", is_draining).await;
            for node in 1..NODES {
                assert_eq!(installed.at(node).get("/readyz").await.status, 200);
            }
            let is_gone = async || {
                let request = installed
                    .at(0)
                    .request(reqwest::Method::GET, "/healthz", &[]);
                request.send().await.is_err()
            };
            eventually("the node is gone", is_gone).await;
            more().await;
            is_over.store(true, Ordering::Relaxed);
        };
        tokio::join!(join_all([read]), log_in, stop);
        let status = installation.nodes[0].exit_within(std::time::Duration::from_secs(10));
        assert_eq!(status.and_then(|status| status.code()), Some(0));
    }
}
