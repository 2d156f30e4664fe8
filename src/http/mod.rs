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

use std::sync::Arc;

use axum::{
    Router, middleware,
    routing::{Route, any},
};
use leptos_axum::LeptosRoutes;
use tower::{ServiceBuilder, layer::layer_fn, service_fn, util::MapResponseLayer};
use tower_http::{catch_panic::CatchPanicLayer, csrf::CsrfLayer};

use self::{assets::Assets, health::Health, render::Renderer};
use crate::{
    server::state::AppState,
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
    // The outermost layer is the last one added.
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
        .layer(middleware::from_fn(rpc::translate))
        .layer(middleware::from_fn(form::limit_body))
        .layer(same_site)
        .layer(CatchPanicLayer::custom(refusal::panicked))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&config),
            refusal::as_page,
        ))
        .layer(middleware::from_fn_with_state(renderer, render::prefer))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            identify::identify,
        ));
    Router::new()
        .merge(people.with_state(state.clone()))
        .merge(api::router(state.clone()))
        .merge(assets.router)
        .merge(health::routes(state, health))
        .layer(
            ServiceBuilder::new()
                .layer(MapResponseLayer::new(headers::set(&config)))
                // Not `from_fn`: for each request it copies all that it stands around.
                .layer(layer_fn(move |mut route: Route| {
                    let config = Arc::clone(&config);
                    service_fn(move |request| request_log::call(&mut route, request, &config))
                })),
        )
}
