//! The connection breaks between a commit and its answer: nobody can tell whether it was done, and
//! everything can be asked for again.

use super::{Scene, is_away};
use crate::support::{Answer, Browser, EMAIL, chaos::Mode, find_token, rounds};

const LOST: [Mode; 2] = [Mode::AnswersLost, Mode::CommitsLost];

/// Loses one commit, or its answer.
async fn lose(
    scene: &Scene,
    mode: Mode,
    browser: &mut Browser,
    path: &str,
    fields: &[(&str, &str)],
) -> Answer {
    scene.way.set(mode);
    let answer = browser.post(path, fields).await;
    scene.way.set(Mode::Open);
    assert!(is_away(&answer), "{mode:?}: {answer:?}");
    assert_eq!(find_token(&answer.body), None, "{mode:?}");
    answer
}

#[tokio::test]
async fn a_token_whose_commit_was_not_answered_is_shown_by_trying_again() {
    let scene = Scene::start().await;
    let mut owner = scene.app.logged_in().await;
    for round in 0..rounds("SEVERED", 5) {
        for mode in LOST {
            let name = format!("{mode:?} {round}");
            let key = name.replace(' ', "-");
            let fields = |is_unseen| {
                [
                    ("name", name.as_str()),
                    ("idempotency_key", key.as_str()),
                    ("replace_unseen", is_unseen),
                ]
            };
            let path = "/rpc/tokens/create";
            let answer = lose(&scene, mode, &mut owner, path, &fields("false")).await;
            assert!(answer.body.contains("unclear"), "{answer:?}");
            let made = scene.app.tokens_of(EMAIL).await;
            let is_made = made.iter().any(|token| token.name.as_str() == name);
            assert_eq!(is_made, mode == Mode::AnswersLost);
            let again = owner.post(path, &fields("true")).await;
            assert_eq!(again.status, 200, "{again:?}");
            let token = find_token(&again.body).expect("it is shown");
            assert_eq!(scene.app.me(&token).await.status, 200);
        }
    }
    let made = scene.app.tokens_of(EMAIL).await.len();
    assert_eq!(made, 2 * rounds("SEVERED", 5), "one for each key");
}

#[tokio::test]
async fn without_javascript_the_page_itself_offers_to_try_again() {
    let scene = Scene::start().await;
    let mut owner = scene.app.logged_in().await;
    for mode in LOST {
        let name = format!("{mode:?}");
        let key = owner.get("/profile").await.field("idempotency_key");
        let fields = [("name", name.as_str()), ("idempotency_key", key.as_str())];
        let page = lose(&scene, mode, &mut owner, "/profile/tokens", &fields).await;
        let again =
            ["name", "idempotency_key", "replace_unseen"].map(|name| (name, page.field(name)));
        let again = again
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        let page = owner.post("/profile/tokens", &again).await;
        assert_eq!(page.status, 200, "{page:?}");
        let token = find_token(&page.body).expect("it is shown");
        assert_eq!(scene.app.me(&token).await.status, 200);
    }
    assert_eq!(scene.app.tokens_of(EMAIL).await.len(), 2);
    // A script that sends no key has nothing to try again with.
    let fields = [("name", "Keyless")];
    let page = lose(
        &scene,
        Mode::AnswersLost,
        &mut owner,
        "/profile/tokens",
        &fields,
    )
    .await;
    assert!(!page.body.contains("replace_unseen"), "{}", page.body);
}

#[tokio::test]
async fn a_revocation_whose_commit_was_not_answered_can_be_sent_again() {
    let scene = Scene::start().await;
    let mut owner = scene.app.logged_in().await;
    for mode in LOST {
        let token = owner.create_token(&format!("{mode:?}")).await;
        let id = scene.app.tokens_of(EMAIL).await[0].id;
        let path = format!("/profile/tokens/{id}/revoke");
        lose(&scene, mode, &mut owner, &path, &[]).await;
        let status = scene.app.me(&token).await.status;
        assert_eq!(status == 401, mode == Mode::AnswersLost, "{status}");
        assert_eq!(owner.post(&path, &[]).await.status, 303);
        assert!(scene.app.me(&token).await.is_exact_401());
    }
}

#[tokio::test]
async fn a_log_in_whose_commit_was_not_answered_can_be_sent_again() {
    let scene = Scene::start().await;
    for mode in LOST {
        let mut visitor = scene.app.anonymous();
        let fields = [("email", EMAIL), ("password", crate::support::PASSWORD)];
        lose(&scene, mode, &mut visitor, "/login", &fields).await;
        assert_eq!(visitor.cookie, None);
        assert_eq!(visitor.post("/login", &fields).await.status, 303);
        assert_eq!(visitor.get("/profile").await.status, 200);
    }
}
