//! Three nodes on one PostgreSQL, behind a real proxy that is configured as docs/operating.md says: whatever
//! one has promised, the others keep.

mod balancer;
mod start;
mod stop;

use std::{net::SocketAddr, sync::Arc};

use futures::future::join_all;
use opentill::server::config::Config;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use self::balancer::Balancer;
use crate::support::{
    Browser, EMAIL, PASSWORD, eventually, find_token,
    loopback::addresses,
    postgres::Database,
    process::{Server, Workplace},
    rounds,
};

const NODES: usize = 3;

/// An installation as docs/operating.md describes it.
struct Installation {
    operator: Workplace,
    nodes: Vec<Server>,
    balancer: Balancer,
    public: SocketAddr,
    config: Arc<Config>,
}

impl Installation {
    async fn start() -> Self {
        let [public, nodes @ ..] = addresses::<{ 1 + NODES }>();
        let url = format!("http://{public}");
        let operator = Workplace::on_file()
            .on(Database::new())
            .set("OPENTILL_PUBLIC_URL", &url)
            .set("OPENTILL_TRUSTED_PROXIES", "127.0.0.1");
        operator.add_client(EMAIL);
        let balancer = Balancer::start(public, &nodes).await;
        let nodes = nodes.map(|addr| operator.serve_at(addr)).into();
        let config = Config::read(|name| (name == "OPENTILL_PUBLIC_URL").then(|| url.clone()));
        Self {
            operator,
            nodes,
            balancer,
            public,
            config: Arc::new(config.unwrap()),
        }
    }

    /// A browser that talks to one node, past the proxy.
    fn at(&self, node: usize) -> Browser {
        Browser::new(self.nodes[node].addr, Arc::clone(&self.config))
    }

    /// The same visitor at another node.
    fn moved(&self, browser: &Browser, node: usize) -> Browser {
        let mut moved = self.at(node);
        moved.cookie.clone_from(&browser.cookie);
        moved
    }

    /// A browser that goes wherever the proxy sends it.
    fn browser(&self) -> Browser {
        Browser::new(self.public, Arc::clone(&self.config))
    }

    async fn logged_in_at(&self, node: usize) -> Browser {
        let mut browser = self.at(node);
        let answer = browser.log_in(EMAIL, PASSWORD).await;
        assert_eq!(answer.status, 303, "{answer:?} {}", self.balancer.log());
        browser
    }
}

/// The number of the token with this name.
async fn id_of(owner: &mut Browser, name: &str) -> i64 {
    let listed = owner.rpc("tokens/list", &[]).await;
    let listed: Vec<Value> = serde_json::from_str(&listed.body).unwrap();
    let found = listed.iter().find(|token| token["name"] == name);
    found.expect("it is listed")["id"].as_i64().unwrap()
}

async fn me(browser: &mut Browser, token: &str) -> crate::support::Answer {
    let bearer = format!("Bearer {token}");
    browser
        .get_with("/api/v1/me", &[("authorization", &bearer)])
        .await
}

#[tokio::test]
async fn who_logs_in_at_one_node_creates_at_the_second_and_uses_and_revokes_at_the_third() {
    let installation = Installation::start().await;
    for round in 0..NODES {
        let node = |n: usize| (round + n) % NODES;
        let owner = installation.logged_in_at(node(0)).await;
        let name = format!("Round {round}");
        let token = installation
            .moved(&owner, node(1))
            .create_token(&name)
            .await;
        let mut third = installation.moved(&owner, node(2));
        assert_eq!(me(&mut third, &token).await.status, 200);
        let id = id_of(&mut third, &name).await;
        let path = format!("/profile/tokens/{id}/revoke");
        assert_eq!(third.post(&path, &[]).await.status, 303);
        for n in 0..NODES {
            assert!(me(&mut installation.at(n), &token).await.is_exact_401());
        }
    }
}

#[tokio::test]
async fn through_the_proxy_the_same_journey_goes_over_all_nodes() {
    let installation = Installation::start().await;
    let mut owner = installation.browser();
    assert_eq!(owner.log_in(EMAIL, PASSWORD).await.status, 303);
    for round in 0..NODES {
        let name = format!("Round {round}");
        let token = owner.create_token(&name).await;
        assert_eq!(me(&mut installation.browser(), &token).await.status, 200);
        let id = id_of(&mut owner, &name).await;
        let path = format!("/profile/tokens/{id}/revoke");
        assert_eq!(owner.post(&path, &[]).await.status, 303);
        assert!(me(&mut installation.browser(), &token).await.is_exact_401());
    }
    for (n, node) in installation.nodes.iter().enumerate() {
        let has_served = async || node.stderr().contains("/api/v1/me");
        eventually(&format!("node {n} has its share"), has_served).await;
    }
    assert_eq!(installation.balancer.log(), "");
}

