//! The audit trail.

use axum::{Extension, extract::State, http::StatusCode, response::Response};
use leptos::view;

use super::request_url::Query;
use crate::{
    http::{refusal::Refusal, render::Renderer},
    model::field,
    server::{
        activity,
        session::{SessionClient, Visitor},
        state::AppState,
        store::TrailPart,
    },
    ui::profile::activity::ActivityPage,
};

/// `GET /activity`
pub async fn page(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    query: Query,
) -> Result<Response, Refusal> {
    let before = query.number(field::BEFORE);
    let event = query.get(field::EVENT).parse().ok();
    let part = TrailPart { before, event };
    let (lines, has_more) = activity::page(&state, &who, part).await?;
    let is_first = before.is_none();
    let now = state.clock.now();
    let view = move |frame| view! { <ActivityPage frame lines event is_first has_more now /> };
    let visitor = Visitor::Client(who);
    Ok(renderer.page(&visitor, StatusCode::OK, view).await)
}
