//! Changing the password.

use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Response},
};

use super::profile;
use crate::{
    http::{cookie, form::Form, refusal::Refusal, render::Renderer, said},
    model::{error::AppError, field},
    server::{
        error::Failure,
        password::Password,
        session::{self, SessionClient, SessionCookie},
        state::AppState,
    },
    ui::profile::Done,
};

/// `POST /profile/password`: redirects with a new session, or answers with the page and what to correct.
pub async fn change(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    form: Form,
) -> Result<Response, Refusal> {
    match try_change(&state, &who, form).await {
        Ok(new) => {
            let set_cookies = cookie::set(&new, &state.config.public_url);
            let done = said::then(&state, &who, Done::Password, "/profile#password");
            Ok((set_cookies, done).into_response())
        }
        Err(Failure::Refused(
            error @ (AppError::Invalid { .. } | AppError::TooManyRequests { .. }),
        )) => again(&state, &renderer, who, error).await,
        Err(failure) => Err(failure.into()),
    }
}

/// The form with why the password was not changed. What was typed is not sent back.
pub async fn again(
    state: &AppState,
    renderer: &Renderer,
    who: SessionClient,
    error: AppError,
) -> Result<Response, Refusal> {
    profile::again(state, renderer, who, error, |profile, error| {
        profile.password_error = Some(error);
    })
    .await
}

async fn try_change(
    state: &AppState,
    who: &SessionClient,
    mut form: Form,
) -> Result<SessionCookie, Failure> {
    let current = Password::typed(form.take(field::CURRENT_PASSWORD));
    session::change_password(state, who, current, form.get(field::NEW_PASSWORD)).await
}
