//! Asking for a link to choose another password.

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use leptos::view;

use crate::{
    http::{
        form::Form,
        refusal::{Refusal, retry_after, status},
        render::Renderer,
    },
    model::{error::AppError, field},
    server::{
        actor::Actor, error::Failure, links, session::Visitor, state::AppState,
        token_secret::holds_secret,
    },
    ui::forgot_password::{ForgotPassword, ForgotPasswordPage},
};

/// `GET /forgot-password`: not found where mail is not set.
pub async fn page(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    visitor: Visitor,
) -> Result<Response, Refusal> {
    if state.config.mail.is_none() {
        return Err(AppError::NotFound.into());
    }
    let about = ForgotPassword::Form {
        email: String::new(),
        error: None,
    };
    let view = |frame| view! { <ForgotPasswordPage frame about /> };
    Ok(renderer.page(&visitor, StatusCode::OK, view).await)
}

/// `POST /forgot-password`: answers alike whether or not there is such an account.
pub async fn ask(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    Extension(actor): Extension<Actor>,
    visitor: Visitor,
    mut form: Form,
) -> Result<Response, Refusal> {
    let email = form.take(field::EMAIL);
    let asked = links::ask_for_reset(&state, &email, &actor).await;
    // A token, pasted into the wrong field, is not shown again.
    let email = if holds_secret(&email) {
        String::new()
    } else {
        email
    };
    let (status, wait, about) = match asked {
        Ok(()) => {
            let email = email.trim().to_owned();
            (StatusCode::OK, None, ForgotPassword::Sent { email })
        }
        Err(Failure::Refused(
            error @ (AppError::Invalid { .. } | AppError::TooManyRequests { .. }),
        )) => {
            let (status, wait) = (status(&error), retry_after(&error));
            let error = Some(error);
            (status, wait, ForgotPassword::Form { email, error })
        }
        Err(failure) => return Err(failure.into()),
    };
    let view = |frame| view! { <ForgotPasswordPage frame about /> };
    let page = renderer.page(&visitor, status, view).await;
    Ok((wait, page).into_response())
}
