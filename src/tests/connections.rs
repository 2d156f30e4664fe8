//! How many connections there are to the database, and what happens when all are taken.

use futures::future::join_all;

use crate::support::{
    EMAIL, TestApp,
    database::only_on_sqlite,
    eventually,
    postgres::{TokensHeld, new_database},
};

async fn app_on(database: &str, connections: &str, wait: &str) -> TestApp {
    TestApp::start_with(&[
        ("DATABASE_URL", database),
        ("OPENTILL_DATABASE_CONNECTIONS", connections),
        ("OPENTILL_DATABASE_WAIT_SECONDS", wait),
    ])
    .await
}

#[tokio::test]
async fn no_more_connections_are_made_than_may_be() {
    let database = new_database();
    let app = app_on(&database, "3", "10").await;
    let token = app.logged_in().await.create_token("Busy").await;
    let mut held = TokensHeld::in_database(&database).await;
    // Those who ask with a token share one or two, so others ask, too.
    let answers = join_all((0..60).map(|_| app.me(&token)));
    let others = join_all((0..60).map(|_| async { app.anonymous().get("/readyz").await }));
    let (answers, others, ()) = tokio::join!(answers, others, held.release_once_taken(3));
    let mut answers = answers.iter().chain(&others);
    assert!(answers.all(|answer| answer.status == 200));
    assert_eq!(held.connections().await, 3);
}

#[tokio::test]
async fn without_a_connection_it_is_a_503_and_later_well_again() {
    let database = new_database();
    let app = app_on(&database, "1", "1").await;
    let token = app.logged_in().await.create_token("Waiting").await;
    let mut held = TokensHeld::in_database(&database).await;
    // One has the connection and waits for the table, the others wait for the connection.
    let answers = join_all((0..4).map(|_| app.me(&token))).await;
    for answer in answers {
        assert_eq!(answer.status, 503, "{}", answer.body);
        assert_ne!(answer.header("retry-after"), "");
        assert!(answer.body.starts_with(r#"{"message":""#));
    }
    held.release().await;
    eventually("it is well again", async || {
        app.me(&token).await.status == 200
    })
    .await;
}

#[tokio::test]
async fn one_connection_serves_people_and_programs_in_turn() {
    let (file, server) = (
        TestApp::start().await,
        app_on(&new_database(), "1", "10").await,
    );
    for app in [file, server] {
        let token = app.logged_in().await.create_token("Busy").await;
        let programs = join_all((0..60).map(|_| app.me(&token)));
        let people = join_all((0..3).map(async |_| {
            let mut browser = app.logged_in().await;
            for _ in 0..10 {
                assert!(browser.get("/profile").await.body.contains("Busy"));
            }
        }));
        let (programs, _) = tokio::join!(programs, people);
        assert!(programs.iter().all(|answer| answer.status == 200));
    }
}

#[tokio::test]
async fn tokens_and_sessions_are_looked_up_while_a_list_is_read_from_the_file() {
    only_on_sqlite!("a server reads for all of them at the same time");
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let token = owner.create_token("Busy").await;
    let mut elsewhere = app.logged_in().await;
    let faults = app.state.store.faults();
    faults.hold_lists();
    let profile = owner.get("/profile");
    let meanwhile = async {
        eventually("a list is being read", async || faults.held_lists() > 0).await;
        for _ in 0..3 {
            assert_eq!(app.me(&token).await.status, 200);
        }
        // A page that shows the session's client, but no list.
        let docs = elsewhere.get("/docs/api").await;
        assert!(docs.body.contains(EMAIL), "{}", docs.body);
        assert_eq!(faults.held_lists(), 1, "the list is still being read");
        faults.release_lists();
    };
    let (profile, ()) = tokio::join!(profile, meanwhile);
    assert_eq!(profile.status, 200);
    assert!(profile.body.contains("Busy"));
}
