//! The dashboard.

use axum::{Extension, extract::State, http::StatusCode, response::Response};
use leptos::view;

use crate::{
    http::{refusal::Refusal, render::Renderer},
    server::{
        session::{SessionClient, Visitor},
        state::AppState,
        tokens,
    },
    ui::dashboard::DashboardPage,
};

/// `GET /`
pub async fn page(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
) -> Result<Response, Refusal> {
    let client = who.client().clone();
    let tokens = tokens::count(&state, &who).await?;
    let last_call = tokens::last_call(&state, &who).await?;
    let now = state.clock.now();
    let view = move |frame| view! { <DashboardPage frame client tokens last_call now /> };
    let visitor = Visitor::Client(who);
    Ok(renderer.page(&visitor, StatusCode::OK, view).await)
}
