//! The public API: JSON in and out, bearer tokens, no cookies, nothing cached unasked.

mod bearer;
pub mod client;
pub mod conditional;
mod cors;
mod domains;
mod endpoint;
pub mod error;
mod format;
mod invoices;
mod json;
mod lists;
pub mod me;
mod openapi;
mod orders;
pub mod paging;
pub mod query;
mod rate_limit;
pub mod reads;
pub mod request;
mod router;
mod schema;
mod secured;
mod services;
mod summary;
#[cfg(test)]
mod tests;
mod token;

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    extract::Request,
    http::Uri,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use tower::service_fn;
use tower_http::cors::CorsLayer;

pub use self::lists::{Row, csv};
use self::{
    client::ApiClient,
    endpoint::{Endpoint, ErasedHandler, endpoint, erase},
    error::ApiError,
    openapi::Document,
    reads::Account,
    router::{Methods, Routes, is_below},
};
use super::{outer_layers, service::HttpService};
use crate::{
    model::error::AppError,
    server::{config::Config, limits::Allowance, state::AppState},
    ui::api_docs::reference::ApiReference,
};

/// Whether a path belongs to the API, where no response is a page. So does `//api`, which a base URL with a slash at its
/// end leads to.
pub fn is_api(uri: &Uri) -> bool {
    is_below(uri.path().trim_start_matches('/'), "api")
}

/// The resources: one line each. Its path and its description are in the annotation of its handler.
fn resources(state: &AppState) -> Vec<Endpoint> {
    vec![
        endpoint!(me::show).secured(state),
        endpoint!(token::show)
            .secured(state)
            .and_delete(endpoint!(token::revoke).secured(state)),
        endpoint!(summary::show).secured(state),
        endpoint!(services::list).secured(state),
        endpoint!(services::one).secured(state),
        endpoint!(domains::list).secured(state),
        endpoint!(domains::one).secured(state),
        endpoint!(invoices::list).secured(state),
        endpoint!(invoices::one).secured(state),
        endpoint!(invoices::document::document).secured(state),
        endpoint!(orders::list).secured(state),
        endpoint!(orders::one).secured(state),
    ]
}

/// Everything below `/api`.
pub struct Api<S> {
    /// Responds to all of it.
    pub service: S,
    /// The tables of the documentation page.
    pub reference: ApiReference,
    /// The paths of all endpoints, with the methods that each takes: `GET,HEAD`.
    pub paths: Vec<(&'static str, &'static str)>,
}

/// The API of an installation.
pub fn api(state: &AppState) -> Api<impl HttpService + use<>> {
    with_resources(state, resources(state))
}

fn with_resources(state: &AppState, mut endpoints: Vec<Endpoint>) -> Api<impl HttpService + use<>> {
    let itself = endpoint!(openapi::show);
    let described = endpoints.iter().map(|endpoint| &endpoint.openapi);
    let described = described.chain([&itself.openapi]).cloned();
    let document = Document::new(state.config.public_url.origin(), described);
    endpoints.push(itself.open(document.to_json()));

    let layers = Layers {
        config: Arc::clone(&state.config),
        cors: Arc::new(cors::layer()),
    };
    let mut routes = Routes {
        endpoints: matchit::Router::new(),
        unknown: layers.around("/api/v1/{*unknown}", erase(unknown, state.clone())),
        not_found: layers.around("/api/{*unknown}", erase(not_found, ())),
    };
    let mut paths = Vec::new();
    for endpoint in endpoints {
        // Logged with each request, for as long as the process lives.
        let path: &'static str = endpoint.path().to_owned().leak();
        let allowed = router::allowed(endpoint.delete.is_some());
        let methods = Methods {
            get: layers.around(path, endpoint.handler),
            delete: endpoint.delete.map(|handler| layers.around(path, handler)),
            others: layers.around(path, erase(method_not_allowed, ())),
        };
        let inserted = routes.endpoints.insert(path, methods);
        inserted.expect("each path has one endpoint");
        paths.push((path, allowed));
    }
    Api {
        service: routes.into_service(),
        reference: document.reference(),
        paths,
    }
}

/// What every endpoint is wrapped in.
struct Layers {
    config: Arc<Config>,
    cors: Arc<CorsLayer>,
}

impl Layers {
    /// The layers around one handler, which all have the same type, so that no request has to box them.
    fn around(&self, path: &'static str, handler: ErasedHandler) -> impl HttpService + use<> {
        let inner = cors::for_pages(catch_panics(handler), &self.cors);
        let refuse = |_: &Request, error: &AppError, _: &str| refuse(error.clone());
        outer_layers::wrap(inner, Some(path), refuse, &self.config)
    }
}

/// Responds with 500 if a handler panics.
fn catch_panics(handler: ErasedHandler) -> impl HttpService {
    service_fn(move |request| {
        let response = AssertUnwindSafe(handler(request)).catch_unwind();
        response.map(|response| Ok(response.unwrap_or_else(error::panicked)))
    })
}

/// A request that is refused before its endpoint is known.
fn refuse(error: AppError) -> Response {
    ApiError::Other(error).into_response()
}

/// 405 comes before 401, and 401 before 404: anybody may know which methods an endpoint takes, but only a valid token
/// which paths there are.
async fn unknown(client: ApiClient<Account>) -> (Allowance, ApiError) {
    (client.allowance, AppError::NotFound.into())
}

/// Outside `/api/v1` there is nothing to protect: 404 without a token as well.
async fn not_found() -> ApiError {
    AppError::NotFound.into()
}

async fn method_not_allowed() -> ApiError {
    AppError::MethodNotAllowed.into()
}
