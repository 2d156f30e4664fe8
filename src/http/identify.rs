//! Who sent a request, looked up once.

use std::{borrow::Cow, convert::Infallible};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{Extensions, HeaderMap, header, request::Parts},
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

/// Puts the [`Visitor`] and the [`Actor`] into the request's extensions, and the [`Visitor`] into the response's.
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

/// Looks up the session of a cookie.
pub async fn visitor(state: &AppState, cookie: Option<&str>, actor: Actor) -> Visitor {
    match cookie {
        None => Visitor::Anonymous,
        Some(cookie) => match session::find(state, cookie, actor).await {
            Ok(Some(who)) => Visitor::Client(who),
            Ok(None) => Visitor::Anonymous,
            Err(failure) => Visitor::Unknown(failure.report()),
        },
    }
}

/// The sender of a request, before it is known who they are.
pub fn actor(request: &Request) -> Actor {
    actor_of(request.extensions(), request.headers())
}

/// The same of a request without its body.
pub fn actor_of(extensions: &Extensions, headers: &HeaderMap) -> Actor {
    let address = extensions.get::<ClientAddress>();
    let request_id = extensions.get::<RequestId>();
    let from = address.copied().unwrap_or_default();
    Actor {
        is_forwarded: from.is_forwarded,
        ..Actor::anybody(
            from.address(),
            &user_agent(headers),
            request_id.map(ToString::to_string),
        )
    }
}

/// The sender, where no layer has looked them up.
impl<S: Sync> FromRequestParts<S> for Actor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(actor_of(&parts.extensions, &parts.headers))
    }
}

/// The `User-Agent` header; empty if there is none. Some programs write their name in UTF-8.
pub fn user_agent(headers: &HeaderMap) -> Cow<'_, str> {
    let header = headers.get(header::USER_AGENT);
    header.map_or(Cow::Borrowed(""), |value| {
        String::from_utf8_lossy(value.as_bytes())
    })
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

/// A handler that takes a `SessionClient` needs a session: visitors without one are redirected to the login page.
impl<S: Sync> FromRequestParts<S> for SessionClient {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        Ok(visitor.client()?)
    }
}
