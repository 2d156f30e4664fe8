//! What every resource gets without writing it, over real HTTP: a list and a single row of a resource made up here.

use std::future::pending;

use axum::http::header;
use reqwest::{Response, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use utoipa::ToSchema;

use super::{
    endpoint::endpoint,
    error::ApiError,
    paging::{Page, Paging},
    request::{ApiRequest, ResourceId},
    with_resources,
};
use crate::{
    http::connections::{self, Slots},
    model::{client::ClientId, error::AppError, secret::TokenSecret, token::TokenName},
    server::{
        actor::Actor,
        clients,
        clock::Clock,
        config::Config,
        limits::Allowance,
        state::AppState,
        store::{NewClient, NewToken},
    },
};

/// How many things there are.
const THINGS: u64 = 37;
const ORIGIN: &str = "http://127.0.0.1:1";

/// Something that a client has.
#[derive(Debug, Serialize, ToSchema)]
struct Thing {
    /// Number.
    id: i64,
    /// Whose it is.
    owner: i64,
}

#[derive(Serialize, ToSchema)]
struct OneThing {
    data: Thing,
}

#[utoipa::path(
    get,
    path = "/api/v1/things",
    operation_id = "things",
    summary = "All things",
    params(Paging),
    responses((status = 200, description = "Things.", body = Page<Thing>)),
    security(("token" = [])),
)]
async fn list(request: ApiRequest<Paging>) -> (Allowance, Page<Thing>) {
    let owner = request.client.client().id.0;
    let paging = request.parameters;
    let first = paging.offset() + 1;
    let last = THINGS.min(paging.offset() + u64::from(paging.limit()));
    let things = (first..=last).map(|id| Thing {
        id: id.cast_signed(),
        owner,
    });
    let page = paging.page(things.collect(), THINGS, ORIGIN, &request.uri);
    (request.allowance, page)
}

#[utoipa::path(
    get,
    path = "/api/v1/things/{id}",
    operation_id = "thing",
    summary = "One thing",
    params(("id" = i64, Path, description = "Number.")),
    responses((status = 200, description = "A thing.", body = OneThing)),
    security(("token" = [])),
)]
async fn one(
    request: ApiRequest<ResourceId>,
) -> (Allowance, Result<axum::Json<OneThing>, ApiError>) {
    let ResourceId(id) = request.parameters;
    let owner = request.client.client().id.0;
    let found = match id {
        13 => Err(ApiError::InsufficientScope("things")),
        1..=37 => Ok(axum::Json(OneThing {
            data: Thing { id, owner },
        })),
        _ => Err(AppError::NotFound.into()),
    };
    (request.allowance, found)
}

struct TestApi {
    url: String,
    token: String,
    owner: ClientId,
    _dir: TempDir,
}

impl TestApi {
    async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", dir.path().join("test.db").display());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let config = Config::read(|name| (name == "DATABASE_URL").then(|| database.clone()));
        let config = config.unwrap().bound_to(addr);
        let state = AppState::start(config, Clock::default()).await.unwrap();
        let (owner, token) = client_with_token(&state).await;
        let endpoints = vec![
            endpoint!(list).with_state(state.clone()),
            endpoint!(one).with_state(state.clone()),
        ];
        let service = with_resources(&state, endpoints).service;
        let slots = Slots::new(std::sync::Arc::clone(&state.config));
        tokio::spawn(connections::serve(listener, service, slots, pending()));
        Self {
            url: format!("http://{addr}"),
            token,
            owner,
            _dir: dir,
        }
    }

    async fn get_as(&self, path: &str, token: &str) -> Response {
        let request = reqwest::Client::new().get(format!("{}{path}", self.url));
        request.bearer_auth(token).send().await.unwrap()
    }

    async fn get(&self, path: &str) -> Response {
        self.get_as(path, &self.token).await
    }
}

async fn client_with_token(state: &AppState) -> (ClientId, String) {
    let new = NewClient {
        contact: Contact {
            name: "Jane Smith".into(),
            company: None,
            phone: None,
            address1: "500 Congress Avenue".into(),
            address2: None,
            city: "Austin".into(),
            state: "TX".into(),
            postcode: "78701".into(),
            country: "US".into(),
        },
        email: "jane@example.com".parse().unwrap(),
        currency_code: "USD".into(),
        password_hash: None,
    };
    let owner = clients::add(state, new, None).await.unwrap();
    let secret = TokenSecret::generate();
    let token = NewToken {
        name: &TokenName::parse("Reader").unwrap(),
        hash: secret.hash(),
        last_four: secret.hint(),
        idempotency_key: None,
        replace_unseen: false,
        limit: 1,
    };
    let (operator, now) = (Actor::operator(), state.clock.now());
    let created = state.store.create_token(owner, &token, &operator, now);
    created.await.unwrap();
    (owner, secret.expose().to_owned())
}

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
    let response = api.get("/api/v1/things/13").await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let challenge = r#"Bearer realm="api", error="insufficient_scope", scope="things""#;
    assert_eq!(response.headers()[header::WWW_AUTHENTICATE], challenge);
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
        ["200", "400", "401", "429", "500", "503"]
    );
    assert_eq!(
        responses("/api/v1/things/{id}"),
        ["200", "400", "401", "404", "429", "500", "503"]
    );
    let parameters = &document["paths"]["/api/v1/things"]["get"]["parameters"];
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
