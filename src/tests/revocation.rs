//! Revocation is immediate: no request that begins after the revoke was answered is let in, however
//! hard the server is being pressed and whoever revoked.

pub mod hammer;
mod histories;

use std::{net::SocketAddr, sync::Arc};

use tokio::task::spawn_blocking;

use self::hammer::hammer;
use crate::support::{
    Browser, EMAIL,
    postgres::Database,
    process::{Server, Workplace},
    rounds,
};

/// The ways in which a token is revoked.
#[derive(Clone, Copy, Debug)]
enum By {
    /// The form of the portal.
    Form,
    /// The server function behind the page's button.
    Function,
    /// `opentill token revoke` in a process of its own.
    Command,
    /// Plain SQL in a process that knows nothing of us.
    Sql,
    /// A program that has the token.
    Itself,
}

const ALL: [By; 5] = [By::Form, By::Function, By::Command, By::Sql, By::Itself];

/// One installation: an operator, a database, and the nodes that share it.
struct Installation {
    operator: Arc<Workplace>,
    nodes: Vec<Server>,
}

impl Installation {
    fn on_a_file() -> Self {
        Self::start(Workplace::on_file(), 1)
    }

    fn on_a_server(nodes: usize) -> Self {
        Self::start(Workplace::on_file().on(Database::new()), nodes)
    }

    fn start(operator: Workplace, nodes: usize) -> Self {
        let operator = operator.set("OPENTILL_LOG", "warn");
        operator.add_client(EMAIL);
        let nodes = (0..nodes).map(|_| operator.serve()).collect();
        Self {
            operator: Arc::new(operator),
            nodes,
        }
    }

    async fn revoke(&self, by: By, id: i64, token: &str, owner: &mut Browser) {
        let number = id.to_string();
        match by {
            By::Form => {
                let path = format!("/profile/tokens/{id}/revoke");
                assert_eq!(owner.post(&path, &[]).await.status, 303);
            }
            By::Function => {
                let answer = owner.rpc("tokens/revoke", &[("id", &number)]).await;
                assert_eq!((answer.status, answer.body.as_str()), (200, "true"));
            }
            By::Command => {
                let command = ["token", "revoke", &number];
                self.operator.say_beside(&command).await;
            }
            By::Sql => self.revoke_by_sql(number).await,
            By::Itself => assert_eq!(owner.revoke_itself(token).await.status, 204),
        }
    }

    async fn revoke_by_sql(&self, id: String) {
        let sql = format!("UPDATE tokens SET revoked_at = 1 WHERE id = {id}");
        let operator = Arc::clone(&self.operator);
        spawn_blocking(move || operator.sql(&sql)).await.unwrap();
    }
}

/// The number of the one active token.
async fn only_token(owner: &mut Browser) -> i64 {
    let listed = owner.rpc("tokens/list", &[]).await;
    let listed: serde_json::Value = serde_json::from_str(&listed.body).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    listed[0]["id"].as_i64().unwrap()
}

/// Revokes one token after the other in the middle of requests with it, in every way there is.
async fn revoke_under_fire(installation: Installation) {
    let addresses: Vec<SocketAddr> = installation.nodes.iter().map(|node| node.addr).collect();
    let mut owners = Vec::new();
    for node in &installation.nodes {
        owners.push(node.logged_in().await);
    }
    let mut checked = 0;
    for round in 0..rounds("REVOKE_ROUNDS", 20) {
        let by = ALL[round % ALL.len()];
        // Whoever revokes does so at one node, and the token has to be dead at all of them.
        let node = round / ALL.len() % owners.len();
        let owner = &mut owners[node];
        let token = owner.create_token(&format!("Round {round}")).await;
        let id = only_token(owner).await;
        let revoked = installation.revoke(by, id, &token, owner);
        let clients = rounds("REVOKE_CLIENTS", 32);
        let round = hammer(&addresses, clients, &token, revoked).await;
        if let Err(wrong) = round.judge() {
            panic!("revoked by {by:?} at node {node}: {wrong}");
        }
        checked += round.len();
    }
    let nodes = addresses.len();
    println!("{checked} requests round the revocations, on {nodes} nodes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_begun_after_the_revoke_was_answered_is_let_in() {
    revoke_under_fire(Installation::on_a_file()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_begun_after_the_revoke_was_answered_is_let_in_by_any_of_three_nodes() {
    revoke_under_fire(Installation::on_a_server(3)).await;
}
