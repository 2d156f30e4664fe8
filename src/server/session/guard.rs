//! The guard of server functions.

use axum::http::request::Parts;
use leptos::prelude::use_context;

use super::client::{SessionClient, Visitor};
use crate::{
    model::{client::ClientId, error::AppError},
    server::state::AppState,
};

/// Returns the application's state and the client whose session sent the current request. Every server function calls
/// it first; handlers of portal forms take a [`SessionClient`] as an argument instead.
///
/// `page_of` is the client whose page sent the request, if the request says so.
///
/// # Errors
/// [`AppError::Unauthenticated`] without a session, [`AppError::OtherClient`] if the page is another client's;
/// the database is unavailable.
pub fn require_session(page_of: Option<ClientId>) -> Result<(AppState, SessionClient), AppError> {
    let state = use_context::<AppState>().ok_or(AppError::Internal)?;
    let parts = use_context::<Parts>().ok_or(AppError::Internal)?;
    // Fails closed: without the `identify` layer there is no visitor, and no session.
    let visitor = parts
        .extensions
        .get::<Visitor>()
        .cloned()
        .unwrap_or(Visitor::Anonymous);
    let client = visitor.client()?;
    client.check_page(page_of)?;
    Ok((state, client))
}
