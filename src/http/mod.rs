//! The front door: every request comes in here.
//!
//! - `/api/…` for machines ([`api`]): JSON, bearer tokens, no cookies.
//! - Everything else for people ([`portal`], server functions below `/rpc`): sessions by cookie,
//!   and nothing is changed for a request that comes from another site.

pub mod api;
mod assets;
mod changes;
mod client_address;
pub mod connections;
pub mod cookie;
pub mod form;
mod headers;
pub mod health;
mod host;
mod identify;
pub mod portal;
mod proxy_hints;
mod refusal;
mod render;
mod request_log;
mod rpc;
mod said;
pub mod serve;

use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Router,
    extract::Request,
    http::Method,
    middleware,
    response::Response,
    routing::{Route, any, future::RouteFuture},
};
use futures::future::Either;
use leptos_axum::LeptosRoutes;
use tower::{Service, layer::layer_fn, util::MapResponse};
use tower_http::{catch_panic::CatchPanicLayer, csrf::CsrfLayer};

use self::{assets::Assets, health::Health, render::Renderer};
use crate::{
    server::{config::Config, state::AppState},
    ui::frame::Site,
};

/// The largest body of a form or a server function, in bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// The whole program as one service.
#[derive(Clone)]
pub struct App<M> {
    /// All routes.
    pub router: Router,
    me: M,
}

/// All that the program answers to.
///
/// # Panics
/// If the public address is not an origin, which the settings have ruled out.
pub fn app(state: AppState, health: Health) -> App<impl Answers> {
    let api = api::api(state.clone());
    let router = people(state, health).merge(api.router);
    App { router, me: api.me }
}

impl<M: Answers> Service<Request> for App<M> {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<M::Future, RouteFuture<Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    /// What programs ask for goes past the router: the way through it would be a sixth of the CPU time of a 401.
    fn call(&mut self, request: Request) -> Self::Future {
        if request.method() == Method::GET && request.uri().path() == api::ME {
            Either::Left(self.me.call(request))
        } else {
            Either::Right(self.router.call(request))
        }
    }
}

/// What is there for people, and for whoever looks after the machines.
fn people(state: AppState, health: Health) -> Router {
    let assets = Assets::load();
    let renderer = Renderer::new(Site {
        base_url: state.config.public_url.origin().to_owned(),
        is_insecure: state.config.is_insecure(),
        session_idle: u32::try_from(state.config.session_idle).unwrap_or(u32::MAX),
        token_limit: state.config.limits.token.get(),
        files: assets.files,
        options: state.leptos.clone(),
    });
    let config = Arc::clone(&state.config);
    let same_site = CsrfLayer::new()
        .add_trusted_origin(config.public_url.origin())
        .expect("the public address is an origin");
    // From the outside in. One layer of the router: each copies the request, and all that it stands around.
    // Who sends a request is asked once all of it is there: a session may end while its body is on the way.
    let around = (
        middleware::from_fn_with_state(renderer, render::prefer),
        middleware::from_fn_with_state(state.clone(), refusal::as_page),
        CatchPanicLayer::custom(refusal::panicked),
        same_site,
        middleware::from_fn(form::limit_body),
        middleware::from_fn_with_state(state.clone(), identify::identify),
        middleware::from_fn(rpc::translate),
        middleware::from_fn_with_state(state.clone(), changes::limit),
    );
    let people = portal::routes()
        // No routes of its own: this registers the server functions.
        .leptos_routes_with_context(&state, Vec::new(), || (), || ())
        .route("/rpc/{*unknown}", any(rpc::unknown))
        .fallback(refusal::not_found)
        .layer(around);
    Router::new()
        .merge(people.with_state(state.clone()))
        .merge(assets.router)
        .merge(health::routes(state, health))
        .layer(layer_fn(move |route: Route| finished(route, None, &config)))
}

/// What answers requests, one way or another.
pub trait Answers:
    Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> Answers for S where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// Logs each request as one to `route`, or else to what the router has found, lets through those that are for us, and
/// gives each answer the headers that all have.
///
/// A function of what it stands around, and not a layer of its own: each layer of a router costs each request a box and
/// copies, and `from_fn` copies of all that it stands around.
fn finished<S: Answers>(
    inner: S,
    route: Option<&'static str>,
    config: &Arc<Config>,
) -> impl Answers + use<S> {
    let checked = host::checked(inner, config);
    let logged = request_log::logged(checked, route, Arc::clone(config));
    MapResponse::new(logged, headers::set(config))
}
