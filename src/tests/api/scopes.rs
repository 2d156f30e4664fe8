//! A token that is limited to some kinds of data reads no other, whatever endpoints there are.

use opentill::model::scopes::{Scope, Scopes};
use serde_json::Value;

use crate::support::{Browser, TestApp, find_token};

/// These answer for every valid token.
const OF_EVERY_TOKEN: [&str; 3] = ["/api/v1/me", "/api/v1/summary", "/api/v1/token"];

async fn token_for(owner: &mut Browser, scopes: Scopes) -> String {
    let name = scopes.title();
    let mut fields = vec![("name", name.as_str())];
    fields.extend(scopes.limits().map(|scope| (scope.as_str(), "on")));
    let answer = owner.post("/profile/tokens", &fields).await;
    find_token(&answer.body).expect("the answer shows the token")
}

/// Every endpoint for tokens, with the scope that its description names.
async fn endpoints(app: &TestApp) -> Vec<(String, Option<Scope>)> {
    let document = app.anonymous().get("/api/openapi.json").await;
    let document: Value = serde_json::from_str(&document.body).unwrap();
    let paths = opentill::http::api::api(&app.state).paths.into_iter();
    paths
        .map(|(path, _)| (path, &document["paths"][path]["get"]))
        .filter(|(_, get)| get["security"] != Value::Array(Vec::new()))
        .map(|(path, get)| {
            let scope = get["security"][0]["token"][0].as_str();
            let scope = scope.map(|word| Scope::from_word(word).unwrap());
            let is_refused = get["responses"]["403"].is_object();
            assert_eq!(is_refused, scope.is_some(), "{path}");
            (path.to_owned(), scope)
        })
        .collect()
}

#[tokio::test]
async fn each_endpoint_is_read_by_tokens_for_its_kind_of_data_alone() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let everything = token_for(&mut owner, Scopes::EVERYTHING).await;
    let mut tokens = Vec::new();
    for scope in Scope::ALL {
        let others = Scope::ALL.into_iter().filter(|other| *other != scope);
        tokens.push((
            scope,
            token_for(&mut owner, Scopes::chosen([scope])).await,
            token_for(&mut owner, Scopes::chosen(others)).await,
        ));
    }
    for (path, scope) in endpoints(&app).await {
        // The path says what it is about, and the handler says the same.
        let noun = path.split('/').nth(3).and_then(Scope::from_word);
        assert_eq!(scope, noun, "{path}");
        assert!(
            scope.is_some() || OF_EVERY_TOKEN.contains(&&*path),
            "{path}"
        );
        let path = path.replace("{id}", "1");
        for method in ["GET", "HEAD"] {
            let call = async |token: &str| {
                let bearer = format!("Bearer {token}");
                let headers = [("authorization", bearer.as_str())];
                let mut browser = app.anonymous();
                let request = browser.request(method.parse().unwrap(), &path, &headers);
                browser.send(request).await
            };
            let context = format!("{method} {path}");
            assert_ne!(call(&everything).await.status, 403, "{context}");
            for (of, only, others) in &tokens {
                let (refused, let_in) = match scope {
                    None => (None, [only, others].to_vec()),
                    Some(scope) if scope == *of => (Some(others), vec![only]),
                    Some(_) => (Some(only), vec![others]),
                };
                for token in let_in {
                    assert_ne!(call(token).await.status, 403, "{context}");
                }
                let (Some(token), Some(scope)) = (refused, scope) else {
                    continue;
                };
                let answer = call(token).await;
                assert_eq!(answer.status, 403, "{context}");
                let scope = scope.as_str();
                let challenge =
                    format!(r#"Bearer realm="api", error="insufficient_scope", scope="{scope}""#);
                assert_eq!(answer.header("www-authenticate"), challenge);
                if method == "GET" {
                    let body = format!(r#"{{"message":"This token may not read {scope}."}}"#);
                    assert_eq!(answer.body, body);
                }
            }
        }
    }
}
