//! Revoking tokens: the questions, and the forms on them.

use axum::{Extension, extract::State, http::StatusCode, response::Response};
use leptos::view;

use crate::{
    http::{portal::request_url::PathId, refusal::Refusal, render::Renderer, said},
    model::token::TokenId,
    server::{
        overview,
        session::{SessionClient, Visitor},
        state::AppState,
        store::Revocation,
        tokens,
    },
    ui::profile::{
        Done,
        tokens::revoke_page::{RevokeAllPage, RevokePage},
    },
};

/// `GET /profile/tokens/{id}/revoke`
pub async fn page(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    PathId(id): PathId<TokenId>,
) -> Result<Response, Refusal> {
    let token = tokens::get(&state, &who, id).await?;
    let client = who.client().id;
    let now = state.clock.now();
    let view = move |frame| view! { <RevokePage frame client token now /> };
    let visitor = Visitor::Client(who);
    Ok(renderer.page(&visitor, StatusCode::OK, view).await)
}

/// `GET /profile/tokens/revoke-all`
pub async fn all_page(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
) -> Result<Response, Refusal> {
    let overview = overview::get(&state, &who).await?;
    let tokens = overview.tokens;
    let more = overview.in_all.tokens.saturating_sub(tokens.len());
    let client = who.client().id;
    let now = state.clock.now();
    let view = move |frame| view! { <RevokeAllPage frame client tokens more now /> };
    let visitor = Visitor::Client(who);
    Ok(renderer.page(&visitor, StatusCode::OK, view).await)
}

/// `POST /profile/tokens/{id}/revoke`: redirects to the list.
pub async fn revoke(
    State(state): State<AppState>,
    who: SessionClient,
    PathId(id): PathId<TokenId>,
) -> Result<Response, Refusal> {
    let done = match tokens::revoke(&state, &who, id).await? {
        Revocation::Revoked(_) => Done::Revoked,
        Revocation::AlreadyRevoked(_) => Done::IsRevoked,
    };
    Ok(to_list(&state, &who, done))
}

/// `POST /profile/tokens/revoke-all`: redirects to the list.
pub async fn revoke_all(
    State(state): State<AppState>,
    who: SessionClient,
) -> Result<Response, Refusal> {
    let done = match tokens::revoke_all(&state, &who).await?.len() {
        0 => Done::NoTokens,
        _ => Done::AllRevoked,
    };
    Ok(to_list(&state, &who, done))
}

fn to_list(state: &AppState, who: &SessionClient, done: Done) -> Response {
    said::then(state, who, done, "/profile#api-tokens")
}
