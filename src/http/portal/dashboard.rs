//! The dashboard.

use axum::{Extension, extract::State, http::StatusCode, response::Response};
use leptos::view;

use super::overview;
use crate::{
    http::{refusal::Refusal, render::Renderer},
    model::activity::Event,
    server::{
        activity,
        error::Failure,
        session::{SessionClient, Visitor},
        state::AppState,
        tokens,
    },
    ui::dashboard::{Dashboard, DashboardPage},
};

/// Rows of the last events, and of the busiest tokens.
const ROWS: u32 = 5;

/// `GET /`
pub async fn page(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
) -> Result<Response, Refusal> {
    let dashboard = load(&state, &who).await?;
    let view = move |frame| view! { <DashboardPage frame dashboard /> };
    let visitor = Visitor::Client(who);
    Ok(renderer.page(&visitor, StatusCode::OK, view).await)
}

async fn load(state: &AppState, who: &SessionClient) -> Result<Dashboard, Failure> {
    let recent = async |event| activity::count_recent(state, who, event).await;
    Ok(Dashboard {
        client: who.client().clone(),
        overview: overview::load(state, who).await?,
        tokens: tokens::count(state, who).await?,
        last_call: tokens::last_call(state, who).await?,
        calls: tokens::calls(state, who).await?,
        busiest: tokens::busiest(state, who, ROWS).await?,
        refused: tokens::refused_calls(state, who).await?,
        failed_logins: recent(Event::LoginFailed).await?,
        new_addresses: recent(Event::TokenUsedFromNewAddress).await?,
        activity: activity::latest(state, who, ROWS).await?,
        now: state.clock.now(),
    })
}
