//! Creating a token.

use axum::{Extension, extract::State, http::StatusCode, response::Response};
use leptos::view;

use crate::{
    http::{
        form::Form,
        portal::{profile, shown_again::shown_again},
        refusal::Refusal,
        render::Renderer,
    },
    model::{
        error::AppError,
        field,
        scopes::{Scope, Scopes},
    },
    server::{
        error::Failure,
        session::{SessionClient, Visitor},
        state::AppState,
        tokens::{self, CreateTokenRequest, Creation},
    },
    ui::profile::tokens::{
        AskedToken,
        reveal_page::{Reveal, RevealPage},
    },
};

/// `POST /profile/tokens`: the response is the page that shows the token. It is not a redirect, because
/// no URL may contain the token.
pub async fn create(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    form: Form,
) -> Result<Response, Refusal> {
    let request = CreateTokenRequest {
        name: form.get(field::NAME),
        scopes: ticked(&form),
        expires_on: form.get(field::EXPIRES_ON),
        allowed_addresses: form.get(field::ALLOWED_ADDRESSES),
        idempotency_key: form.get(field::IDEMPOTENCY_KEY),
        replace_unseen: form.get(field::REPLACE_UNSEEN) == "true",
    };
    let idempotency_key = request.idempotency_key.to_owned();
    let client = who.client().id;
    let reveal = match tokens::create(&state, &who, request).await {
        Ok(Creation::Created(created)) => Reveal::Created(created),
        Ok(Creation::AlreadyCreated { token, is_revoked }) => Reveal::AlreadyCreated {
            token,
            is_revoked,
            idempotency_key,
        },
        Err(Failure::Refused(error)) => return again(&state, &renderer, who, &form, error).await,
        Err(failure) => {
            let error = failure.report();
            if error != AppError::Unclear {
                return Err(error.into());
            }
            let reveal = Reveal::Unclear {
                asked: typed(&form),
                idempotency_key,
            };
            let view = move |frame| view! { <RevealPage frame client reveal /> };
            return Ok(shown_again(&renderer, who, &error, view).await);
        }
    };
    let view = move |frame| view! { <RevealPage frame client reveal /> };
    let visitor = Visitor::Client(who);
    Ok(renderer.page(&visitor, StatusCode::OK, view).await)
}

/// The form for a new token with what was typed and ticked, and why there is none.
pub async fn again(
    state: &AppState,
    renderer: &Renderer,
    who: SessionClient,
    form: &Form,
    error: AppError,
) -> Result<Response, Refusal> {
    profile::again(state, renderer, who, error, |profile, error| {
        profile.token_form.asked = typed(form);
        profile.token_form.error = Some(error);
    })
    .await
}

/// What was typed and chosen.
fn typed(form: &Form) -> AskedToken {
    AskedToken {
        name: form.get(field::NAME).to_owned(),
        scopes: ticked(form),
        expires_on: form.get(field::EXPIRES_ON).to_owned(),
        allowed_addresses: form.get(field::ALLOWED_ADDRESSES).to_owned(),
    }
}

/// The ticked boxes, which have the words of the scopes as names.
fn ticked(form: &Form) -> Scopes {
    let is_ticked = |scope: &Scope| !form.get(scope.as_str()).is_empty();
    Scopes::chosen(Scope::ALL.into_iter().filter(is_ticked))
}
