//! Whose page a form or a call comes from. In one browser somebody else may have logged in since.

use std::collections::BTreeSet;

use opentill::{http::portal::FormRoute, model::client::ClientId};

use crate::support::{
    Answer, Browser, EMAIL, PASSWORD, TestApp,
    mutations::{Mutation, NEEDS_NO_SESSION, Scene},
};

const OTHER: &str = "other@example.com";

/// All that the mutations could change of a client.
async fn state_of(app: &TestApp, email: &str) -> String {
    let client = app.id_of(email).await;
    let store = &app.state.store;
    let clients = store.clients_after(None, 1_000).await.unwrap();
    format!(
        "{:?} {:?} {:?} {:?}",
        clients.iter().find(|known| known.id == client),
        app.tokens_of(email).await,
        app.sessions_of(email).await,
        store.activity_of(client, 1_000).await.unwrap(),
    )
}

/// Sends it as a page of `client` would.
async fn send(browser: &mut Browser, mutation: &Mutation, client: ClientId) -> Answer {
    let client = client.0.to_string();
    let mut fields = mutation.fields();
    fields.push((ClientId::FIELD, &client));
    browser.post(&mutation.path, &fields).await
}

#[tokio::test]
async fn a_page_of_another_client_does_nothing_and_says_who_is_logged_in() {
    let app = TestApp::start().await;
    app.add_client(OTHER).await;
    let stale = app.id_of(EMAIL).await;
    let owner = app.id_of(OTHER).await;
    let of_stale = Scene::of_client(&app, EMAIL).await;
    let mut scene = Scene::of_client(&app, OTHER).await;
    let before = [state_of(&app, EMAIL).await, state_of(&app, OTHER).await];
    let sentence = format!("You&#x27;re now logged in as {OTHER} in this browser");
    // With the numbers of the page's own client, and with those of whoever is logged in.
    for mutation in of_stale.mutations().iter().chain(&scene.mutations()) {
        let path = &mutation.path;
        let answer = send(&mut scene.owner, mutation, stale).await;
        assert_eq!(answer.status, 409, "{path}: {answer:?}");
        assert_eq!(answer.header("set-cookie"), "", "{path}");
        assert_eq!(answer.header("session-left"), "", "{path}");
        if path.starts_with("/rpc/") {
            let error = format!(r#"{{"other_client":{{"email":"{OTHER}"}}}}"#);
            assert_eq!(answer.body, error, "{path}");
        } else {
            assert!(
                answer.body.contains(&sentence)
                    || answer.body.contains(&sentence.replace("&#x27;", "'")),
                "{path}: {}",
                answer.body
            );
            let section = FormRoute::find(mutation.route).unwrap().section(path);
            let way = format!("href=\"{section}\"");
            assert!(answer.body.contains(&way), "{path}: {way}");
        }
        let after = [state_of(&app, EMAIL).await, state_of(&app, OTHER).await];
        assert_eq!(after, before, "{path}");
    }
    // The control: from a page of whoever is logged in, each of them is done.
    for mutation in scene.mutations() {
        let answer = send(&mut scene.owner, &mutation, owner).await;
        assert_eq!(
            answer.status, mutation.done,
            "{}: {answer:?}",
            mutation.path
        );
    }
}

#[tokio::test]
async fn a_page_of_somebody_who_is_signed_out_is_told_so_whoever_it_was() {
    let app = TestApp::start().await;
    app.add_client(OTHER).await;
    for email in [EMAIL, OTHER] {
        let client = app.id_of(email).await;
        let scene = Scene::of_client(&app, email).await;
        for mutation in scene.mutations() {
            let answer = send(&mut app.anonymous(), &mutation, client).await;
            let path = &mutation.path;
            if path.starts_with("/rpc/") {
                assert_eq!(answer.status, 401, "{path}");
            } else if path.starts_with("/profile") {
                let location = answer.header("location");
                assert!(location.starts_with("/login?next="), "{path}: {location}");
            } else {
                // Nobody has to be logged in for these.
                assert_eq!(answer.status, mutation.done, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn whose_page_it_is_cannot_be_said_in_two_ways() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    for client in ["x", "1 ", "1.0", "-", "9223372036854775808"] {
        for path in ["/profile/tokens", "/rpc/tokens/list", "/logout"] {
            let fields = [("name", "A"), (ClientId::FIELD, client)];
            assert_eq!(
                owner.post(path, &fields).await.status,
                400,
                "{path} {client:?}"
            );
        }
    }
    let own = app.id_of(EMAIL).await.0.to_string();
    let twice = [(ClientId::FIELD, own.as_str()), (ClientId::FIELD, "2")];
    assert_eq!(owner.post("/logout", &twice).await.status, 400);
    assert_eq!(app.sessions_of(EMAIL).await.len(), 1);
}

/// Each form of a page that changes something: its address, and what stands in it.
fn forms(page: &Answer) -> Vec<(String, String)> {
    let forms = page.body.split("<form method=\"post\"").skip(1);
    forms
        .map(|rest| {
            let form = rest.split_once("</form>").expect("a form ends").0;
            let action = form.split("action=\"").nth(1).expect("it goes somewhere");
            let action = action.split('"').next().unwrap();
            (action.to_owned(), form.to_owned())
        })
        .collect()
}

/// Every page, and every page that comes in answer to a form.
async fn pages(app: &TestApp) -> Vec<Answer> {
    let mut owner = app.logged_in().await;
    app.logged_in().await;
    let mut pages = Vec::new();
    let create = [("name", "A"), ("idempotency_key", "k")];
    for _first_shown_then_not in 0..2 {
        pages.push(owner.post("/profile/tokens", &create).await);
    }
    let id = app.tokens_of(EMAIL).await[0].id;
    for path in [
        "/".to_owned(),
        "/profile".to_owned(),
        "/docs/api".to_owned(),
        "/nowhere".to_owned(),
        "/profile/tokens/revoke-all".to_owned(),
        format!("/profile/tokens/{id}"),
        format!("/profile/tokens/{id}/revoke"),
    ] {
        pages.push(owner.get(&path).await);
    }
    for (path, fields) in [
        ("/profile/tokens".to_owned(), &[("name", "")][..]),
        (format!("/profile/tokens/{id}/rename"), &[("name", "")]),
        ("/profile/details".to_owned(), &[("name", "")]),
        (
            "/profile/password".to_owned(),
            &[("current_password", PASSWORD)],
        ),
    ] {
        let refused = owner.post(&path, fields).await;
        assert_eq!(refused.status, 422, "{path}");
        pages.push(refused);
    }
    pages
}

#[tokio::test]
async fn every_form_says_whose_page_it_stands_in() {
    let app = TestApp::start().await;
    let own = app.id_of(EMAIL).await.0;
    let field = format!("name=\"{}\" value=\"{own}\"", ClientId::FIELD);
    let mut actions = BTreeSet::new();
    for page in pages(&app).await {
        for (action, form) in forms(&page) {
            assert_eq!(form.matches(&field).count(), 1, "{action}: {form}");
            actions.insert(action);
        }
    }
    let id = app.tokens_of(EMAIL).await[0].id.to_string();
    let known = FormRoute::ALL.map(|form| form.path().replace("{id}", &id));
    let is_nobodys = |path: &str| path != "/theme" && NEEDS_NO_SESSION.contains(&path);
    let known = known.into_iter().filter(|path| !is_nobodys(path));
    assert_eq!(actions, known.collect(), "each of them was seen");
    // This page is nobody's.
    let login = app.anonymous().get("/login").await;
    let [(action, form)] = &forms(&login)[..] else {
        panic!("{login:?}");
    };
    assert_eq!(action, "/login");
    assert!(!form.contains(ClientId::FIELD), "{form}");
}
