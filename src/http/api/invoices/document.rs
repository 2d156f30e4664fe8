//! `/api/v1/invoices/{id}/document`

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use crate::{
    http::api::{conditional::MirrorRequest, reads::Invoices, request::ResourceId},
    model::{client::ClientId, error::AppError},
    server::{error::Failure, limits::Allowance, mirror, state::AppState},
};

/// Documents in memory at once, for each of the groups that clients are in. One has 5 MiB at most, so all of them have
/// 160 MiB; and whoever reads slowly keeps few others waiting.
const IN_MEMORY: usize = 2;
const GROUPS: usize = 16;
static TURNS: [Semaphore; GROUPS] = [const { Semaphore::const_new(IN_MEMORY) }; GROUPS];

/// How long a request waits for its turn before it is a 503.
const PATIENCE: Duration = Duration::from_secs(5);

/// `GET /api/v1/invoices/{id}/document`
#[utoipa::path(
    get,
    path = "/api/v1/invoices/{id}/document",
    operation_id = "invoice_document",
    tag = "Invoices",
    summary = "The PDF of an invoice, 5 MiB at most",
    params(ResourceId),
    responses((status = 200, description = "The PDF.", body = Vec<u8>, content_type = "application/pdf")),
)]
pub async fn document(
    State(state): State<AppState>,
    request: MirrorRequest<Invoices, ResourceId>,
) -> (Allowance, Response) {
    let found = read(&state, &request).await;
    request.answer(found)
}

async fn read(
    state: &AppState,
    request: &MirrorRequest<Invoices, ResourceId>,
) -> Result<Response, Failure> {
    let client = &request.request.client;
    let ResourceId(id) = request.request.parameters;
    let turn = turn_of(client.client().id).await?;
    let body = mirror::document(state, client, id).await?;
    Ok(pdf(id, Bytes::from_owner(Held { body, _turn: turn })))
}

async fn turn_of(ClientId(client): ClientId) -> Result<SemaphorePermit<'static>, AppError> {
    let group = client.unsigned_abs() % GROUPS as u64;
    let turns = &TURNS[usize::try_from(group).unwrap_or_default()];
    let turn = timeout(PATIENCE, turns.acquire()).await;
    turn.ok().and_then(Result::ok).ok_or(AppError::Unavailable)
}

/// The bytes of a document. The turn ends when they were sent.
struct Held {
    body: Vec<u8>,
    _turn: SemaphorePermit<'static>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}

/// A PDF that browsers save and do not show: it is somebody else's document at our address.
fn pdf(id: i64, body: Bytes) -> Response {
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    let content_type = HeaderValue::from_static("application/pdf");
    headers.insert(header::CONTENT_TYPE, content_type);
    let disposition = format!("attachment; filename=\"invoice-{id}.pdf\"");
    if let Ok(disposition) = HeaderValue::try_from(disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_client_has_two_documents_in_memory_until_one_was_sent() {
        let client = ClientId(1);
        let held = async || Held {
            body: vec![0; 8],
            _turn: turn_of(client).await.unwrap(),
        };
        let first = Body::from(Bytes::from_owner(held().await));
        let _second = Bytes::from_owner(held().await);
        assert!(turn_of(client).now_or_never().is_none());
        assert!(
            turn_of(ClientId(2)).now_or_never().is_some(),
            "others go on"
        );
        drop(first);
        assert!(turn_of(client).now_or_never().is_some());
    }
}
