//! The response to an invalid form: its page again.

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

/// Renders a page that shows `error`, with its status and `Retry-After`.
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
