//! The responses to requests for lists, and for one thing of them.

use axum::response::{IntoResponse, Response};
use utoipa::ToSchema;

use super::{
    body::{One, body},
    csv,
    feed::{self, Feed},
    parameters::{List, Part},
    row::Row,
};
use crate::{
    http::api::{
        conditional::MirrorRequest, format::Format, paging::Page, reads::Reads, request::ResourceId,
    },
    model::mirror::Mirrored,
    server::{limits::Allowance, mirror, state::AppState},
};

/// A page of the list, or with `updated_since` or `cursor` a part of the feed of its changes.
#[derive(ToSchema)]
#[schema(as = List)]
#[serde(untagged)]
#[expect(dead_code, reason = "a description: each part is served by itself")]
pub enum ListBody<T> {
    /// A page.
    Page(Page<T>),
    /// A part of the feed.
    Feed(Feed<T>),
}

/// The response to a request for a list.
pub async fn list<R: Reads, T: Row>(
    state: &AppState,
    request: MirrorRequest<R, List<T>>,
) -> (Allowance, Response) {
    let read = match (&request.request.parameters.part, request.format) {
        (Part::Changes { cursor, limit }, _) => {
            feed::read::<T>(state, &request.request.client, *cursor, *limit).await
        }
        (Part::Page { listing, .. }, Format::Csv) => {
            let client = request.request.client.clone();
            let revision = client.revision();
            csv::read::<T, _>(state, client, revision, listing.clone()).await
        }
        (Part::Page { listing, paging }, Format::Json) => {
            let client = &request.request.client;
            let listed = mirror::list::<T>(state, client, listing).await;
            let origin = state.config.public_url.origin();
            let uri = &request.request.uri;
            listed.map(|(rows, total)| paging.page(rows, total, origin, uri).into_response())
        }
    };
    request.answer(read)
}

/// The response to a request for one thing. What belongs to others is not found, as what does not exist.
pub async fn one<R: Reads, T: Mirrored>(
    state: &AppState,
    request: MirrorRequest<R, ResourceId>,
) -> (Allowance, Response) {
    let ResourceId(id) = request.request.parameters;
    let found = mirror::get::<T>(state, &request.request.client, id).await;
    request.answer(found.and_then(|data| body(&One { data })))
}
