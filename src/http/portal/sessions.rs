//! Ending sessions.

use axum::{extract::State, response::Redirect};

use crate::{
    domain::{error::AppError, session::SessionId},
    http::{form::Form, refusal::Refusal},
    server::{
        session::{self, SessionClient},
        state::AppState,
    },
    ui::profile::Done,
};

/// `POST /profile/sessions/end`: ends the session with the number in the field `id`.
pub async fn end(
    State(state): State<AppState>,
    who: SessionClient,
    form: Form,
) -> Result<Redirect, Refusal> {
    let id = SessionId(form.get("id").parse().map_err(|_| AppError::NotFound)?);
    session::end(&state, &who, id).await?;
    Ok(back(Done::Session))
}

/// `POST /profile/sessions/end-others`: ends all sessions but the one that asks.
pub async fn end_others(
    State(state): State<AppState>,
    who: SessionClient,
) -> Result<Redirect, Refusal> {
    session::end_others(&state, &who).await?;
    Ok(back(Done::Sessions))
}

fn back(done: Done) -> Redirect {
    Redirect::to(&format!("/profile?done={}#sessions", done.as_str()))
}
