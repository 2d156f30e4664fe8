//! The Profile page, which has most of the forms.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use leptos::view;
use rand::distr::{Alphanumeric, SampleString};

use super::shown_again::shown_again;
use crate::{
    http::{refusal::Refusal, render::Renderer, said::Said},
    model::error::AppError,
    server::{
        actor::Actor,
        clients,
        error::Failure,
        overview,
        session::{SessionClient, Visitor},
        state::AppState,
    },
    ui::profile::{
        Profile, ProfilePage,
        details::DetailsForm,
        tokens::{AskedToken, TokenForm},
    },
};

/// `GET /profile`
pub async fn page(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let mut profile = load(&state, &who).await?;
    let said = Said::read(&headers, Some(&who), &state.config.public_url);
    profile.done = said.done;
    let view = move |frame| view! { <ProfilePage frame profile /> };
    let visitor = Visitor::Client(who);
    Ok(said.once(renderer.page(&visitor, StatusCode::OK, view).await))
}

/// The page with the status of `error`; `show` puts the error and what was typed into its forms.
pub async fn again(
    state: &AppState,
    renderer: &Renderer,
    who: SessionClient,
    error: AppError,
    show: impl FnOnce(&mut Profile, AppError),
) -> Result<Response, Refusal> {
    let mut profile = load(state, &who).await?;
    show(&mut profile, error.clone());
    let view = move |frame| view! { <ProfilePage frame profile /> };
    Ok(shown_again(renderer, who, &error, view).await)
}

/// The data of the page, without errors.
async fn load(state: &AppState, who: &SessionClient) -> Result<Profile, Failure> {
    let overview = overview::get(state, who).await?;
    let in_all = overview.in_all;
    let contact = &who.client().contact;
    Ok(Profile {
        client: who.client().clone(),
        details_form: DetailsForm::new(contact, clients::version(contact)),
        activity: overview.activity,
        more_sessions: in_all.sessions.saturating_sub(overview.sessions.len()),
        sessions: overview.sessions,
        this_session: who.session(),
        more_tokens: in_all.tokens.saturating_sub(overview.tokens.len()),
        tokens: overview.tokens,
        more_revoked: in_all.revoked.saturating_sub(overview.revoked.len()),
        revoked: overview.revoked,
        token_limit: state.config.max_tokens,
        token_form: TokenForm {
            asked: AskedToken::default(),
            // Unique, but no secret: a thread-local generator is enough.
            idempotency_key: Alphanumeric.sample_string(&mut rand::rng(), 22),
            error: None,
        },
        proxy: proxy(who.actor()),
        password_error: None,
        done: None,
        now: state.clock.now(),
    })
}

/// The address of a proxy that the settings do not name, if the request may have come through one.
fn proxy(actor: &Actor) -> Option<String> {
    let address = actor.address.filter(|_| actor.is_forwarded);
    address.map(|address| address.to_string())
}
