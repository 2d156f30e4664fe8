//! The paths below `/.well-known`, which other programs look for (RFC 8615).

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect},
    routing::get,
};

use super::refusal::Refusal;
use crate::{
    model::{error::AppError, timestamp::DAY},
    server::state::AppState,
};

const SECURITY_TXT: &str = "/.well-known/security.txt";
/// How long `security.txt` may be believed, in seconds; RFC 9116, 2.5.5 wants less than a year.
const SECURITY_TXT_VALID: i64 = 90 * DAY;

/// The routes.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/.well-known/change-password", get(change_password))
        .route(SECURITY_TXT, get(security_txt))
}

/// Password managers send their users here (<https://w3c.github.io/webappsec-change-password-url/>).
async fn change_password() -> Redirect {
    Redirect::to("/profile#password")
}

/// Whom to tell of a vulnerability (RFC 9116); not found unless `OPENTILL_SECURITY_CONTACT` is set.
///
/// The setting is the operator's word for as long as the server runs, so it expires counted from now.
async fn security_txt(State(state): State<AppState>) -> Result<impl IntoResponse, Refusal> {
    let config = &state.config;
    let contact = config.security_contact.as_ref().ok_or(AppError::NotFound)?;
    let expires = state.clock.now().minus(-SECURITY_TXT_VALID).rfc3339();
    let origin = config.public_url.origin();
    Ok(format!(
        "Contact: {contact}\nExpires: {expires}\nCanonical: {origin}{SECURITY_TXT}\n"
    ))
}
