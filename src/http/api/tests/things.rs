//! A resource made up for the tests: a list and its rows.

use std::future::pending;

use reqwest::Response;
use serde::Serialize;
use tempfile::TempDir;
use tokio::net::TcpListener;
use utoipa::ToSchema;

use crate::{
    http::{
        api::{
            Api,
            endpoint::endpoint,
            error::ApiError,
            paging::{Page, Paging},
            reads::Orders,
            request::{ApiRequest, ResourceId},
            with_resources,
        },
        connections::{self, Slots},
    },
    model::{
        client::ClientId,
        contact::Contact,
        error::AppError,
        scopes::{Scope, Scopes},
        secret::TokenSecret,
        token::TokenName,
    },
    server::{
        actor::Actor,
        clients,
        clock::Clock,
        config::Config,
        limits::Allowance,
        state::AppState,
        store::{NewClient, NewToken},
    },
    ui::api_docs::reference::ApiReference,
};

/// How many things there are.
pub const THINGS: u64 = 37;
pub const ORIGIN: &str = "http://127.0.0.1:1";

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
)]
async fn list(request: ApiRequest<Orders, Paging>) -> (Allowance, Page<Thing>) {
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
)]
async fn one(
    request: ApiRequest<Orders, ResourceId>,
) -> (Allowance, Result<axum::Json<OneThing>, ApiError>) {
    let ResourceId(id) = request.parameters;
    let owner = request.client.client().id.0;
    let found = match id {
        1..=37 => Ok(axum::Json(OneThing {
            data: Thing { id, owner },
        })),
        _ => Err(AppError::NotFound.into()),
    };
    (request.allowance, found)
}

/// An API whose resources are the things, with a client who has a token.
pub struct TestApi {
    pub url: String,
    pub reference: ApiReference,
    pub token: String,
    /// A token that may not read the things.
    pub limited: String,
    pub owner: ClientId,
    _dir: TempDir,
}

impl TestApi {
    pub async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", dir.path().join("test.db").display());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let config = Config::read(|name| (name == "DATABASE_URL").then(|| database.clone()));
        let config = config.unwrap().bound_to(addr);
        let state = AppState::start(config, Clock::default()).await.unwrap();
        let owner = add_client(&state).await;
        let token = add_token(&state, owner, Scopes::EVERYTHING).await;
        let limited = add_token(&state, owner, Scopes::chosen([Scope::Invoices])).await;
        let endpoints = vec![
            endpoint!(list).secured(&state),
            endpoint!(one).secured(&state),
        ];
        let Api {
            service, reference, ..
        } = with_resources(&state, endpoints);
        let slots = Slots::new(std::sync::Arc::clone(&state.config));
        tokio::spawn(connections::serve(listener, service, slots, pending()));
        Self {
            url: format!("http://{addr}"),
            reference,
            token,
            limited,
            owner,
            _dir: dir,
        }
    }

    pub async fn get_as(&self, path: &str, token: &str) -> Response {
        let request = reqwest::Client::new().get(format!("{}{path}", self.url));
        request.bearer_auth(token).send().await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Response {
        self.get_as(path, &self.token).await
    }
}

async fn add_client(state: &AppState) -> ClientId {
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
    clients::add(state, new, None, None).await.unwrap()
}

async fn add_token(state: &AppState, owner: ClientId, scopes: Scopes) -> String {
    let secret = TokenSecret::generate();
    let token = NewToken {
        name: &TokenName::parse(&scopes.title()).unwrap(),
        hash: secret.hash(),
        last_four: secret.hint(),
        scopes,
        limits: crate::model::token_limits::TokenLimits::default(),
        idempotency_key: None,
        replace_unseen: false,
        limit: 2,
    };
    let (operator, now) = (Actor::operator(), state.clock.now());
    let created = state.store.create_token(owner, &token, &operator, now);
    created.await.unwrap();
    secret.expose().to_owned()
}
