//! PostgreSQL goes away in every way there is, and comes back: until then a 503, soon after that all
//! is well, nothing that was acknowledged is lost, and no key makes two tokens.

mod commits;
mod crash;
mod elsewhere;
mod load;
mod primary;

use futures::future::join_all;

use self::load::Load;
use crate::support::{
    Answer, EMAIL, TestApp,
    chaos::{Mode, Way},
    eventually,
    postgres::{Cluster, TokensHeld, psql},
    rounds,
};

/// A server of its own, the way to it, and a node at the other end.
struct Scene {
    cluster: Cluster,
    way: Way,
    app: TestApp,
}

impl Scene {
    async fn start() -> Self {
        let cluster = Cluster::durable();
        let way = Way::to(cluster.port()).await;
        let app = TestApp::start_with(&[
            ("DATABASE_URL", &way.url("postgres")),
            ("OPENTILL_MAX_TOKENS", "10000"),
            // So few that one which is stuck is missed.
            ("OPENTILL_DATABASE_CONNECTIONS", "3"),
        ])
        .await;
        Self { cluster, way, app }
    }

    async fn is_ready(&self) -> bool {
        self.app.anonymous().get("/readyz").await.status == 200
    }

    /// Breaks something under load, and mends it once it was felt.
    async fn survive(&mut self, name: &str, breaks: fn(&mut Self), mends: fn(&mut Self)) {
        for round in 0..rounds("OUTAGES", 1) {
            let load = Load::start(&self.app).await;
            load.until_more_are_acknowledged().await;
            breaks(self);
            load.until_it_is_felt().await;
            assert!(!self.is_ready().await, "{name}: a balancer is told");
            mends(self);
            eventually("it is well again", async || self.is_ready().await).await;
            load.until_more_are_acknowledged().await;
            let acknowledged = load.end().await;
            let made = acknowledged.len();
            self.assert_kept(&acknowledged).await;
            println!("{name}, round {round}: {made} tokens acknowledged and kept");
            self.revoke_all().await;
        }
    }

    /// Every token that was shown works, and there is no other.
    async fn assert_kept(&self, acknowledged: &[String]) {
        for token in acknowledged {
            let answer = self.app.me(token).await;
            assert_eq!(answer.status, 200, "acknowledged and lost: {answer:?}");
        }
        assert_eq!(
            self.app.tokens_of(EMAIL).await.len(),
            acknowledged.len(),
            "one token for each key"
        );
    }

    async fn revoke_all(&self) {
        self.app.state.usage.flush().await;
        psql(
            self.cluster.url(),
            "UPDATE tokens SET revoked_at = created_at",
        );
    }
}

/// A 503 that says when to come back, and nothing else.
fn is_away(answer: &Answer) -> bool {
    answer.status == 503 && answer.header("retry-after") == "1"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_stopped_or_killed_and_started_again() {
    let mut scene = Scene::start().await;
    let start = |scene: &mut Scene| scene.cluster.order("start");
    scene
        .survive("fast stop", |s| s.cluster.order("stop fast"), start)
        .await;
    scene
        .survive(
            "immediate stop",
            |s| s.cluster.order("stop immediate"),
            start,
        )
        .await;
    scene
        .survive("kill -9", |s| s.cluster.order("kill"), start)
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_is_cut_and_mended() {
    let mut scene = Scene::start().await;
    scene
        .survive(
            "cut",
            |scene| scene.way.set(Mode::Cut),
            |scene| scene.way.set(Mode::Open),
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_falls_silent_and_forgets_its_connections() {
    let mut scene = Scene::start().await;
    scene
        .survive(
            "silence",
            |scene| scene.way.set(Mode::Silent),
            |scene| scene.way.set(Mode::Open),
        )
        .await;
}

#[tokio::test]
async fn connections_that_died_together_fail_one_request_at_most() {
    let scene = Scene::start().await;
    let token = scene.app.logged_in().await.create_token("Reader").await;
    let mut held = TokensHeld::in_database(scene.cluster.url()).await;
    let ready = join_all((0..3).map(|_| scene.is_ready()));
    let (ready, ()) = tokio::join!(ready, held.release_once_taken(3));
    assert_eq!(ready, [true; 3]);
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
               WHERE application_name = 'opentill'";
    let ended: usize = psql(scene.cluster.url(), end).parse().unwrap();
    assert!(ended > 1, "there were several: {ended}");
    let mut failed = 0;
    for _ in 0..6 {
        let answer = scene.app.me(&token).await;
        assert!(answer.status == 200 || is_away(&answer), "{answer:?}");
        failed += usize::from(answer.status != 200);
    }
    assert!(failed <= 1, "one shows what the others are worth: {failed}");
}

#[tokio::test]
async fn a_lock_that_is_held_for_long_is_a_503_and_then_no_connection_is_missing() {
    let scene = Scene::start().await;
    let mut owner = scene.app.logged_in().await;
    let url = scene.cluster.url().to_owned();
    let lock = "BEGIN; SELECT 1 FROM clients FOR UPDATE; SELECT pg_sleep(4); COMMIT";
    let holder = tokio::task::spawn_blocking(move || psql(&url, lock));
    let is_locked = async || {
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'BEGIN;%pg_sleep%' \
                       AND wait_event = 'PgSleep' AND pid <> pg_backend_pid()";
        psql(scene.cluster.url(), waiting) == "1"
    };
    eventually("the row is locked", is_locked).await;
    let answer = owner.post("/profile/tokens", &[("name", "Waits")]).await;
    assert!(is_away(&answer), "{answer:?}");
    holder.await.unwrap();
    let token = owner.create_token("Waits").await;
    assert_eq!(scene.app.me(&token).await.status, 200);
}
