//! `/api/v1/me`

use axum::Json;
use serde::Serialize;

use crate::{domain::client::Client, server::tokens::TokenClient};

/// One resource.
#[derive(Serialize)]
pub struct Resource<T> {
    data: T,
}

/// `GET /api/v1/me`: the client whose token it is.
pub async fn show(who: TokenClient) -> Json<Resource<Client>> {
    Json(Resource {
        data: who.into_client(),
    })
}
