//! A form's address in the address bar: a tab that is reloaded, restored or kept as a bookmark after a refusal.

use opentill::http::portal::{self, FormRoute};

use crate::support::{EMAIL, TestApp};

#[tokio::test]
async fn every_address_of_a_form_leads_to_where_the_form_stands() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    owner.create_token("A").await;
    let id = app.tokens_of(EMAIL).await[0].id.to_string();
    let asked = owner.post("/forgot-password", &[("email", EMAIL)]).await;
    assert_eq!(asked.status, 200);
    let link = app.mailed_link().await;
    let pages = portal::pages();
    for form in FormRoute::ALL {
        let path = form.path().replace("{id}", &id);
        let path = path.replace("/set-password/{secret}", &link);
        let answer = owner.get(&path).await;
        if form.path() == "/login" {
            assert_eq!(
                answer.header("location"),
                "/",
                "who is logged in needs no form"
            );
            continue;
        }
        if pages.iter().any(|(page, _)| *page == form.path()) {
            assert_eq!(answer.status, 200, "{path}");
            continue;
        }
        let expected = form.section(&path);
        if form == FormRoute::RenameToken {
            assert_eq!(expected, format!("/profile/tokens/{id}"));
        }
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, &*expected),
            "{path}"
        );
        let shown = owner.follow(&answer).await;
        assert_eq!(shown.status, 200, "{path}");
        if let Some((_, section)) = expected.split_once('#') {
            assert!(shown.body.contains(&format!("id=\"{section}\"")), "{path}");
        }
        let head = owner.request(reqwest::Method::HEAD, &path, &[]);
        assert_eq!(owner.send(head).await.status, 303, "HEAD {path}");
        let stranger = app.anonymous().get(&path).await;
        let query = url::form_urlencoded::byte_serialize(path.as_bytes()).collect::<String>();
        assert_eq!(stranger.header("location"), format!("/login?next={query}"));
    }
    assert_eq!(app.sessions_of(EMAIL).await.len(), 1, "nothing was done");
}

#[tokio::test]
async fn what_stands_in_the_place_of_an_id_leads_nowhere_else() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    for id in [
        "none",
        "%2F%2Fevil.example",
        "..%2f..",
        "%0d%0aSet-Cookie:%20x=y",
        "%ff",
    ] {
        let answer = owner.get(&format!("/profile/tokens/{id}/rename")).await;
        assert_eq!(answer.status, 303, "{id}");
        assert_eq!(answer.header("location"), format!("/profile/tokens/{id}"));
        assert_eq!(answer.header("set-cookie"), "", "{id}");
    }
}
