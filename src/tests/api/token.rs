//! What a token may ask of itself, and the one thing that it may do: revoke itself.

use opentill::{
    model::{
        activity::{Activity, Event, Who},
        client::ClientStatus,
        scopes::Scope,
    },
    server::activity,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Browser, EMAIL, TestApp, find_token};

const PATH: &str = "/api/v1/token";

/// A request of a program with this token.
async fn ask(app: &TestApp, method: Method, token: &str) -> Answer {
    let mut program = app.anonymous();
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("user-agent", "sync/1")];
    let request = program.request(method, PATH, &headers);
    program.send(request).await
}

async fn limited(owner: &mut Browser, name: &str, scopes: &[Scope]) -> String {
    let mut fields = vec![("name", name)];
    fields.extend(scopes.iter().map(|scope| (scope.as_str(), "on")));
    let answer = owner.post("/profile/tokens", &fields).await;
    find_token(&answer.body).expect("the answer shows the token")
}

async fn trail(app: &TestApp) -> Vec<Activity> {
    let client = app.id_of(EMAIL).await;
    activity::list_of(&app.state, client, None).await.unwrap()
}

#[tokio::test]
async fn a_token_reads_what_its_owner_sees_of_it_and_nothing_of_its_secret() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let all = owner.create_token("Billing Dashboard").await;
    let some = limited(&mut owner, "Orders", &[Scope::Orders, Scope::Invoices]).await;
    let shown = async |token: &str| -> Value {
        let answer = ask(&app, Method::GET, token).await;
        assert_eq!((answer.status, answer.header("etag")), (200, ""));
        answer.assert_kept_nowhere();
        assert_eq!(find_token(&answer.body), None);
        serde_json::from_str(&answer.body).unwrap()
    };
    let [of_some, of_all] = &app.tokens_of(EMAIL).await[..] else {
        panic!("there are two");
    };
    let expected = json!({ "data": {
        "id": of_all.id.0,
        "name": "Billing Dashboard",
        "hint": format!("ot_live_…{}", &all[42..]),
        "created_at": of_all.created_at.rfc3339(),
        "last_used_at": null,
    } });
    assert_eq!(shown(&all).await, expected);
    let shown_some = shown(&some).await;
    assert_eq!(shown_some["data"]["id"], of_some.id.0);
    assert_eq!(shown_some["data"]["scopes"], json!(["invoices", "orders"]));
    app.state.usage.flush().await;
    let used_at = app.tokens_of(EMAIL).await[1].last_used_at.unwrap();
    assert_eq!(shown(&all).await["data"]["last_used_at"], used_at.rfc3339());
}

#[tokio::test]
async fn a_token_that_revokes_itself_is_dead_at_once_on_every_node_and_no_other_is() {
    let app = TestApp::start().await;
    let node = app.another_node().await;
    let mut owner = app.logged_in().await;
    let kept = owner.create_token("Kept").await;
    for scopes in [&[][..], &[Scope::Orders]] {
        let token = limited(&mut owner, "Ends", scopes).await;
        // Both nodes have it in memory.
        assert_eq!(
            (app.me(&token).await.status, node.me(&token).await.status),
            (200, 200)
        );
        let answer = ask(&app, Method::DELETE, &token).await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""));
        answer.assert_kept_nowhere();
        assert!(app.me(&token).await.is_exact_401() && node.me(&token).await.is_exact_401());
        for method in [Method::GET, Method::DELETE] {
            assert!(ask(&node, method, &token).await.is_exact_401());
        }
        let last = trail(&app).await.remove(0);
        assert_eq!((last.event, last.who), (Event::TokenRevoked, Who::Token));
        assert_eq!(last.token.unwrap().last_four, token[42..]);
        assert_eq!(last.user_agent, "sync/1");
        assert!(last.address.is_some() && last.request_id.is_some());
    }
    assert_eq!(node.me(&kept).await.status, 200);
    assert_eq!(
        app.tokens_of(EMAIL).await.len(),
        1,
        "the name was free again"
    );
    let page = owner.get("/profile").await.body;
    assert!(page.contains("Ends"), "listed with those that were revoked");
}

#[tokio::test]
async fn nothing_else_changes_a_token_and_a_closed_client_s_tokens_do_not_even_end() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Kept").await;
    for method in ["POST", "PUT", "PATCH", "FOO"] {
        let answer = ask(&app, method.parse().unwrap(), &token).await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, "GET,HEAD,DELETE")
        );
    }
    app.set_status(EMAIL, ClientStatus::Suspended).await;
    assert_eq!(ask(&app, Method::GET, &token).await.status, 200);
    app.set_status(EMAIL, ClientStatus::Closed).await;
    assert!(ask(&app, Method::DELETE, &token).await.is_exact_401());
    app.set_status(EMAIL, ClientStatus::Active).await;
    assert_eq!(app.me(&token).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_revoke_one_token_at_once_one_did_and_the_trail_says_so_once() {
    let app = TestApp::start().await;
    let token = app.logged_in().await.create_token("Fought over").await;
    let attempts = (0..16).map(|_| ask(&app, Method::DELETE, &token));
    let answers = futures::future::join_all(attempts).await;
    let done = answers.iter().filter(|answer| answer.status == 204).count();
    let refused = answers.iter().filter(|answer| answer.is_exact_401());
    assert_eq!((done, refused.count()), (1, 15));
    let trail = trail(&app).await;
    let revoked = trail
        .iter()
        .filter(|line| line.event == Event::TokenRevoked);
    assert_eq!(revoked.count(), 1);
}
