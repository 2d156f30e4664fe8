//! The front door: every request comes in here.
//!
//! - `/api/…` for machines ([`api`]): JSON, bearer tokens, no cookies.
//! - Everything else for people ([`pages`], [`portal`], server functions below `/rpc`): sessions
//!   by cookie, and nothing is changed for a request that comes from another site.

pub mod api;
mod assets;
mod client_address;
pub mod connections;
pub mod cookie;
pub mod form;
mod headers;
pub mod health;
mod identify;
pub mod pages;
pub mod portal;
mod refusal;
mod render;
mod request_log;
mod rpc;
pub mod serve;

use std::{convert::Infallible, sync::Arc};

use axum::{
    Router,
    extract::Request,
    middleware,
    response::Response,
    routing::{Route, any},
};
use leptos_axum::LeptosRoutes;
use tower::{Service, layer::layer_fn, util::MapResponse};
use tower_http::{catch_panic::CatchPanicLayer, csrf::CsrfLayer};

use self::{assets::Assets, health::Health, render::Renderer};
use crate::{
    server::{config::Config, state::AppState},
    ui::{self, Site},
};

/// The largest body of a form or a server function, in bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// The whole program as one service.
///
/// # Panics
/// If the public address is not an origin, which the settings have ruled out.
pub fn router(state: AppState, health: Health) -> Router {
    let assets = Assets::load();
    let renderer = Renderer::new(Site {
        base_url: state.config.public_url.origin().to_owned(),
        is_insecure: state.config.public_url.is_insecure(),
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
    let around = (
        middleware::from_fn_with_state(state.clone(), identify::identify),
        middleware::from_fn_with_state(renderer, render::prefer),
        middleware::from_fn_with_state(Arc::clone(&config), refusal::as_page),
        CatchPanicLayer::custom(refusal::panicked),
        same_site,
        middleware::from_fn(form::limit_body),
        middleware::from_fn(rpc::translate),
    );
    let people = pages::pages()
        .into_iter()
        .chain(portal::forms())
        .fold(Router::new(), |router, (path, handler)| {
            router.route(path, handler)
        })
        // No routes of its own: this registers the server functions.
        .leptos_routes_with_context(&state, Vec::new(), || (), ui::App)
        .route("/rpc/{*unknown}", any(rpc::unknown))
        .fallback(refusal::not_found)
        .layer(around);
    Router::new()
        .merge(people.with_state(state.clone()))
        .merge(assets.router)
        .merge(health::routes(state.clone(), health))
        .layer(layer_fn(move |route: Route| finished(route, &config)))
        .merge(api::router(state))
}

/// What answers requests, one way or another.
trait Answers:
    Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + Sync
{
}

impl<S> Answers for S where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
{
}

/// Logs each request, and gives each answer the headers that all have.
///
/// A function of what it stands around, and not a layer of its own: each layer of a router costs each request a box and
/// copies, and `from_fn` copies of all that it stands around.
fn finished<S: Answers>(inner: S, config: &Arc<Config>) -> impl Answers + use<S> {
    let logged = request_log::logged(inner, Arc::clone(config));
    MapResponse::new(logged, headers::set(config))
}
