//! Changing the password.

use axum::{
    Extension,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use crate::{
    domain::error::AppError,
    http::{
        cookie,
        form::Form,
        pages::profile_data,
        refusal::{Refusal, retry_after, status},
        render::Renderer,
        said,
    },
    server::{
        error::Failure,
        password::Password,
        session::{self, SessionClient, SessionCookie, Visitor},
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
            let mut answer = said::then(&state, &who, Done::Password, "/profile#password");
            let cookie = cookie::set(&new, &state.config.public_url);
            answer.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(answer)
        }
        Err(Failure::Refused(
            error @ (AppError::Invalid { .. } | AppError::TooManyRequests { .. }),
        )) => {
            let mut data = profile_data(&state, &who).await?;
            let (status, retry_after) = (status(&error), retry_after(&error));
            data.password_error = Some(error);
            let page = renderer
                .page("/profile", &Visitor::Client(who), status, data)
                .await;
            Ok((retry_after, page).into_response())
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn try_change(
    state: &AppState,
    who: &SessionClient,
    mut form: Form,
) -> Result<SessionCookie, Failure> {
    let current = Password::typed(form.take("current_password"));
    session::change_password(state, who, current, form.get("new_password")).await
}
