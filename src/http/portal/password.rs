//! Changing the password.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};

use super::session::user_agent;
use crate::{
    domain::error::AppError,
    http::{
        cookie,
        form::Form,
        pages::profile_data,
        refusal::{Refusal, status},
        render::Renderer,
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
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Refusal> {
    match try_change(&state, &who, form, user_agent(&headers)).await {
        Ok(new) => {
            let set_cookie = [(
                header::SET_COOKIE,
                cookie::set(&new, &state.config.public_url),
            )];
            let address = format!("/profile?done={}#password", Done::Password.as_str());
            Ok((set_cookie, Redirect::to(&address)).into_response())
        }
        Err(Failure::Refused(error @ AppError::Invalid { .. })) => {
            let mut data = profile_data(&state, &who).await?;
            let status = status(&error);
            data.password_error = Some(error);
            Ok(renderer
                .page("/profile", &Visitor::Client(who), status, data)
                .await)
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn try_change(
    state: &AppState,
    who: &SessionClient,
    mut form: Form,
    user_agent: &str,
) -> Result<SessionCookie, Failure> {
    let current = Password::typed(form.take("current_password"));
    let new = Password::new("new_password", form.take("new_password"))?;
    session::change_password(state, who, current, new, user_agent).await
}
