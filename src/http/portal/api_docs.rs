//! The documentation of the API.

use axum::{Extension, http::StatusCode, response::Response};
use leptos::view;

use crate::{http::render::Renderer, server::session::Visitor, ui::api_docs::ApiDocsPage};

/// `GET /docs/api`
pub async fn page(Extension(renderer): Extension<Renderer>, visitor: Visitor) -> Response {
    let view = |frame| view! { <ApiDocsPage frame /> };
    renderer.page(&visitor, StatusCode::OK, view).await
}
