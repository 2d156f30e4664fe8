//! The rate limit of changes, applied to every form and every server function before it runs.

use axum::{
    Extension,
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{portal, refusal::Refusal, render::Renderer};
use crate::{
    model::error::AppError,
    server::{
        session::{SessionClient, Visitor},
        state::AppState,
    },
};

/// Refuses a change over the limit with 429: for a form, with its own page and what was typed.
pub async fn limit(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    visitor: Visitor,
    request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let (Visitor::Client(who), Some(route)) = (visitor, route) else {
        return next.run(request).await;
    };
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let route = route.as_str();
    let Err(error) = count(&state, &who, route) else {
        return next.run(request).await;
    };
    if super::rpc::is_rpc(request.uri()) {
        return Refusal::from(error).into_response();
    }
    portal::again(&state, &renderer, who, route, request, error)
        .await
        .into_response()
}

/// Counts a request to `route`. Every route that is not named here makes changes.
fn count(state: &AppState, who: &SessionClient, route: &str) -> Result<(), AppError> {
    match route {
        // Logging in has its own limits, and logging out always works. The theme is in a cookie. These functions read; the
        // use of a session is written once a minute at most.
        "/login" | "/logout" | "/theme" | "/rpc/session/keep" | "/rpc/tokens/list" => Ok(()),
        "/profile/password"
        | "/profile/sessions/end"
        | "/profile/sessions/end-others"
        | "/profile/tokens/revoke-all"
        | "/profile/tokens/{id}/revoke"
        | "/rpc/tokens/revoke" => state.limits.withdrawal(who.session()),
        _ => state.limits.change(who.client().id),
    }
}
