//! Changing the client's data.

use axum::{Extension, extract::State, response::Response};

use super::profile;
use crate::{
    http::{form::Form, refusal::Refusal, render::Renderer, said},
    model::{error::AppError, field},
    server::{clients, error::Failure, session::SessionClient, state::AppState},
    ui::profile::{Done, details::FIELDS},
};

/// `POST /profile/details`: redirects to the section, or answers with the page and what to correct.
pub async fn change(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    form: Form,
) -> Result<Response, Refusal> {
    match clients::set_details(&state, &who, |field| form.get(field).to_owned()).await {
        Ok(is_changed) => {
            let done = if is_changed {
                Done::Details
            } else {
                Done::DetailsUnchanged
            };
            Ok(said::then(&state, &who, done, "/profile#details"))
        }
        Err(Failure::Refused(error @ (AppError::Invalid { .. } | AppError::ChangedMeanwhile))) => {
            again(&state, &renderer, who, &form, error).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// The form with what was typed, and why it was not saved.
pub async fn again(
    state: &AppState,
    renderer: &Renderer,
    who: SessionClient,
    form: &Form,
    error: AppError,
) -> Result<Response, Refusal> {
    profile::again(state, renderer, who, error, |profile, error| {
        let shown = &mut profile.details_form;
        shown.values = FIELDS.map(|field| form.get(field.name).to_owned());
        // After a change by others the page shows the new data above the form, so sending the form
        // again may replace it.
        if error != AppError::ChangedMeanwhile {
            form.get(field::VERSION).clone_into(&mut shown.version);
        }
        shown.error = Some(error);
    })
    .await
}
