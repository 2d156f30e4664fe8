//! Plain form posts: what the portal can do without WebAssembly, or before it has loaded.

pub mod next;
mod password;
mod session;
mod sessions;
mod tokens;

use axum::{Router, routing::post};

use crate::server::state::AppState;

/// The addresses that forms are sent to.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/login", post(session::log_in))
        .route("/logout", post(session::log_out))
        .route("/profile/password", post(password::change))
        .route("/profile/sessions/end", post(sessions::end))
        .route("/profile/sessions/end-others", post(sessions::end_others))
        .route("/profile/tokens", post(tokens::create))
        .route("/profile/tokens/{id}/revoke", post(tokens::revoke))
}
