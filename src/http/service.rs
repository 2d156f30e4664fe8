//! The trait of everything here that answers requests.

use std::convert::Infallible;

use axum::{extract::Request, response::Response};
use tower::Service;

/// A cloneable, infallible HTTP service.
pub trait HttpService:
    Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> HttpService for S where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>
        + Clone
        + Send
        + Sync
        + 'static
{
}
