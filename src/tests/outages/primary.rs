//! A server that answers and no longer writes must not let anybody in: what was revoked since, it
//! does not know.

use opentill::model::secret::TokenSecret;

use super::{Scene, is_away};
use crate::support::{EMAIL, PASSWORD, eventually};

#[tokio::test]
async fn a_demoted_primary_lets_nobody_in_and_turns_nobody_away() {
    let scene = Scene::start().await;
    let mut owner = scene.app.logged_in().await;
    let token = owner.create_token("Reader").await;
    assert_eq!(scene.app.me(&token).await.status, 200);

    let read_only = "default_transaction_read_only";
    scene.cluster.configure(read_only, Some("on"));
    eventually("it is felt", async || !scene.is_ready().await).await;
    let unknown = TokenSecret::generate();
    for token in [token.as_str(), unknown.expose()] {
        let answer = scene.app.me(token).await;
        assert!(is_away(&answer), "{answer:?}");
    }
    assert!(scene.app.me("ot_live_no_token").await.is_exact_401());
    let fields = [("email", EMAIL), ("password", PASSWORD)];
    for answer in [
        owner.get("/profile").await,
        owner.post("/profile/tokens", &[("name", "Late")]).await,
        owner.rpc("tokens/list", &[]).await,
        scene.app.anonymous().post("/login", &fields).await,
    ] {
        assert!(is_away(&answer), "{answer:?}");
    }

    scene.cluster.configure(read_only, None);
    eventually("it is well again", async || scene.is_ready().await).await;
    assert_eq!(scene.app.me(&token).await.status, 200);
    assert_eq!(owner.get("/profile").await.status, 200);
    owner.create_token("Late").await;
}
