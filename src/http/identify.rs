//! Who the visitor is, found out once per request.

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::Response,
};

use super::{client_address::ClientAddress, cookie, refusal::Refusal, request_log::RequestId};
use crate::{
    model::error::AppError,
    server::{
        actor::Actor,
        session::{self, SessionClient, Visitor},
        state::AppState,
    },
};

/// Leaves the [`Visitor`] and the [`Actor`] with the request, and the [`Visitor`] with its answer.
pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let actor = actor(&request);
    let cookie = cookie::read(request.headers(), &state.config.public_url);
    let visitor = visitor(&state, cookie, actor.clone()).await;
    request.extensions_mut().insert(actor);
    request.extensions_mut().insert(visitor.clone());
    let mut response = next.run(request).await;
    response.extensions_mut().insert(visitor);
    response
}

/// Looks up the session behind the cookie.
pub async fn visitor(state: &AppState, cookie: Option<&str>, actor: Actor) -> Visitor {
    match cookie {
        None => Visitor::Anonymous,
        Some(cookie) => match session::find(state, cookie, actor).await {
            Ok(Some(who)) => Visitor::Client(who),
            Ok(None) => Visitor::Anonymous,
            Err(failure) => Visitor::Unknown(failure.into()),
        },
    }
}

/// Who sends a request, before it is known who that is.
pub fn actor(request: &Request) -> Actor {
    let address = request.extensions().get::<ClientAddress>();
    let request_id = request.extensions().get::<RequestId>();
    Actor::anybody(
        address.and_then(|address| address.0),
        user_agent(request.headers()),
        request_id.map(ToString::to_string),
    )
}

/// What a browser or program says it is.
pub fn user_agent(headers: &HeaderMap) -> &str {
    headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
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
