//! The description at `/api/openapi.json`, the routes and the real answers: all three say the same.

use std::collections::BTreeSet;

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

use super::lists::Scene;
use crate::support::{Answer, Browser, TestApp, find_token, mirror::NOUNS, routes};

const PATH: &str = "/api/openapi.json";

/// The description of an installation.
struct Document(Value);

impl Document {
    async fn of(app: &TestApp) -> Self {
        let answer = app.anonymous().get(PATH).await;
        assert_eq!(answer.status, 200);
        Self(serde_json::from_str(&answer.body).unwrap())
    }

    /// What stands at a place, or where that refers to.
    fn at(&self, place: &str) -> &Value {
        let value = self.0.pointer(place);
        let value = value.unwrap_or_else(|| panic!("{place} is described"));
        match value["$ref"].as_str() {
            Some(other) => self.at(other.trim_start_matches('#')),
            None => value,
        }
    }

    /// What a schema in the description accepts, formats included.
    fn validator(&self, schema: &Value) -> Validator {
        let mut schema = schema.clone();
        schema["components"] = self.0["components"].clone();
        jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap()
    }

    fn assert_valid(&self, schema: &Value, value: &Value, context: &str) {
        let validator = self.validator(schema);
        let errors: Vec<_> = validator
            .iter_errors(value)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{context}: {errors:?} in {value}");
    }

    /// Where an answer is described: with its route, or among what is answered where there is none.
    fn place_of(method: &str, path: &str, status: u16) -> String {
        let (method, path) = (method.to_lowercase(), path.replace('/', "~1"));
        match status {
            404 => "/components/responses/NotFound".to_owned(),
            405 => "/components/responses/MethodNotAllowed".to_owned(),
            _ => format!("/paths/{path}/{method}/responses/{status}"),
        }
    }

    /// An answer has the headers and the body that are described.
    fn assert_describes(&self, method: &str, path: &str, answer: &Answer) {
        let place = Self::place_of(method, path, answer.status);
        let described = self.at(&place);
        for (name, header) in described["headers"].as_object().unwrap() {
            let sent = answer.header(name);
            if sent.is_empty() {
                assert_eq!(header["required"], false, "{place}: {name} is sent");
                continue;
            }
            let sent = match header["schema"]["type"].as_str() {
                Some("integer") => json!(sent.parse::<i64>().unwrap()),
                _ => json!(sent),
            };
            self.assert_valid(&header["schema"], &sent, &format!("{place}: {name}"));
        }
        if [204, 304].contains(&answer.status) {
            assert!(described.get("content").is_none() && answer.body.is_empty());
            return;
        }
        assert_eq!(answer.header("content-type"), "application/json", "{place}");
        if method == "HEAD" {
            assert_eq!(answer.body, "", "{place}");
            return;
        }
        let body = serde_json::from_str(&answer.body).unwrap();
        let schema = &described["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{place} has a body");
        self.assert_valid(schema, &body, &place);
    }
}

#[tokio::test]
async fn every_route_below_api_is_described_and_nothing_else_is() {
    let app = TestApp::start().await;
    let document = Document::of(&app).await;
    let described: BTreeSet<_> = document
        .at("/paths")
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(|method| (path.clone(), method.clone()))
        })
        .collect();
    let below_api: BTreeSet<_> = routes(&app.state)
        .into_iter()
        // What takes any method is what is answered where there is nothing.
        .filter(|(path, method)| path.starts_with("/api") && method != "any")
        .collect();
    assert_eq!(below_api, described);
    assert!(described.len() >= 4, "{described:?}");
}

#[tokio::test]
async fn the_real_answers_are_as_described() {
    let app = TestApp::start().await;
    let document = Document::of(&app).await;
    let mut owner = app.logged_in().await;
    let bearer = format!("Bearer {}", owner.create_token("Reader").await);
    let itself = format!("Bearer {}", owner.create_token("Revokes itself").await);
    let mut client = app.anonymous();
    for (method, path, authorization, status) in [
        ("GET", "/api/v1/me", bearer.as_str(), 200),
        ("HEAD", "/api/v1/me", &bearer, 200),
        ("GET", "/api/v1/me", "", 401),
        ("HEAD", "/api/v1/me", "", 401),
        ("GET", "/api/v1/me", "Bearer x", 401),
        ("POST", "/api/v1/me", &bearer, 405),
        ("GET", "/api/v1/token", &bearer, 200),
        ("HEAD", "/api/v1/token", &bearer, 200),
        ("PUT", "/api/v1/token", &bearer, 405),
        ("DELETE", "/api/v1/token", "", 401),
        ("DELETE", "/api/v1/token", &itself, 204),
        ("DELETE", "/api/v1/token", &itself, 401),
        ("GET", "/api/v1/none", &bearer, 404),
        ("GET", PATH, "", 200),
        ("HEAD", PATH, "", 200),
        ("PUT", PATH, "", 405),
        ("GET", "/api/none", "", 404),
    ] {
        let answer = ask(&mut client, method, path, authorization).await;
        assert_eq!(answer.status, status, "{method} {path}");
        document.assert_describes(method, path, &answer);
    }
    app.state.store.close().await;
    for method in ["GET", "HEAD"] {
        let answer = ask(&mut client, method, "/api/v1/me", &bearer).await;
        assert_eq!(answer.status, 503, "{method}");
        document.assert_describes(method, "/api/v1/me", &answer);
    }
}

