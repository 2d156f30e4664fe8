//! Creating and revoking tokens without WebAssembly.

use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::shown_again;
use crate::{
    http::{
        form::Form,
        pages::{profile_data, token_data},
        refusal::{Refusal, retry_after, status},
        render::Renderer,
        said,
    },
    model::{error::AppError, token::TokenId},
    server::{
        error::Failure,
        session::{SessionClient, Visitor},
        state::AppState,
        store::Revocation,
        tokens::{self, CreateTokenRequest, Creation, Renamed},
    },
    ui::profile::{
        Done,
        tokens::{reveal_page::Reveal, token_page::OLD_NAME},
    },
};

/// `POST /profile/tokens`: the answer is the page that shows the token. Never a redirect, and never
/// an address that holds it.
pub async fn create(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    form: Form,
) -> Result<Response, Refusal> {
    let request = CreateTokenRequest {
        name: form.get("name"),
        idempotency_key: form.get("idempotency_key"),
        replace_unseen: form.get("replace_unseen") == "true",
    };
    let idempotency_key = request.idempotency_key.to_owned();
    let mut error = None;
    let reveal = match tokens::create(&state, &who, request).await {
        Ok(Creation::Created(created)) => Reveal::Created(created),
        Ok(Creation::AlreadyCreated { token, is_revoked }) => Reveal::AlreadyCreated {
            token,
            is_revoked,
            idempotency_key,
        },
        Err(Failure::Refused(error)) => {
            return create_again(&state, &renderer, who, &form, error).await;
        }
        Err(failure) => match failure.report() {
            AppError::Unclear => {
                error = Some(AppError::Unclear);
                Reveal::Unclear {
                    name: form.get("name").to_owned(),
                    idempotency_key,
                }
            }
            error => return Err(error.into()),
        },
    };
    let page = renderer
        .page(
            "/profile/tokens",
            &Visitor::Client(who),
            error.as_ref().map_or(StatusCode::OK, status),
            reveal,
        )
        .await;
    Ok((error.as_ref().and_then(retry_after), page).into_response())
}

/// The form for a new token with the name that was typed, and why there is none.
pub async fn create_again(
    state: &AppState,
    renderer: &Renderer,
    who: SessionClient,
    form: &Form,
    error: AppError,
) -> Result<Response, Refusal> {
    let mut data = profile_data(state, &who).await?;
    form.get("name").clone_into(&mut data.token_form.name);
    data.token_form.error = Some(error.clone());
    Ok(shown_again(renderer, "/profile", who, &error, data).await)
}

/// `POST /profile/tokens/{id}/rename`: 303 back to the token's page, or that page again with what to
/// correct.
pub async fn rename(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let id = TokenId(id.parse().map_err(|_| AppError::NotFound)?);
    let path = format!("/profile/tokens/{id}");
    match tokens::rename(&state, &who, id, form.get("name")).await {
        Ok(Renamed { token, is_changed }) => {
            // The form may have been sent twice: then what it says is new to its page all the same.
            let is_new = is_changed || !["", token.name.as_str()].contains(&form.get(OLD_NAME));
            let done = if is_new {
                Done::Renamed
            } else {
                Done::NameUnchanged
            };
            Ok(said::then(&state, &who, done, &path))
        }
        Err(Failure::Refused(error @ AppError::Invalid { .. })) => {
            rename_again(&state, &renderer, who, id, &form, error).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// The token's page with the name that was typed, and why it has another one.
pub async fn rename_again(
    state: &AppState,
    renderer: &Renderer,
    who: SessionClient,
    id: TokenId,
    form: &Form,
    error: AppError,
) -> Result<Response, Refusal> {
    let mut data = token_data(state, &who, id).await?;
    form.get("name").clone_into(&mut data.typed);
    form.get(OLD_NAME).clone_into(&mut data.old_name);
    data.error = Some(error.clone());
    let path = format!("/profile/tokens/{id}");
    Ok(shown_again(renderer, &path, who, &error, data).await)
}

/// `POST /profile/tokens/revoke-all`: 303 back to the list.
pub async fn revoke_all(
    State(state): State<AppState>,
    who: SessionClient,
) -> Result<Response, Refusal> {
    let done = match tokens::revoke_all(&state, &who).await?.len() {
        0 => Done::NoTokens,
        _ => Done::AllRevoked,
    };
    Ok(back(&state, &who, done))
}

/// `POST /profile/tokens/{id}/revoke`: 303 back to the list.
pub async fn revoke(
    State(state): State<AppState>,
    who: SessionClient,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id = TokenId(id.parse().map_err(|_| AppError::NotFound)?);
    let done = match tokens::revoke(&state, &who, id).await? {
        Revocation::Revoked(_) => Done::Revoked,
        Revocation::AlreadyRevoked(_) => Done::IsRevoked,
    };
    Ok(back(&state, &who, done))
}

fn back(state: &AppState, who: &SessionClient, done: Done) -> Response {
    said::then(state, who, done, "/profile#api-tokens")
}
