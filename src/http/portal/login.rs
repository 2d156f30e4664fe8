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
    http::{
        cookie,
        form::Form,
        refusal::{Refusal, retry_after, status},
        render::Renderer,
        said::Said,
    },
    model::{error::AppError, field},
    server::{
        actor::Actor,
        password::Password,
        session::{self, Visitor},
        state::AppState,
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
    let error = is_without_cookies(&query, &headers).then(|| {
        format!(
            "You logged in, but your browser didn't keep the cookie that says so. \
             Allow cookies for this site, and open it at {}.",
            public_url.origin()
        )
    });
    let form = LoginForm {
        next: next.to_field(),
        notice: notice
            .or_else(|| was_signed_out.then(|| AppError::Unauthenticated.to_string()))
            .filter(|_| error.is_none()),
        error,
        ..LoginForm::default()
    };
    let view = |frame| view! { <LoginPage frame form /> };
    Ok(said.once(renderer.page(&visitor, StatusCode::OK, view).await))
}

/// Whether the login form led here without a session: had the browser kept its cookie, it would be somewhere else by now.
/// A link from elsewhere does not make the page say so.
fn is_without_cookies(query: &Query, headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let host = text(header::HOST).unwrap_or_default();
    let from = text(header::REFERER).and_then(|from| from.split_once("://"));
    query.get(field::BEGAN) == "1"
        && from.is_some_and(|(_, from)| {
            from.split(['?', '#']).next() == Some(&format!("{host}/login"))
        })
}

/// `POST /login`: redirects with a new session, or answers with the page and a 401, a 429 after too many attempts, or a 503.
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
    // A browser that has kept a cookie of ours before will keep this one.
    let keeps_cookies = old_cookie.is_some() || device.is_some();
    let began = session::log_in(&state, &email, password, old_cookie, device, &actor).await;
    let error = match began {
        Ok(Some(new)) => {
            let to = if keeps_cookies {
                next.as_str().to_owned()
            } else {
                next.by_login()
            };
            let set_cookies = cookie::set(&new, public_url);
            return Ok((set_cookies, Redirect::to(&to)).into_response());
        }
        Ok(None) => None,
        Err(failure) => Some(failure.report()),
    };
    // A bug has a page of its own, with the number of the request.
    if error == Some(AppError::Internal) {
        return Err(AppError::Internal.into());
    }
    let status = error.as_ref().map_or(StatusCode::UNAUTHORIZED, status);
    let wait = match error {
        Some(AppError::TooManyRequests { retry_after }) => Some(retry_after),
        _ => None,
    };
    let sentence = match &error {
        None => "Incorrect email or password.".to_owned(),
        Some(AppError::TooManyRequests { .. }) => "Too many attempts.".to_owned(),
        Some(error) => error.to_string(),
    };
    let form = LoginForm {
        email,
        next: next.to_field(),
        notice: None,
        error: Some(sentence),
        wait,
    };
    let view = |frame| view! { <LoginPage frame form /> };
    let page = renderer.page(&visitor, status, view).await;
    let retry_after = error.as_ref().and_then(retry_after);
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
    // `Clear-Site-Data` would take seconds in a browser that has cached a lot. No cache keeps a page, and a page from the
    // back/forward cache reloads itself.
    let clear = [(header::SET_COOKIE, cookie::remove(&state.config.public_url))];
    Ok((clear, Redirect::to("/login")).into_response())
}
