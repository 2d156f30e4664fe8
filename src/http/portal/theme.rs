//! Choosing between light and dark.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Redirect, Response},
};

use super::next::Next;
use crate::{
    http::{cookie, form::Form, refusal::Refusal},
    model::{error::AppError, field},
    server::state::AppState,
    ui::preferences::Theme,
};

/// `POST /theme`: sets the cookie and redirects to the page that the form was on.
pub async fn choose(State(state): State<AppState>, form: Form) -> Result<Response, Refusal> {
    let theme = Theme::from_word(form.get(Theme::COOKIE)).ok_or(AppError::BadRequest)?;
    let next = Next::parse(form.get(field::NEXT));
    let set_cookie = [(
        header::SET_COOKIE,
        cookie::remember(Theme::COOKIE, theme.as_str(), &state.config.public_url),
    )];
    Ok((set_cookie, Redirect::to(next.as_str())).into_response())
}
