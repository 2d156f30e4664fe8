//! The address comes to lead to another database, which may hold what this one held a while ago: nothing is read there,
//! and nothing written that would be missed here.

use std::process::Command;

use futures::future::join_all;

use super::{Scene, is_away};
use crate::support::{
    EMAIL, PASSWORD,
    chaos::Mode,
    eventually,
    postgres::{Cluster, psql, psql_script, try_psql},
};

/// Another server, with all that is in this one.
fn clone_of(cluster: &Cluster) -> Cluster {
    let clone = Cluster::start();
    let dumped = Command::new("pg_dump").arg(cluster.url()).output().unwrap();
    assert!(dumped.status.success(), "{dumped:?}");
    psql_script(clone.url(), std::str::from_utf8(&dumped.stdout).unwrap());
    clone
}

async fn assert_all_is_refused(scene: &Scene, token: &str) {
    assert!(!scene.is_ready().await, "a balancer is told");
    let answer = scene.app.me(token).await;
    assert!(is_away(&answer), "{answer:?}");
    let fields = [("email", EMAIL), ("password", PASSWORD)];
    let answer = scene.app.anonymous().post("/login", &fields).await;
    assert!(is_away(&answer), "{answer:?}");
}

#[tokio::test]
async fn a_clone_behind_the_same_address_lets_nobody_in_and_takes_nothing() {
    let scene = Scene::start().await;
    let mut owner = scene.app.logged_in().await;
    let token = owner.create_token("Revoked since").await;
    let clone = clone_of(&scene.cluster);
    let kept = owner.create_token("Kept").await;
    psql(
        scene.cluster.url(),
        "UPDATE tokens SET revoked_at = created_at WHERE name = 'Revoked since'",
    );

    scene.way.lead_to(clone.port());
    scene.way.set(Mode::Cut);
    eventually("it is felt", async || !scene.is_ready().await).await;
    scene.way.set(Mode::Open);
    for token in [&token, &kept] {
        assert_all_is_refused(&scene, token).await;
    }
    let answer = owner.post("/profile/tokens", &[("name", "Late")]).await;
    assert!(is_away(&answer), "{answer:?}");
    let late = psql(
        clone.url(),
        "SELECT count(*) FROM tokens WHERE name = 'Late'",
    );
    assert_eq!(late, "0");

    scene.way.lead_to(scene.cluster.port());
    eventually("it leads back", async || scene.is_ready().await).await;
    assert_eq!(scene.app.me(&kept).await.status, 200);
    assert!(scene.app.me(&token).await.is_exact_401());
}

#[tokio::test]
async fn connections_that_still_lead_to_the_old_database_are_given_up_with_the_first_that_does_not()
{
    let scene = Scene::start().await;
    let token = scene.app.logged_in().await.create_token("Reader").await;
    let clone = clone_of(&scene.cluster);
    scene.way.lead_to(clone.port());
    // One of several that are open is lost, so one is opened.
    let one = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE application_name = 'opentill' ORDER BY state_change LIMIT 1";
    assert_eq!(psql(scene.cluster.url(), one), "t");
    eventually("it is felt", async || {
        // One question alone would always be asked on the connection that was used last, which may not be the lost one.
        let asked = join_all((0..9).map(|_| scene.is_ready())).await;
        asked.contains(&false)
    })
    .await;
    assert_all_is_refused(&scene, &token).await;

    scene.way.lead_to(scene.cluster.port());
    eventually("it leads back", async || scene.is_ready().await).await;
    assert_eq!(scene.app.me(&token).await.status, 200);
}

#[tokio::test]
async fn a_database_of_the_same_name_that_was_made_anew_is_another() {
    let scene = Scene::start().await;
    let token = scene.app.logged_in().await.create_token("Reader").await;
    let (server, _) = scene.cluster.url().rsplit_once('/').unwrap();
    let other = format!("{server}/template1");
    scene.way.set(Mode::Cut);
    eventually("nobody is connected", async || {
        try_psql(&other, "ALTER DATABASE postgres RENAME TO before").is_ok()
    })
    .await;
    psql(&other, "CREATE DATABASE postgres TEMPLATE before");
    scene.way.set(Mode::Open);
    eventually("it is felt", async || !scene.is_ready().await).await;
    assert_all_is_refused(&scene, &token).await;
}
