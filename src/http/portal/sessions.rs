//! Ending sessions.

use axum::{extract::State, response::Response};

use crate::{
    http::{form::Form, portal::own_page, refusal::Refusal, said},
    model::{error::AppError, field, session::SessionId},
    server::{
        error::Failure,
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
) -> Result<Response, Refusal> {
    let id = SessionId(
        form.get(field::ID)
            .parse()
            .map_err(|_| AppError::NotFound)?,
    );
    let done = match session::end(&state, &who, id).await {
        Ok(()) => Done::Session,
        // A page of this client listed it, so it was theirs and has ended, perhaps by this form.
        Err(Failure::Refused(AppError::NotFound)) if own_page::client_of(&form)?.is_some() => {
            Done::SessionOver
        }
        Err(failure) => return Err(failure.into()),
    };
    Ok(back(&state, &who, done))
}

/// `POST /profile/sessions/end-others`: ends all sessions but that of the request.
pub async fn end_others(
    State(state): State<AppState>,
    who: SessionClient,
) -> Result<Response, Refusal> {
    let done = match session::end_others(&state, &who).await? {
        0 => Done::NoOtherSessions,
        _ => Done::Sessions,
    };
    Ok(back(&state, &who, done))
}

fn back(state: &AppState, who: &SessionClient, done: Done) -> Response {
    said::then(state, who, done, "/profile#sessions")
}
