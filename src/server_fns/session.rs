//! What a page asks of the server about its session.

use leptos::prelude::*;

use crate::model::{client::ClientId, error::AppError};

/// Keeps the session from ending for want of use: being asked is use.
#[server(prefix = "/rpc", endpoint = "session/keep")]
// The macro wants it to be async.
#[allow(clippy::unused_async)]
pub async fn keep_session(client: Option<ClientId>) -> Result<(), AppError> {
    crate::server::session::require_session(client)?;
    Ok(())
}
