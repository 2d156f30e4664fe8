//! Choosing a password by a link. The link's secret is in the path, which no log of ours has.

use axum::{
    Extension,
    extract::{OriginalUri, Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::view;

use crate::{
    http::{
        form::Form,
        refusal::{Refusal, retry_after, status},
        render::Renderer,
        said,
    },
    model::{error::AppError, field},
    server::{actor::Actor, error::Failure, links, session::Visitor, state::AppState},
    ui::{
        profile::Done,
        set_password::{LinkOverPage, SetPasswordPage},
    },
};

/// What the page shows besides the link's own.
#[derive(Default)]
struct Shown {
    error: Option<AppError>,
    revoke_tokens: bool,
}

/// `GET /set-password/{secret}`: the form. Changes nothing.
pub async fn page(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    visitor: Visitor,
    uri: OriginalUri,
    Path(secret): Path<String>,
) -> Response {
    let shown = show(&state, &renderer, &visitor, &uri, &secret, Shown::default()).await;
    private(&state, shown.into_response())
}

/// `POST /set-password/{secret}`: sets the password and leads to the login page, or answers with what to correct.
pub async fn set(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    Extension(actor): Extension<Actor>,
    visitor: Visitor,
    uri: OriginalUri,
    Path(secret): Path<String>,
    form: Form,
) -> Response {
    let revoke_tokens = form.get(field::REVOKE_TOKENS) == "true";
    let password = form.get(field::NEW_PASSWORD);
    let setting = links::set_password(&state, &secret, password, revoke_tokens, &actor);
    let answer = match setting.await {
        Ok(()) => {
            let done = if revoke_tokens {
                Done::PasswordSetTokensRevoked
            } else {
                Done::PasswordSet
            };
            said::then_log_in(done, "/login", &state.config.public_url)
        }
        Err(Failure::Refused(AppError::NotFound)) => over(&renderer, &visitor).await,
        Err(Failure::Refused(
            error @ (AppError::Invalid { .. } | AppError::TooManyRequests { .. }),
        )) => {
            let shown = Shown {
                error: Some(error),
                revoke_tokens,
            };
            let shown = show(&state, &renderer, &visitor, &uri, &secret, shown).await;
            shown.into_response()
        }
        Err(failure) => Refusal::from(failure).into_response(),
    };
    private(&state, answer)
}

async fn show(
    state: &AppState,
    renderer: &Renderer,
    visitor: &Visitor,
    uri: &OriginalUri,
    secret: &str,
    shown: Shown,
) -> Result<Response, Refusal> {
    let found = match links::find(state, secret).await {
        Ok(found) => found,
        Err(Failure::Refused(AppError::NotFound)) => return Ok(over(renderer, visitor).await),
        Err(failure) => return Err(failure.into()),
    };
    let Shown {
        error,
        revoke_tokens,
    } = shown;
    let status_code = error.as_ref().map_or(StatusCode::OK, status);
    let wait = error.as_ref().and_then(retry_after);
    let (link, action) = (found.kind, uri.path().to_owned());
    let email = found.client.email.to_string();
    let view =
        move |frame| view! { <SetPasswordPage frame link action email error revoke_tokens /> };
    let page = renderer.page(visitor, status_code, view).await;
    Ok((wait, page).into_response())
}

async fn over(renderer: &Renderer, visitor: &Visitor) -> Response {
    let view = |frame| view! { <LinkOverPage frame /> };
    renderer.page(visitor, StatusCode::NOT_FOUND, view).await
}

/// Keeps the secret from what the page loads and leads to. Browsers then send `Origin: null` with the form, which is fine
/// where they send `Sec-Fetch-Site`: not over plain http, where the origin alone is sent instead.
fn private(state: &AppState, mut response: Response) -> Response {
    let policy = if state.config.is_insecure() {
        "origin"
    } else {
        "no-referrer"
    };
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static(policy));
    response
}
