//! The outbox is bounded, and several nodes share it.

use opentill::server::{clock::Clock, mail::send_due};

use super::{app_with, ask, waiting};
use crate::support::{
    EMAIL, TestApp,
    mail::{MailServer, Manner},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_send_each_mail_once() {
    let server = MailServer::start(Manner::Accept).await;
    let app = app_with(&server).await;
    let other = app.another_node().await;
    for n in 0..12 {
        let email = format!("client{n}@example.com");
        app.add_client(&email).await;
        let fields = [("email", email.as_str())];
        app.anonymous().post("/forgot-password", &fields).await;
    }
    let nodes = [&app, &other, &app, &other];
    let sending = nodes.map(|node| async move {
        // One that another node is about to claim is no reason to stop.
        while !waiting(node).await.is_empty() {
            send_due(&node.state).await;
        }
    });
    futures::future::join_all(sending).await;
    let mut to: Vec<_> = server.accepted();
    to.sort_by_key(|mail| mail.header("To").to_owned());
    to.dedup_by_key(|mail| mail.header("To").to_owned());
    assert_eq!((to.len(), server.accepted().len()), (12, 12));
}

#[tokio::test]
async fn a_node_that_dies_while_it_sends_leaves_the_mail_to_another() {
    let server = MailServer::start(Manner::Silent).await;
    let app = app_with(&server).await;
    ask(&app).await;
    {
        let sending = send_due(&app.state);
        let connected =
            crate::support::eventually("it is being sent", async || server.connections() == 1);
        tokio::select! {
            () = sending => panic!("the server says nothing"),
            () = connected => {}
        }
    }
    server.set(Manner::Accept);
    let other = app.another_node().await;
    send_due(&other.state).await;
    assert!(server.accepted().is_empty(), "it may still be on its way");
    app.clock.advance(10 * 60);
    send_due(&other.state).await;
    assert_eq!(server.accepted().len(), 1);
    assert!(waiting(&app).await.is_empty());
}

#[tokio::test]
async fn a_client_who_makes_tokens_without_end_is_told_of_the_first_of_an_hour() {
    let app = TestApp::start_at(Clock::stopped(), &[]).await;
    let mut owner = app.logged_in().await;
    for n in 0..25 {
        owner.create_token(&format!("Token {n}")).await;
    }
    assert_eq!(app.mails().await.len(), 20);
    app.clock.advance(3_601);
    let mut owner = app.logged_in().await;
    owner.create_token("Another").await;
    assert_eq!(app.mails().await.len(), 21);
}

#[tokio::test]
async fn as_many_mails_wait_as_there_is_room_for_and_what_they_tell_of_happens_anyway() {
    let app = TestApp::start().await;
    let client = app.id_of(EMAIL).await.0;
    let many = |count: u32| {
        format!(
            "INSERT INTO mails (client_id, kind, recipient, who, user_agent, at, message_id, due_at) \
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {count}) \
             SELECT {client}, 'token_created', 'a@example.com', 'client', '', 1, 'id', 99999999999 FROM n"
        )
    };
    let url = app.state.config.database_url.clone();
    crate::support::database::run(&url, &many(100)).await;
    app.logged_in().await.create_token("Told to nobody").await;
    assert_eq!(waiting(&app).await.len(), 100, "as many as of one client");
    ask(&app).await;
    assert_eq!(
        waiting(&app).await.len(),
        101,
        "a link is asked for by anybody"
    );
    crate::support::database::run(&url, &many(9_899)).await;
    ask(&app).await;
    let listed = app.state.store.mails_after(0, 20_000).await.unwrap();
    assert_eq!(listed.len(), 10_000);
}
