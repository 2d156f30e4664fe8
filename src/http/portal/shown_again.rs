//! Pages that show what was refused on them.

use axum::response::{IntoResponse, Response};
use leptos::IntoView;

use crate::{
    http::{
        refusal::{retry_after, status},
        render::Renderer,
    },
    model::error::AppError,
    server::session::{SessionClient, Visitor},
    ui::frame::Frame,
};

/// The page with the status and the `Retry-After` of `error`, which the page shows.
pub async fn shown_again<V: IntoView + 'static>(
    renderer: &Renderer,
    who: SessionClient,
    error: &AppError,
    view: impl FnOnce(Frame) -> V + Send + 'static,
) -> Response {
    let visitor = Visitor::Client(who);
    let page = renderer.page(&visitor, status(error), view).await;
    (retry_after(error), page).into_response()
}
