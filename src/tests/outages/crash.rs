//! A server that crashes may forget what was committed without waiting for the disk, and gives the number of that
//! transaction to another one.

use std::process::Command;

use crate::support::{
    TestApp, eventually,
    postgres::{Cluster, psql, try_psql},
};

fn signal(signal: &str, process: &str) {
    let sent = Command::new("kill").args([signal, process]).status();
    assert!(sent.unwrap().success());
}

#[tokio::test]
async fn a_commit_that_a_crash_forgot_lets_nobody_in() {
    let cluster = Cluster::durable();
    let url = cluster.url();
    // Neither a transaction nor a write to the disk that is not one of ours.
    cluster.configure("autovacuum", Some("off"));
    cluster.configure("bgwriter_lru_maxpages", Some("0"));
    let app = TestApp::start_with(&[("DATABASE_URL", url)]).await;
    let token = app.logged_in().await.create_token("Reader").await;
    assert_eq!(app.me(&token).await.status, 200);
    // Else it would be written later, and what was committed before would be on the disk with it.
    app.state.usage.flush().await;
    psql(url, "UPDATE tokens SET revoked_at = created_at");
    assert!(app.me(&token).await.is_exact_401());

    // It alone brings to the disk what nobody waits for.
    let writer = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'";
    let writer = psql(url, writer);
    signal("-STOP", &writer);
    let unnoticed = "SET synchronous_commit = off; UPDATE tokens SET revoked_at = NULL";
    psql(url, unnoticed);
    assert_eq!(app.me(&token).await.status, 200);
    let snapshot = || try_psql(url, "SELECT pg_current_snapshot()");
    let before = snapshot().unwrap();

    // The server takes the loss of one of its processes for that of its memory.
    signal("-KILL", &writer);
    eventually("it is up again", async || snapshot().is_ok()).await;
    eventually("others have the numbers that were lost", async || {
        psql(url, "SELECT pg_current_xact_id()");
        snapshot().unwrap() == before
    })
    .await;
    eventually("the connections that were lost are noticed", async || {
        app.me(&token).await.status != 503
    })
    .await;
    assert_eq!(snapshot().unwrap(), before);
    assert!(app.me(&token).await.is_exact_401());
}
