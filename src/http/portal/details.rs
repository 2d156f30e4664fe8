//! Changing one's own data.

use axum::{Extension, extract::State, response::Response};

use super::shown_again;
use crate::{
    http::{form::Form, pages::profile_data, refusal::Refusal, render::Renderer, said},
    model::{client::Details, error::AppError},
    server::{clients, error::Failure, session::SessionClient, state::AppState},
    ui::profile::{Done, details::FIELDS},
};

/// `POST /profile/details`: 303 back, or the page again with what to correct.
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
    let mut data = profile_data(state, &who).await?;
    data.details_form.values = FIELDS.map(|field| form.get(field.name).to_owned());
    // What has to be seen first is on the page now.
    if error != AppError::ChangedMeanwhile {
        form.get(Details::VERSION)
            .clone_into(&mut data.details_form.version);
    }
    data.details_form.error = Some(error.clone());
    Ok(shown_again(renderer, "/profile", who, &error, data).await)
}
