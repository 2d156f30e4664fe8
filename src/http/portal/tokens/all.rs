//! The list of all active tokens.

use axum::{Extension, extract::State, http::StatusCode, response::Response};
use leptos::view;

use crate::{
    http::{portal::request_url::Query, refusal::Refusal, render::Renderer},
    model::{field, token::TokenId},
    server::{
        session::{SessionClient, Visitor},
        state::AppState,
        tokens,
    },
    ui::profile::tokens::all_page::AllTokensPage,
};

/// Tokens on one page.
const LISTED: u32 = 100;

/// `GET /profile/tokens/all`
pub async fn page(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    query: Query,
) -> Result<Response, Refusal> {
    let before = query.number(field::BEFORE).map(TokenId);
    let mut tokens = tokens::list(&state, &who, before, LISTED + 1).await?;
    let has_more = tokens.len() > LISTED as usize;
    tokens.truncate(LISTED as usize);
    let is_first = before.is_none();
    let now = state.clock.now();
    let view = move |frame| view! { <AllTokensPage frame tokens is_first has_more now /> };
    let visitor = Visitor::Client(who);
    Ok(renderer.page(&visitor, StatusCode::OK, view).await)
}
