//! Endpoints: handlers of different types in one table.

use std::{pin::Pin, sync::Arc};

use axum::{extract::Request, handler::Handler, response::Response};

/// What axum's handlers return.
pub type BoxedResponse = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A handler of any type, with its state.
///
/// Erasing the type allocates nothing per request, because axum boxes the future of every handler anyway.
pub type ErasedHandler = Arc<dyn Fn(Request) -> BoxedResponse + Send + Sync>;

/// A handler for `GET` and `HEAD` of one path.
pub struct Endpoint {
    /// May hold `{id}`.
    pub path: &'static str,
    /// Responds to both methods; the router removes the response body for `HEAD`.
    pub handler: ErasedHandler,
}

impl Endpoint {
    /// Puts `handler` at `path`.
    pub fn new<H, T, S>(path: &'static str, handler: H, state: S) -> Self
    where
        H: Handler<T, S, Future = BoxedResponse>,
        S: Clone + Send + Sync + 'static,
    {
        Self {
            path,
            handler: erase(handler, state),
        }
    }
}

/// Gives a handler its state and forgets its type.
pub fn erase<H, T, S>(handler: H, state: S) -> ErasedHandler
where
    H: Handler<T, S, Future = BoxedResponse>,
    S: Clone + Send + Sync + 'static,
{
    Arc::new(move |request| handler.clone().call(request, state.clone()))
}
