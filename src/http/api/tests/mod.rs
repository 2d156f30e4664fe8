//! What every resource gets without writing it, over real HTTP.

mod things;

use axum::http::header;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use self::things::{ORIGIN, THINGS, TestApi};

async fn body(response: Response) -> Value {
    let kind = &response.headers()[header::CONTENT_TYPE];
    assert_eq!(kind, "application/json");
    assert!(response.headers().contains_key("ratelimit"), "{response:?}");
    response.json().await.unwrap()
}

#[tokio::test]
async fn a_list_is_read_page_by_page_along_its_links() {
    let api = TestApi::start().await;
    let mut path = "/api/v1/things".to_owned();
    let mut ids = Vec::new();
    loop {
        let response = api.get(&path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let link = response.headers()[header::LINK]
            .to_str()
            .unwrap()
            .to_owned();
        let page = body(response).await;
        for thing in page["data"].as_array().unwrap() {
            assert_eq!(thing["owner"], api.owner.0, "the token's own client");
            ids.push(thing["id"].as_i64().unwrap());
        }
        assert_eq!(page["meta"]["total"], THINGS);
        let next = link.split(", ").find(|link| link.ends_with("rel=\"next\""));
        let Some(next) = next else { break };
        let url = next.split(['<', '>']).nth(1).unwrap();
        path = url.strip_prefix(ORIGIN).unwrap().to_owned();
    }
    assert_eq!(ids, (1..=THINGS.cast_signed()).collect::<Vec<_>>());
}

#[tokio::test]
async fn parameters_that_are_wrong_are_a_400_that_names_each() {
    let api = TestApi::start().await;
    let response = api.get("/api/v1/things?per_page=101&page=0&sort=id").await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let expected = json!({
        "message": "The query parameters are not valid.",
        "errors": {
            "page": ["Give a whole number from 1 to 4294967295."],
            "per_page": ["Give a whole number from 1 to 100."],
            "sort": ["There is no such parameter."],
        },
    });
    assert_eq!(body(response).await, expected);
    for path in ["/api/v1/things?page=1&page=1", "/api/v1/things/1?page=1"] {
        assert_eq!(
            api.get(path).await.status(),
            StatusCode::BAD_REQUEST,
            "{path}"
        );
    }
}

#[tokio::test]
async fn one_row_is_found_by_its_id_and_what_is_not_there_is_one_and_the_same_404() {
    let api = TestApi::start().await;
    let found = api.get("/api/v1/things/37").await;
    assert_eq!(found.status(), StatusCode::OK);
    let expected = json!({ "data": { "id": 37, "owner": api.owner.0 } });
    assert_eq!(body(found).await, expected);
    let unknown = body(api.get("/api/v1/none").await).await;
    for id in [
        "38",
        "0",
        "-1",
        "01",
        "+1",
        "1.0",
        "x",
        "99999999999999999999",
        "%31",
        "1/x",
    ] {
        let response = api.get(&format!("/api/v1/things/{id}")).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{id}");
        assert_eq!(body(response).await, unknown, "{id}");
    }
}

#[tokio::test]
async fn the_token_is_checked_before_the_parameters_and_the_method_before_the_token() {
    let api = TestApi::start().await;
    for path in [
        "/api/v1/things?page=0",
        "/api/v1/things/x",
        "/api/v1/things/1",
    ] {
        assert_eq!(
            api.get_as(path, "x").await.status(),
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
        let post = reqwest::Client::new().post(format!("{}{path}", api.url));
        let response = post.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(response.headers()[header::ALLOW], "GET,HEAD", "{path}");
    }
    // What the token may read comes after it, and before the parameters.
    for path in [
        "/api/v1/things?page=0",
        "/api/v1/things/1",
        "/api/v1/things/x",
    ] {
        let response = api.get_as(path, &api.limited).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{path}");
        let challenge = r#"Bearer realm="api", error="insufficient_scope", scope="orders""#;
        assert_eq!(response.headers()[header::WWW_AUTHENTICATE], challenge);
        let expected = json!({ "message": "This token may not read orders." });
        assert_eq!(body(response).await, expected, "{path}");
    }
    let unknown = api.get_as("/api/v1/none", &api.limited).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_description_holds_what_the_annotations_say_and_the_errors_that_may_come() {
    let api = TestApi::start().await;
    let document: Value = api.get("/api/openapi.json").await.json().await.unwrap();
    let responses = |path: &str| {
        let responses = document["paths"][path]["get"]["responses"].as_object();
        responses.unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(
        responses("/api/v1/things"),
        ["200", "400", "401", "403", "429", "500", "503"]
    );
    assert_eq!(
        responses("/api/v1/things/{id}"),
        ["200", "400", "401", "403", "404", "429", "500", "503"]
    );
    let get = &document["paths"]["/api/v1/things"]["get"];
    assert_eq!(get["security"], json!([{ "token": ["orders"] }]));
    let parameters = &get["parameters"];
    let names: Vec<_> = parameters
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert_eq!(names, ["page", "per_page"]);
    let wrong = &document["components"]["responses"]["InvalidQuery"];
    let content = &wrong["content"]["application/json"];
    assert!(jsonschema::is_valid(
        &content["schema"],
        &content["example"]
    ));
}

#[tokio::test]
async fn the_documentation_page_gets_its_tables_from_the_description() {
    let reference = TestApi::start().await.reference;
    let endpoints: Vec<_> = reference
        .endpoints
        .iter()
        .map(|one| (one.path.as_str(), one.body))
        .collect();
    let expected = [
        ("/api/v1/things", r#"{"data":[…],"meta":{…}}"#),
        ("/api/v1/things/{id}", r#"{"data":{…}}"#),
    ];
    assert_eq!(endpoints, expected);
    for endpoint in reference.endpoints {
        let fields = endpoint.fields.iter();
        let fields: Vec<_> = fields
            .map(|field| {
                (
                    field.name.as_str(),
                    field.kind.as_str(),
                    field.meaning.as_str(),
                )
            })
            .collect();
        assert_eq!(
            fields,
            [
                ("id", "integer", "Number"),
                ("owner", "integer", "Whose it is")
            ]
        );
    }
    let errors: Vec<_> = reference.errors.iter().map(|error| error.status).collect();
    assert_eq!(errors, [400, 401, 403, 404, 405, 429, 500, 503]);
}
