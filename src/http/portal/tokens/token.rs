//! One token: its page and its name.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use leptos::view;

use crate::{
    http::{
        form::Form,
        portal::{request_url::PathId, shown_again::shown_again},
        refusal::Refusal,
        render::Renderer,
        said::{self, Said},
    },
    model::{client::ClientStatus, error::AppError, field, token::TokenId},
    server::{
        error::Failure,
        session::{SessionClient, Visitor},
        state::AppState,
        tokens::{self, Renamed},
    },
    ui::profile::{
        Done,
        tokens::token_page::{TokenDetails, TokenPage},
    },
};

/// `GET /profile/tokens/{id}`
pub async fn page(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    PathId(id): PathId<TokenId>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let mut details = load(&state, &who, id).await?;
    let said = Said::read(&headers, Some(&who), &state.config.public_url);
    details.done = said.done;
    let client = who.client().id;
    let view = move |frame| view! { <TokenPage frame client details /> };
    let visitor = Visitor::Client(who);
    Ok(said.once(renderer.page(&visitor, StatusCode::OK, view).await))
}

/// `POST /profile/tokens/{id}/rename`: redirects to the token's page, or answers with that page and
/// what to correct.
pub async fn rename(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    PathId(id): PathId<TokenId>,
    form: Form,
) -> Result<Response, Refusal> {
    match tokens::rename(&state, &who, id, form.get(field::NAME)).await {
        Ok(Renamed { token, is_changed }) => {
            // If the form was sent twice, its name is still new to the page that it stands on.
            let is_new =
                is_changed || !["", token.name.as_str()].contains(&form.get(field::OLD_NAME));
            let done = if is_new {
                Done::Renamed
            } else {
                Done::NameUnchanged
            };
            let page = format!("/profile/tokens/{id}");
            Ok(said::then(&state, &who, done, &page))
        }
        Err(Failure::Refused(error @ AppError::Invalid { .. })) => {
            again(&state, &renderer, who, id, &form, error).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// The token's page with the name that was typed, and why it was refused.
pub async fn again(
    state: &AppState,
    renderer: &Renderer,
    who: SessionClient,
    id: TokenId,
    form: &Form,
    error: AppError,
) -> Result<Response, Refusal> {
    let mut details = load(state, &who, id).await?;
    form.get(field::NAME).clone_into(&mut details.typed);
    form.get(field::OLD_NAME).clone_into(&mut details.old_name);
    details.error = Some(error.clone());
    let client = who.client().id;
    let view = move |frame| view! { <TokenPage frame client details /> };
    Ok(shown_again(renderer, who, &error, view).await)
}

/// The data of the page, without errors.
async fn load(state: &AppState, who: &SessionClient, id: TokenId) -> Result<TokenDetails, Failure> {
    let (token, revoked_at) = tokens::get(state, who, id).await?.into_parts();
    Ok(TokenDetails {
        typed: token.name.to_string(),
        old_name: token.name.to_string(),
        token,
        usage: tokens::usage(state, who, id).await?,
        can_rename: revoked_at.is_none() && who.client().status == ClientStatus::Active,
        revoked_at,
        error: None,
        done: None,
        now: state.clock.now(),
    })
}
