//! Changing the password.

use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Response},
};

use super::shown_again;
use crate::{
    http::{cookie, form::Form, pages::profile_data, refusal::Refusal, render::Renderer, said},
    model::error::AppError,
    server::{
        error::Failure,
        password::Password,
        session::{self, SessionClient, SessionCookie},
        state::AppState,
    },
    ui::profile::Done,
};

/// `POST /profile/password`: 303 with a new session, or the page again with what to correct.
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

/// The form with why the password was not changed. What was typed is shown to nobody.
pub async fn again(
    state: &AppState,
    renderer: &Renderer,
    who: SessionClient,
    error: AppError,
) -> Result<Response, Refusal> {
    let mut data = profile_data(state, &who).await?;
    data.password_error = Some(error.clone());
    Ok(shown_again(renderer, "/profile", who, &error, data).await)
}

async fn try_change(
    state: &AppState,
    who: &SessionClient,
    mut form: Form,
) -> Result<SessionCookie, Failure> {
    let current = Password::typed(form.take("current_password"));
    session::change_password(state, who, current, form.get("new_password")).await
}
