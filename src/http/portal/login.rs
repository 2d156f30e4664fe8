//! Logging in and out.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use leptos::view;

use super::{next::Next, request_url::Query};
use crate::{
    http::{cookie, form::Form, refusal::Refusal, render::Renderer, said::Said},
    model::{
        error::{AppError, duration},
        field,
    },
    server::{
        actor::Actor,
        error::Failure,
        password::Password,
        session::{self, Visitor},
        state::AppState,
        token_secret::holds_secret,
    },
    ui::login::{LoginForm, LoginPage},
};

/// `GET /login`
pub async fn page(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    visitor: Visitor,
    headers: HeaderMap,
    query: Query,
) -> Result<Response, Refusal> {
    let next = Next::parse(&query.get(field::NEXT));
    match visitor {
        Visitor::Client(_) => return Ok(Redirect::to(next.as_str()).into_response()),
        Visitor::Unknown(error) => return Err(error.into()),
        Visitor::Anonymous => {}
    }
    let public_url = &state.config.public_url;
    let said = Said::read(&headers, None, public_url);
    // The browser still has the cookie of a session that has ended.
    let was_signed_out = cookie::read(&headers, public_url).is_some();
    let notice = said.done.map(|done| done.sentence().to_owned());
    let form = LoginForm {
        next: next.to_field(),
        notice: notice.or_else(|| was_signed_out.then(|| AppError::Unauthenticated.to_string())),
        ..LoginForm::default()
    };
    let view = |frame| view! { <LoginPage frame form /> };
    Ok(said.once(renderer.page(&visitor, StatusCode::OK, view).await))
}

/// `POST /login`: redirects with a new session, or answers with the page and a 401 or, after too
/// many attempts, a 429.
pub async fn log_in(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    Extension(actor): Extension<Actor>,
    visitor: Visitor,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Refusal> {
    let next = Next::parse(form.get(field::NEXT));
    let email = form.take(field::EMAIL);
    let password = Password::typed(form.take(field::PASSWORD));
    let public_url = &state.config.public_url;
    let old_cookie = cookie::read(&headers, public_url);
    let device = cookie::read_device(&headers, public_url);
    let began = session::log_in(&state, &email, password, old_cookie, device, &actor).await;
    let (status, error, retry_after) = match began {
        Ok(Some(new)) => {
            let set_cookies = cookie::set(&new, public_url);
            return Ok((set_cookies, Redirect::to(next.as_str())).into_response());
        }
        Ok(None) => (
            StatusCode::UNAUTHORIZED,
            "The email or password is not right.".to_owned(),
            None,
        ),
        Err(Failure::Refused(AppError::TooManyRequests { retry_after })) => (
            StatusCode::TOO_MANY_REQUESTS,
            format!("Too many attempts. Try again in {}.", duration(retry_after)),
            Some([(header::RETRY_AFTER, HeaderValue::from(retry_after))]),
        ),
        Err(failure) => return Err(failure.into()),
    };
    let form = LoginForm {
        // A token, pasted into the wrong field, is not shown again.
        email: if holds_secret(&email) {
            String::new()
        } else {
            email
        },
        next: next.to_field(),
        notice: None,
        error: Some(error),
    };
    let view = |frame| view! { <LoginPage frame form /> };
    let page = renderer.page(&visitor, status, view).await;
    Ok((retry_after, page).into_response())
}

/// `POST /logout`: ends the session, then removes its cookie.
pub async fn log_out(State(state): State<AppState>, visitor: Visitor) -> Result<Response, Refusal> {
    match visitor {
        Visitor::Client(who) => session::log_out(&state, &who).await?,
        Visitor::Anonymous => {}
        // The session may not have ended, so the browser keeps its cookie.
        Visitor::Unknown(error) => return Err(error.into()),
    }
    let clear = [
        (header::SET_COOKIE, cookie::remove(&state.config.public_url)),
        // This clears the back/forward cache as well.
        (
            header::HeaderName::from_static("clear-site-data"),
            HeaderValue::from_static("\"cache\""),
        ),
    ];
    Ok((clear, Redirect::to("/login")).into_response())
}
