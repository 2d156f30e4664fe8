//! HTTP: every request enters here.
//!
//! - `/api/…` for programs ([`api`]): JSON, bearer tokens, no cookies.
//! - Everything else for people ([`portal`], server functions below `/rpc`): sessions by cookie, and a request from another
//!   site changes nothing.

pub mod api;
mod assets;
mod brand;
mod changes;
mod client_address;
pub mod connections;
pub mod cookie;
pub mod form;
mod headers;
pub mod health;
mod host;
mod identify;
pub mod metrics;
mod outer_layers;
pub mod portal;
mod problem_page;
mod proxy_hints;
mod refusal;
mod render;
mod request_log;
mod rpc;
mod said;
pub mod serve;
mod service;
mod spellings;
mod status;
mod well_known;

use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Router,
    extract::Request,
    middleware,
    response::Response,
    routing::{Route, any, future::RouteFuture},
};
use futures::future::Either;
use leptos_axum::LeptosRoutes;
use tower::{Service, layer::layer_fn};
use tower_http::{catch_panic::CatchPanicLayer, csrf::CsrfLayer};

pub use self::form::MAX_BODY;
use self::{assets::Assets, health::Health, render::Renderer, service::HttpService};
use crate::{
    model::error::AppError,
    server::state::AppState,
    ui::{api_docs::reference::ApiReference, frame::Site},
};

/// The whole program as one service.
#[derive(Clone)]
pub struct App<A> {
    /// Everything that is not below `/api`.
    pub portal: Router,
    api: A,
}

/// Everything the program serves.
///
/// # Panics
/// If the public URL is not an origin, which the settings have ruled out.
pub fn app(state: AppState, health: Health) -> App<impl HttpService> {
    let api = api::api(&state);
    App {
        portal: portal(state, health, api.reference),
        api: api.service,
    }
}

impl<A: HttpService> Service<Request> for App<A> {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<A::Future, RouteFuture<Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    /// Fast path: requests below `/api` bypass the portal's router and layers, which would cost a sixth of the CPU
    /// time of a 401.
    fn call(&mut self, request: Request) -> Self::Future {
        if api::is_api(request.uri()) {
            Either::Left(self.api.call(request))
        } else {
            Either::Right(self.portal.call(request))
        }
    }
}

/// Pages, forms, server functions and files, and the health checks.
fn portal(state: AppState, health: Health, api: ApiReference) -> Router {
    let mut assets = Assets::load();
    let brand_files = brand::routes(&state.config.brand, &mut assets.files);
    let renderer = Renderer::new(Site {
        brand: state.config.brand.shown.clone(),
        base_url: state.config.public_url.origin().to_owned(),
        has_mail: state.config.mail.is_some(),
        is_insecure: state.config.is_insecure(),
        session_idle: u32::try_from(state.config.session_idle).unwrap_or(u32::MAX),
        token_limit: state.config.limits.token.get(),
        api,
        files: assets.files,
        options: state.leptos.clone(),
    });
    let config = Arc::clone(&state.config);
    let same_site = CsrfLayer::new()
        .add_trusted_origin(config.public_url.origin())
        .expect("the public address is an origin");
    // From the outside in. A tuple, and so one layer of the router: each one copies the request and the inner service.
    // `identify` comes after `limit_body`: a session may end while the request body is on its way.
    let layers = (
        middleware::from_fn_with_state(renderer, render::prefer),
        middleware::from_fn_with_state(state.clone(), problem_page::render),
        CatchPanicLayer::custom(refusal::panicked),
        same_site,
        middleware::from_fn(form::limit_body),
        middleware::from_fn_with_state(state.clone(), identify::identify),
        middleware::from_fn(rpc::translate),
        middleware::from_fn_with_state(state.clone(), changes::limit),
    );
    let pages_and_forms = portal::routes()
        .merge(spellings::routes())
        .merge(well_known::routes())
        // No routes of its own: this registers the server functions.
        .leptos_routes_with_context(&state, Vec::new(), || (), || ())
        .route("/rpc/{*unknown}", any(rpc::unknown))
        .fallback(refusal::not_found)
        .layer(layers);
    Router::new()
        .merge(pages_and_forms.with_state(state.clone()))
        .merge(assets.router)
        .merge(brand_files)
        .merge(health::routes(state, health))
        .layer(layer_fn(move |route: Route| {
            outer_layers::wrap(route, None, refuse_host, &config)
        }))
}

/// The response to a request for another host than the portal's.
fn refuse_host(request: &Request, error: &AppError, origin: &str) -> Response {
    if rpc::is_rpc(request.uri()) {
        rpc::refuse(error)
    } else {
        host::bare_page(error, origin)
    }
}
