//! Who calls a server function.

use axum::http::request::Parts;
use leptos::prelude::use_context;

use super::{
    session::{SessionClient, Visitor},
    state::AppState,
};
use crate::domain::error::AppError;

/// The guard that each server function begins with: the server's parts, and the client whose session called.
///
/// # Errors
/// [`AppError::Unauthenticated`] without a session; the database is away.
pub fn caller() -> Result<(AppState, SessionClient), AppError> {
    let state = use_context::<AppState>().ok_or(AppError::Internal)?;
    let parts = use_context::<Parts>().ok_or(AppError::Internal)?;
    // Whoever forgot to ask for the visitor is told that there is none.
    let visitor = parts
        .extensions
        .get::<Visitor>()
        .cloned()
        .unwrap_or(Visitor::Anonymous);
    Ok((state, visitor.client()?))
}
