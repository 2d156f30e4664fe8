//! Plain form posts: what the portal can do without WebAssembly, or before it has loaded.

mod details;
pub mod next;
mod password;
mod session;
mod sessions;
mod theme;
mod tokens;

use axum::routing::{MethodRouter, post};

use crate::server::state::AppState;

/// Every address that forms are sent to, and what is done there. The tests read it too: what is
/// listed here is attacked in every way they know.
pub fn forms() -> [(&'static str, MethodRouter<AppState>); 11] {
    [
        ("/login", post(session::log_in)),
        ("/logout", post(session::log_out)),
        ("/theme", post(theme::choose)),
        ("/profile/details", post(details::change)),
        ("/profile/password", post(password::change)),
        ("/profile/sessions/end", post(sessions::end)),
        ("/profile/sessions/end-others", post(sessions::end_others)),
        ("/profile/tokens", post(tokens::create)),
        ("/profile/tokens/revoke-all", post(tokens::revoke_all)),
        ("/profile/tokens/{id}/rename", post(tokens::rename)),
        ("/profile/tokens/{id}/revoke", post(tokens::revoke)),
    ]
}
