//! Creating and revoking tokens without WebAssembly.

use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::{Redirect, Response},
};

use crate::{
    domain::{error::AppError, token::TokenId},
    http::{
        form::Form,
        pages::profile_data,
        refusal::{Refusal, status},
        render::Renderer,
    },
    server::{
        error::Failure,
        session::{SessionClient, Visitor},
        state::AppState,
        store::Revocation,
        tokens::{self, Creation, Wish},
    },
    ui::profile::{Done, tokens::reveal_page::Reveal},
};

/// `POST /profile/tokens`: the answer is the page that shows the token. Never a redirect, and never
/// an address that holds it.
pub async fn create(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    form: Form,
) -> Result<Response, Refusal> {
    let wish = Wish {
        name: form.get("name"),
        idempotency_key: form.get("idempotency_key"),
        replace_unseen: form.get("replace_unseen") == "true",
    };
    let idempotency_key = wish.idempotency_key.to_owned();
    let reveal = match tokens::create(&state, &who, wish).await {
        Ok(Creation::Created(created)) => Reveal::Created(created),
        Ok(Creation::AlreadyCreated { token, is_revoked }) => Reveal::AlreadyCreated {
            token,
            is_revoked,
            idempotency_key,
        },
        Err(Failure::Refused(error)) => {
            let mut data = profile_data(&state, &who).await?;
            let status = status(&error);
            data.token_form.name = form.get("name").to_owned();
            data.token_form.error = Some(error);
            return Ok(renderer
                .page("/profile", &Visitor::Client(who), status, data)
                .await);
        }
        Err(failure) => return Err(failure.into()),
    };
    Ok(renderer
        .page(
            "/profile/tokens",
            &Visitor::Client(who),
            StatusCode::OK,
            reveal,
        )
        .await)
}

/// `POST /profile/tokens/{id}/rename`: 303 back to the list.
pub async fn rename(
    State(state): State<AppState>,
    who: SessionClient,
    Path(id): Path<String>,
    form: Form,
) -> Result<Redirect, Refusal> {
    let id = TokenId(id.parse().map_err(|_| AppError::NotFound)?);
    tokens::rename(&state, &who, id, form.get("name")).await?;
    Ok(back(Done::Renamed))
}

/// `POST /profile/tokens/revoke-all`: 303 back to the list.
pub async fn revoke_all(
    State(state): State<AppState>,
    who: SessionClient,
) -> Result<Redirect, Refusal> {
    tokens::revoke_all(&state, &who).await?;
    Ok(back(Done::AllRevoked))
}

/// `POST /profile/tokens/{id}/revoke`: 303 back to the list.
pub async fn revoke(
    State(state): State<AppState>,
    who: SessionClient,
    Path(id): Path<String>,
) -> Result<Redirect, Refusal> {
    let id = TokenId(id.parse().map_err(|_| AppError::NotFound)?);
    let done = match tokens::revoke(&state, &who, id).await? {
        Revocation::Revoked(_) => Done::Revoked,
        Revocation::AlreadyRevoked(_) => Done::AlreadyRevoked,
    };
    Ok(back(done))
}

fn back(done: Done) -> Redirect {
    Redirect::to(&format!("/profile?done={}#api-tokens", done.as_str()))
}
