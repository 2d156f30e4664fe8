//! Calls about the session of a page.

use leptos::prelude::*;

use crate::model::{client::ClientId, error::AppError};

/// Keeps the session from ending for lack of use: the call itself counts as use.
#[server(prefix = "/rpc", endpoint = "session/keep")]
// The macro wants it to be async.
#[allow(clippy::unused_async)]
pub async fn keep_session(client: Option<ClientId>) -> Result<(), AppError> {
    crate::server::session::require_session(client)?;
    Ok(())
}
