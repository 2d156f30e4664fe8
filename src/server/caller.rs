//! Who calls a server function.

use axum::http::request::Parts;
use leptos::prelude::use_context;

use super::{
    session::{SessionClient, Visitor},
    state::AppState,
};
use crate::model::{client::ClientId, error::AppError};

/// The guard that each server function begins with: the server's parts, and the client whose session
/// called. `page_of` is whose page the call comes from, if it says so.
///
/// # Errors
/// [`AppError::Unauthenticated`] without a session, [`AppError::OtherClient`] from another client's
/// page; the database is away.
pub fn caller(page_of: Option<ClientId>) -> Result<(AppState, SessionClient), AppError> {
    let state = use_context::<AppState>().ok_or(AppError::Internal)?;
    let parts = use_context::<Parts>().ok_or(AppError::Internal)?;
    // Whoever forgot to ask for the visitor is told that there is none.
    let visitor = parts
        .extensions
        .get::<Visitor>()
        .cloned()
        .unwrap_or(Visitor::Anonymous);
    let who = visitor.client()?;
    who.check_page(page_of)?;
    Ok((state, who))
}
