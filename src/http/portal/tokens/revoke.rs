//! Revoking tokens: the questions, and the forms on them.

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use leptos::view;

use crate::{
    http::{
        form::Form,
        portal::{
            request_url::{PathId, Query},
            shown_again::shown_again,
        },
        refusal::Refusal,
        render::Renderer,
        said,
    },
    model::{
        error::AppError,
        field,
        token::{AnyToken, TokenId},
    },
    server::{
        error::Failure,
        overview,
        session::{SessionClient, Visitor},
        state::AppState,
        store::Revocation,
        tokens,
    },
    ui::profile::{
        Done,
        tokens::{
            revoke_all_page::{CONFIRMATION, RevokeAll, RevokeAllPage},
            revoke_page::RevokePage,
            token_page::TOKEN,
        },
    },
};

const LIST: &str = "/profile#api-tokens";

/// `GET /profile/tokens/{id}/revoke`: of a token that is revoked already, redirects to its page.
pub async fn page(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    PathId(id): PathId<TokenId>,
    query: Query,
) -> Result<Response, Refusal> {
    let own_page = format!("/profile/tokens/{id}");
    let token = match tokens::get(&state, &who, id).await? {
        AnyToken::Active(token) => token,
        AnyToken::Revoked(_) => return Ok(Redirect::to(&own_page).into_response()),
    };
    let back = match query.get(field::FROM).as_str() {
        TOKEN => own_page,
        _ => LIST.to_owned(),
    };
    let client = who.client().id;
    let now = state.clock.now();
    let view = move |frame| view! { <RevokePage frame client token back now /> };
    let visitor = Visitor::Client(who);
    Ok(renderer.page(&visitor, StatusCode::OK, view).await)
}

/// `GET /profile/tokens/revoke-all`
pub async fn all_page(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
) -> Result<Response, Refusal> {
    let page = load_all(&state, &who).await?;
    let client = who.client().id;
    let view = move |frame| view! { <RevokeAllPage frame client page /> };
    let visitor = Visitor::Client(who);
    Ok(renderer.page(&visitor, StatusCode::OK, view).await)
}

/// The data of the page, without an error.
async fn load_all(state: &AppState, who: &SessionClient) -> Result<RevokeAll, Failure> {
    let overview = overview::get(state, who).await?;
    Ok(RevokeAll {
        more: overview.in_all.tokens.saturating_sub(overview.tokens.len()),
        tokens: overview.tokens,
        error: None,
        now: state.clock.now(),
    })
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

/// `POST /profile/tokens/revoke-all`: redirects to the list, or asks again without the words that confirm it.
pub async fn revoke_all(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    form: Form,
) -> Result<Response, Refusal> {
    if !is_confirmed(form.get(field::CONFIRMATION)) {
        let message = format!("Type “{CONFIRMATION}” to revoke all tokens.");
        let error = AppError::invalid(field::CONFIRMATION, message);
        let mut page = load_all(&state, &who).await?;
        page.error = Some(error.clone());
        let client = who.client().id;
        let view = move |frame| view! { <RevokeAllPage frame client page /> };
        return Ok(shown_again(&renderer, who, &error, view).await);
    }
    let done = match tokens::revoke_all(&state, &who).await?.len() {
        0 => Done::NoTokens,
        _ => Done::AllRevoked,
    };
    Ok(to_list(&state, &who, done))
}

fn is_confirmed(typed: &str) -> bool {
    let words = typed.split_whitespace();
    words.map(str::to_lowercase).eq(CONFIRMATION.split(' '))
}

fn to_list(state: &AppState, who: &SessionClient, done: Done) -> Response {
    said::then(state, who, done, LIST)
}
