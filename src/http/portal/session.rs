//! Logging in and out.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use super::next::Next;
use crate::{
    http::{cookie, form::Form, refusal::Refusal, render::Renderer},
    server::{
        password::Password,
        session::{self, Visitor},
        state::AppState,
    },
    ui::login::LoginForm,
};

/// What a browser says it is.
pub fn user_agent(headers: &HeaderMap) -> &str {
    headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// `POST /login`: 303 with a new session, or the page again with a 401.
pub async fn log_in(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Refusal> {
    let next = Next::parse(form.get("next"));
    let email = form.take("email");
    let password = Password::typed(form.take("password"));
    let public_url = &state.config.public_url;
    let old_cookie = cookie::read(&headers, public_url);
    let began = session::log_in(&state, &email, password, old_cookie, user_agent(&headers)).await?;
    if let Some(new) = began {
        let set_cookie = [(header::SET_COOKIE, cookie::set(&new, public_url))];
        return Ok((set_cookie, Redirect::to(next.as_str())).into_response());
    }
    let form = LoginForm {
        email,
        next: next.to_field(),
        was_signed_out: false,
        error: Some("The email or password is not right.".to_owned()),
    };
    Ok(renderer
        .page(
            "/login",
            &Visitor::Anonymous,
            StatusCode::UNAUTHORIZED,
            form,
        )
        .await)
}

/// `POST /logout`: ends the session here, then in the browser.
pub async fn log_out(State(state): State<AppState>, visitor: Visitor) -> Result<Response, Refusal> {
    match visitor {
        Visitor::Client(who) => session::end(&state, &who, who.session()).await?,
        Visitor::Anonymous => {}
        // The session may live on, so the browser must not believe that it is over.
        Visitor::Unknown(error) => return Err(error.into()),
    }
    let clear = [
        (header::SET_COOKIE, cookie::remove(&state.config.public_url)),
        // Pages kept in memory for the Back button, too.
        (
            header::HeaderName::from_static("clear-site-data"),
            HeaderValue::from_static("\"cache\""),
        ),
    ];
    Ok((clear, Redirect::to("/login")).into_response())
}
