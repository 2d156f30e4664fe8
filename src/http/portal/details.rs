//! Changing one's own data.

use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::shown_again;
use crate::{
    domain::error::AppError,
    http::{form::Form, pages::profile_data, refusal::Refusal, render::Renderer},
    server::{clients, error::Failure, session::SessionClient, state::AppState},
    ui::profile::{
        Done,
        details::{DetailsForm, FIELDS},
    },
};

/// `POST /profile/details`: 303 back, or the page again with what to correct.
pub async fn change(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    form: Form,
) -> Result<Response, Refusal> {
    match clients::set_details(&state, &who, |field| form.get(field).to_owned()).await {
        Ok(()) => {
            let address = format!("/profile?done={}#details", Done::Details.as_str());
            Ok(Redirect::to(&address).into_response())
        }
        Err(Failure::Refused(error @ AppError::Invalid { .. })) => {
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
    data.details_form = DetailsForm {
        values: FIELDS.map(|field| form.get(field.name).to_owned()),
        error: Some(error.clone()),
    };
    Ok(shown_again(renderer, "/profile", who, &error, data).await)
}
