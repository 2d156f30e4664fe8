//! Nodes that start, and a schema that is brought up to date while others serve.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use crate::support::{
    EMAIL, Line,
    postgres::{Database, psql},
    process::Workplace,
    rounds,
};

#[test]
fn nodes_that_start_at_once_on_an_empty_database_all_start_and_one_makes_the_schema() {
    for _ in 0..rounds("STARTS", 3) {
        let operator = Workplace::on_file()
            .on(Database::empty())
            .set("OPENTILL_LOG", "warn");
        thread::scope(|scope| {
            let nodes: Vec<_> = (0..3).map(|_| scope.spawn(|| operator.serve())).collect();
            for node in nodes {
                let node = node.join().unwrap();
                assert_eq!(node.stderr(), "");
            }
        });
        let steps = "SELECT count(*) = count(DISTINCT version) AND bool_and(success) \
                     FROM _sqlx_migrations";
        assert_eq!(operator.sql(steps), "t");
        operator.add_client(EMAIL);
    }
}

/// What a later version might add.
const STEPS: [&str; 5] = [
    "ALTER TABLE tokens ADD COLUMN note TEXT",
    "ALTER TABLE clients ADD COLUMN locale TEXT NOT NULL DEFAULT 'en'",
    "ALTER TABLE sessions ADD COLUMN country TEXT",
    "CREATE TABLE notes (id BIGINT PRIMARY KEY, token_id BIGINT REFERENCES tokens (id))",
    "CREATE INDEX CONCURRENTLY tokens_by_note ON tokens (note)",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_goes_on_serving_while_a_later_version_adds_to_the_schema() {
    // As many as can be made meanwhile.
    let operator = Workplace::on_file()
        .on(Database::new())
        .set("OPENTILL_MAX_TOKENS", "10000");
    operator.add_client(EMAIL);
    let node = operator.serve();
    let mut owner = node.logged_in().await;
    let token = owner.create_token("Reader").await;
    let url = operator.database().unwrap().to_owned();
    let is_over = AtomicBool::new(false);
    let migrate = async {
        for step in STEPS {
            let url = url.clone();
            tokio::task::spawn_blocking(move || psql(&url, step))
                .await
                .unwrap();
        }
        is_over.store(true, Ordering::Relaxed);
    };
    let read = async {
        let mut line = Line::to(node.addr);
        let mut count = 0;
        while !is_over.load(Ordering::Relaxed) || count < 100 {
            let reply = line.me(&token).await;
            assert_eq!(reply.status, 200, "{reply:?}");
            count += 1;
        }
    };
    let write = async {
        let mut count = 0;
        while !is_over.load(Ordering::Relaxed) || count < 10 {
            owner.create_token(&format!("Token {count}")).await;
            let listed = owner.rpc("tokens/list", &[]).await;
            assert_eq!(listed.status, 200, "{listed:?}");
            count += 1;
        }
    };
    tokio::join!(migrate, read, write);
    let log = node.stderr();
    assert!(
        !log.contains("ERROR") && !log.contains("cached plan"),
        "{log}"
    );
}
