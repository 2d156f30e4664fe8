//! Revocation is immediate: no request that begins after the revoke was answered is let in, however
//! hard the server is being pressed and whoever revoked.

pub mod hammer;
mod histories;

use std::{net::SocketAddr, path::Path};

use tokio::task::spawn_blocking;

use self::hammer::hammer;
use crate::support::{
    Browser, EMAIL,
    process::{Workplace, python},
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
}

const ALL: [By; 4] = [By::Form, By::Function, By::Command, By::Sql];

async fn revoke(by: By, id: i64, owner: &mut Browser, operator: &Workplace) {
    match by {
        By::Form => {
            let path = format!("/profile/tokens/{id}/revoke");
            assert_eq!(owner.post(&path, &[]).await.status, 303);
        }
        By::Function => {
            let answer = owner.rpc("tokens/revoke", &[("id", &id.to_string())]).await;
            assert_eq!((answer.status, answer.body.as_str()), (200, "true"));
        }
        By::Command => {
            operator
                .say_beside(&["token", "revoke", &id.to_string()])
                .await;
        }
        By::Sql => revoke_by_sql(&operator.dir().join("opentill.db"), id).await,
    }
}

async fn revoke_by_sql(database: &Path, id: i64) {
    let database = database.to_owned();
    let script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
                  db.execute('UPDATE tokens SET revoked_at = 1 WHERE id = ?', [sys.argv[2]]); \
                  db.commit()";
    let run = move || python(script, &[database.as_os_str(), id.to_string().as_ref()]);
    spawn_blocking(run).await.unwrap();
}

/// The number of the one active token.
async fn only_token(owner: &mut Browser) -> i64 {
    let listed = owner.rpc("tokens/list", &[]).await;
    let listed: serde_json::Value = serde_json::from_str(&listed.body).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    listed[0]["id"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_begun_after_the_revoke_was_answered_is_let_in() {
    let operator = Workplace::new().set("OPENTILL_LOG", "warn");
    operator.add_client(EMAIL);
    let server = operator.serve();
    let nodes: [SocketAddr; 1] = [server.addr];
    let mut owner = server.logged_in().await;
    let mut checked = 0;
    for round in 0..rounds("REVOKE_ROUNDS", 20) {
        let by = ALL[round % ALL.len()];
        let token = owner.create_token(&format!("Round {round}")).await;
        let id = only_token(&mut owner).await;
        let revoked = revoke(by, id, &mut owner, &operator);
        let round = hammer(&nodes, rounds("REVOKE_CLIENTS", 32), &token, revoked).await;
        if let Err(wrong) = round.judge() {
            panic!("revoked by {by:?}: {wrong}");
        }
        checked += round.len();
    }
    println!("{checked} requests round the revocations");
}
