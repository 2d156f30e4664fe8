//! The layers around every response, of the portal and of the API.

use std::sync::Arc;

use tower::util::MapResponse;

use super::{
    headers,
    host::{self, Refuse},
    request_log,
    service::HttpService,
};
use crate::server::config::Config;

/// Logs each request, refuses those for another host by `refuse`, and adds the headers that every response has.
///
/// The log names `route` or else the route that axum's router has matched.
///
/// A function of the inner service and not a [`tower::Layer`]: each layer of an axum router costs every request a box
/// and copies, and `middleware::from_fn` clones the inner service.
pub fn wrap<S: HttpService>(
    inner: S,
    route: Option<&'static str>,
    refuse: Refuse,
    config: &Arc<Config>,
) -> impl HttpService + use<S> {
    let checked = host::checked(inner, refuse, config);
    let logged = request_log::logged(checked, route, Arc::clone(config));
    MapResponse::new(logged, headers::set(config))
}
