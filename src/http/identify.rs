//! Who the visitor is, found out once per request.

use axum::{
    extract::{FromRequestParts, Request, State},
    http::request::Parts,
    middleware::Next,
    response::Response,
};

use super::{cookie, refusal::Refusal};
use crate::{
    domain::error::AppError,
    server::{
        session::{self, SessionClient, Visitor},
        state::AppState,
    },
};

/// Looks up the session behind the cookie and leaves the [`Visitor`] with the request.
pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let visitor = match cookie::read(request.headers(), &state.config.public_url) {
        None => Visitor::Anonymous,
        Some(cookie) => match session::find(&state, cookie).await {
            Ok(Some(who)) => Visitor::Client(who),
            Ok(None) => Visitor::Anonymous,
            Err(failure) => Visitor::Unknown(failure.into()),
        },
    };
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        Ok(parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or(AppError::Internal)?)
    }
}

/// A handler that takes this is closed to everybody else: they are sent to log in.
impl<S: Sync> FromRequestParts<S> for SessionClient {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        Ok(visitor.client()?)
    }
}