#[tokio::test]
async fn too_many_requests_are_answered_as_described() {
    let few = [
        ("OPENTILL_TOKEN_LIMIT", "1"),
        ("OPENTILL_BAD_TOKEN_LIMIT", "1"),
    ];
    let app = TestApp::start_with(&few).await;
    let document = Document::of(&app).await;
    let token = app.logged_in().await.create_token("Busy").await;
    let mut client = app.anonymous();
    for authorization in [format!("Bearer {token}"), "Bearer x".to_owned()] {
        for status in [[200, 401], [429, 429]] {
            let answer = ask(&mut client, "GET", "/api/v1/me", &authorization).await;
            assert!(status.contains(&answer.status), "{answer:?}");
            document.assert_describes("GET", "/api/v1/me", &answer);
            let tells_limit = !answer.header("ratelimit").is_empty();
            assert_eq!(tells_limit, authorization.contains(&token), "{answer:?}");
        }
    }
}

/// All fields that a schema has, those of its parts included.
fn fields_of(document: &Document, schema: &Value) -> BTreeSet<String> {
    let schema = match schema["$ref"].as_str() {
        Some(place) => document.at(place.trim_start_matches('#')),
        None => schema,
    };
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let own = schema["properties"].as_object().into_iter().flatten();
    let own = own.map(|(name, _)| name.clone());
    own.chain(parts.flat_map(|part| fields_of(document, part)))
        .collect()
}

#[tokio::test]
async fn what_a_client_has_is_answered_in_exactly_the_described_fields() {
    let scene = Scene::with(3).await;
    let document = Document::of(&scene.app).await;
    let bearer = format!("Bearer {}", scene.token);
    let mut client = scene.app.anonymous();
    for noun in NOUNS {
        let list = format!("/api/v1/{noun}");
        let one = format!("{list}/{{id}}");
        let id = scene.json(noun).await["data"][0]["id"].to_string();
        for (described, path) in [
            (&list, list.clone()),
            (&list, format!("{list}?updated_since=2026-01-01T00:00:00Z")),
            (&list, format!("{list}?page=0")),
            (&one, one.replace("{id}", &id)),
            (&one, one.replace("{id}", "999999")),
        ] {
            for method in ["GET", "HEAD"] {
                let answer = ask(&mut client, method, &path, &bearer).await;
                document.assert_describes(method, described, &answer);
            }
        }
        let one_path = one.replace("{id}", &id);
        let answer = ask(&mut client, "GET", &one_path, &bearer).await;
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        let place = Document::place_of("GET", &one, 200);
        let schema = &document.at(&place)["content"]["application/json"]["schema"];
        let schema = document.at(schema["$ref"].as_str().unwrap().trim_start_matches('#'));
        let fields = body["data"].as_object().unwrap().keys().cloned();
        assert_eq!(
            fields.collect::<BTreeSet<_>>(),
            fields_of(&document, &schema["properties"]["data"]),
            "{noun}"
        );
        let headers = [
            ("authorization", bearer.as_str()),
            ("if-none-match", answer.header("etag")),
        ];
        let unchanged = client.get_with(&one_path, &headers).await;
        assert_eq!(unchanged.status, 304);
        document.assert_describes("GET", &one, &unchanged);
    }
    let summary = ask(&mut client, "GET", "/api/v1/summary", &bearer).await;
    document.assert_describes("GET", "/api/v1/summary", &summary);
}

async fn ask(client: &mut Browser, method: &str, path: &str, authorization: &str) -> Answer {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let request = client.request(method, path, &[("authorization", authorization)]);
    client.send(request).await
}

#[tokio::test]
async fn every_answer_that_is_referred_to_is_explained() {
    let app = TestApp::start().await;
    let document = Document::of(&app).await;
    let refusals = document.at("/components/responses").as_object().unwrap();
    assert!(refusals.len() >= 6, "{refusals:?}");
    for (name, refusal) in refusals {
        let explanation = refusal["description"].as_str().expect(name);
        assert!(explanation.ends_with('.'), "{name}: {explanation}");
        let content = &refusal["content"]["application/json"];
        document.assert_valid(&content["schema"], &content["example"], name);
    }
}

