//! Endpoints: a handler, and what its `#[utoipa::path]` annotation says of it.
//!
//! Path, method and description are written once, in the annotation: the route table and the OpenAPI document are both
//! made from it.

use std::{pin::Pin, sync::Arc};

use axum::{extract::Request, handler::Handler, response::Response};
use utoipa::openapi::OpenApi;

use super::{
    openapi::{headers, operations::operations_mut, security},
    reads::Reads,
    secured::Secured,
};
use crate::server::state::AppState;

/// What axum's handlers return.
pub type BoxedResponse = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A handler of any type, with its state.
///
/// Erasing the type allocates nothing per request, because axum boxes the future of every handler anyway.
pub type ErasedHandler = Arc<dyn Fn(Request) -> BoxedResponse + Send + Sync>;

/// The handlers of one path, made by [`endpoint!`].
pub struct Endpoint<H = ErasedHandler> {
    /// The part of the OpenAPI document that describes it.
    pub openapi: OpenApi,
    /// Responds to `GET` and `HEAD`; the router removes the response body for `HEAD`.
    pub handler: H,
    /// Responds to `DELETE`, which most paths do not take.
    pub delete: Option<ErasedHandler>,
}

/// The [`Endpoint`] of a handler that is annotated with `#[utoipa::path(get, …)]`, or with `delete` for
/// [`Endpoint::and_delete`].
macro_rules! endpoint {
    ($($handler:ident)::+) => {{
        #[derive(utoipa::OpenApi)]
        #[openapi(paths($($handler)::+))]
        struct Described;

        $crate::http::api::endpoint::Endpoint {
            openapi: <Described as utoipa::OpenApi>::openapi(),
            handler: $($handler)::+,
            delete: None,
        }
    }};
}
pub(super) use endpoint;

impl<H> Endpoint<H> {
    /// The endpoint for those who have a token that may read what the handler says it reads.
    pub fn secured<T: Secured>(mut self, state: &AppState) -> Endpoint
    where
        H: Handler<T, AppState, Future = BoxedResponse>,
    {
        let items = self.openapi.paths.paths.values_mut();
        for operation in items.flat_map(operations_mut) {
            operation.security = Some(vec![security::requirement(T::Data::SCOPE)]);
            if T::IS_CONDITIONAL {
                headers::make_conditional(operation);
            }
        }
        self.open(state.clone())
    }

    /// The endpoint for everybody.
    pub fn open<T, S>(self, state: S) -> Endpoint
    where
        H: Handler<T, S, Future = BoxedResponse>,
        S: Clone + Send + Sync + 'static,
    {
        Endpoint {
            openapi: self.openapi,
            handler: erase(self.handler, state),
            delete: self.delete,
        }
    }

    /// Its path, which may hold `{id}`.
    ///
    /// # Panics
    /// If no handler is annotated with `get`.
    pub fn path(&self) -> &str {
        let described = self.openapi.paths.paths.iter().next();
        let get = described.filter(|(_, methods)| methods.get.is_some());
        get.expect("an endpoint is for GET").0
    }
}

impl Endpoint {
    /// The same, with a handler for `DELETE` of the same path.
    #[must_use]
    pub fn and_delete(mut self, delete: Self) -> Self {
        self.openapi.merge(delete.openapi);
        self.delete = Some(delete.handler);
        self
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