#[tokio::test]
async fn one_key_at_three_nodes_at_the_same_time_makes_one_token_shown_once() {
    let installation = Installation::start().await;
    let owner = installation.logged_in_at(0).await;
    for round in 0..rounds("NODE_KEYS", 10) {
        let name = format!("Round {round}");
        let key = format!("key-{round}");
        let answers = join_all((0..2 * NODES).map(|n| {
            let mut browser = installation.moved(&owner, n % NODES);
            let (name, key) = (name.as_str(), key.as_str());
            async move {
                let fields = [
                    ("name", name),
                    ("idempotency_key", key),
                    ("replace_unseen", "false"),
                ];
                browser.rpc("tokens/create", &fields).await
            }
        }))
        .await;
        let (shown, others): (Vec<_>, Vec<_>) = answers.iter().partition(|a| a.status == 200);
        assert_eq!(shown.len(), 1, "{answers:?}");
        let token = find_token(&shown[0].body).expect("it is shown");
        for other in others {
            assert_eq!(other.status, 409, "{other:?}");
            assert_eq!(find_token(&other.body), None);
        }
        assert_eq!(me(&mut installation.browser(), &token).await.status, 200);
    }
    let count = installation.operator.sql("SELECT count(*) FROM tokens");
    assert_eq!(count, rounds("NODE_KEYS", 10).to_string());
}

#[tokio::test]
async fn a_session_that_ends_at_one_node_is_over_at_all() {
    let installation = Installation::start().await;
    let is_in = async |browser: &Browser, node: usize| {
        installation
            .moved(browser, node)
            .get("/profile")
            .await
            .status
            == 200
    };
    let mut ends: Vec<(&str, Browser)> = Vec::new();

    let mut owner = installation.logged_in_at(0).await;
    let before = installation.moved(&owner, 0);
    assert!(is_in(&before, 1).await);
    assert_eq!(owner.post("/logout", &[]).await.status, 303);
    ends.push(("logging out", before));

    let before = installation.logged_in_at(1).await;
    let set = [
        "client",
        "set-password",
        "--email",
        EMAIL,
        "--password-stdin",
    ];
    installation.operator.say(&set, PASSWORD);
    ends.push(("a new password", before));

    let before = installation.logged_in_at(2).await;
    let close = [
        "client",
        "set-status",
        "--email",
        EMAIL,
        "--status",
        "closed",
    ];
    installation.operator.say(&close, "");
    ends.push(("closing the account", before));

    for (what, session) in ends {
        for node in 0..NODES {
            assert!(!is_in(&session, node).await, "after {what}, node {node}");
        }
    }
}

#[tokio::test]
async fn a_client_is_known_by_the_address_that_the_proxy_saw() {
    let installation = Installation::start().await;
    let visitor = reqwest::Client::builder()
        .local_address(std::net::IpAddr::from([127, 0, 0, 2]))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let answer = visitor
        .post(format!("http://{}/login", installation.public))
        .header("origin", installation.config.public_url.origin())
        .header("x-forwarded-for", "203.0.113.9")
        .form(&[("email", EMAIL), ("password", PASSWORD)])
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 303);
    let addresses = "SELECT address FROM activity WHERE event = 'logged_in'";
    assert_eq!(installation.operator.sql(addresses), "127.0.0.2");
}

/// A node of another version has none of the files of this one.
async fn node_without_the_files() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = connection.read(&mut [0; 4096]).await;
                let answer =
                    b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                let _ = connection.write_all(answer).await;
            });
        }
    });
    addr
}

#[tokio::test]
async fn while_nodes_are_replaced_a_page_finds_its_files_at_whichever_node_has_them() {
    let installation = Installation::start().await;
    let page = installation.at(0).get("/login").await.body;
    let (_, rest) = page.split_once("href=\"/pkg/").unwrap();
    let (name, _) = rest.split_once('"').unwrap();
    let other = node_without_the_files().await;
    let [public] = addresses();
    let _balancer = Balancer::start(public, &[other, installation.nodes[0].addr, other]).await;
    let config = Arc::clone(&installation.config);
    for _ in 0..6 {
        let answer = Browser::new(public, Arc::clone(&config))
            .get(&format!("/pkg/{name}"))
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}