#[tokio::test]
async fn me_has_exactly_the_described_fields_and_each_may_be_what_its_example_is() {
    let app = TestApp::start().await;
    let document = Document::of(&app).await;
    let token = app.logged_in().await.create_token("Reader").await;
    let me: Value = serde_json::from_str(&app.me(&token).await.body).unwrap();
    let schema = document.at("/components/schemas/ClientDetails");
    let described = schema["properties"].as_object().unwrap();
    let answered = me["data"].as_object().unwrap();
    assert!(described.keys().eq(answered.keys()), "{answered:?}");
    let required = schema["required"].as_array().unwrap();
    for (name, field) in described {
        assert!(required.contains(&json!(name)), "{name} is never left out");
        let examples = field["examples"].as_array().expect(name);
        for example in examples {
            document.assert_valid(field, example, name);
        }
        let is_nullable = document.validator(field).is_valid(&Value::Null);
        let may_be_null = ["company", "phone", "address2", "country"].contains(&name.as_str());
        assert_eq!(is_nullable, may_be_null, "{name}");
    }
}

#[tokio::test]
async fn what_is_not_a_client_is_not_described_as_one() {
    let app = TestApp::start().await;
    let document = Document::of(&app).await;
    let token = app.logged_in().await.create_token("Reader").await;
    let me: Value = serde_json::from_str(&app.me(&token).await.body).unwrap();
    let validator = document.validator(document.at("/components/schemas/ClientDetails"));
    assert!(validator.is_valid(&me["data"]));
    for (field, value) in [
        ("id", json!(0)),
        ("email", json!("jane")),
        ("name", Value::Null),
        ("country", json!("usa")),
        ("currency_code", json!("US")),
        ("status", json!("closed")),
        ("created_at", json!("2026-01-15")),
        ("created_at", json!("15 Jan 2026 10:30")),
    ] {
        let mut wrong = me["data"].clone();
        wrong[field] = value;
        assert!(!validator.is_valid(&wrong), "{field}");
    }
    let mut short = me["data"].clone();
    short.as_object_mut().unwrap().remove("phone");
    assert!(!validator.is_valid(&short));
}

#[tokio::test]
async fn generators_find_a_group_a_summary_of_its_own_and_no_body_of_head() {
    let app = TestApp::start().await;
    let document = Document::of(&app).await;
    let created_at = document.at("/components/schemas/ClientDetails/properties/created_at");
    assert_eq!(created_at["format"], "date-time");
    assert!(
        created_at.get("pattern").is_none(),
        "PHP and Ruby match it against their own text"
    );
    let tags = document.at("/tags").as_array().unwrap();
    let tags: BTreeSet<_> = tags.iter().map(|tag| tag["name"].as_str()).collect();
    let mut summaries = BTreeSet::new();
    for item in document.at("/paths").as_object().unwrap().values() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(tags.contains(&operation["tags"][0].as_str()), "{operation}");
            assert!(
                summaries.insert(operation["summary"].as_str()),
                "{operation}"
            );
            if method != "head" {
                continue;
            }
            for response in operation["responses"].as_object().unwrap().values() {
                assert!(response.get("content").is_none(), "{response}");
                assert!(response.get("$ref").is_none(), "{response}");
            }
        }
    }
}

#[tokio::test]
async fn the_401_is_described_to_the_letter() {
    let app = TestApp::start().await;
    let document = Document::of(&app).await;
    let content = &document.at("/components/responses/Unauthenticated")["content"];
    let content = &content["application/json"];
    let exact = json!({ "message": "Unauthenticated." });
    assert_eq!(content["example"], exact);
    let validator = document.validator(&content["schema"]);
    assert_eq!(
        &content["schema"]["$ref"],
        "#/components/schemas/Unauthenticated"
    );
    assert!(validator.is_valid(&exact));
    for other in [
        json!({}),
        json!({ "message": "Unauthenticated" }),
        json!({ "message": "Unauthenticated.", "code": 1 }),
    ] {
        assert!(!validator.is_valid(&other), "{other}");
    }
}

#[tokio::test]
async fn the_description_is_public_and_of_this_installation() {
    let public_url = ("OPENTILL_PUBLIC_URL", "https://portal.example");
    let app = TestApp::start_with(&[public_url]).await;
    let origin = [("origin", "https://app.example")];
    let answer = app.anonymous().get_with(PATH, &origin).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(
        find_token(&answer.body),
        None,
        "no example looks like a token"
    );
    let document: Value = serde_json::from_str(&answer.body).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(
        document["servers"],
        json!([{ "url": "https://portal.example" }])
    );
    let scheme = &document["components"]["securitySchemes"]["token"];
    assert_eq!(
        (&scheme["type"], &scheme["scheme"]),
        (&json!("http"), &json!("bearer"))
    );
    let me = &document["paths"]["/api/v1/me"];
    for method in ["get", "head"] {
        assert_eq!(me[method]["security"], json!([{ "token": [] }]), "{method}");
        assert_eq!(document["paths"][PATH][method]["security"], json!([]));
    }
}
