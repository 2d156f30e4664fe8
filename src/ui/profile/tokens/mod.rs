//! The API Tokens section: everything in it is one island.

pub mod all_page;
pub mod chart;
mod create_form;
mod creation;
mod guard;
mod kept;
mod last_used;
pub mod limits;
mod list;
mod list_tools;
mod listed;
mod panel;
mod refresh;
mod reveal;
mod reveal_dialog;
pub mod reveal_page;
mod reveal_tools;
pub mod revoke_all_page;
mod revoke_dialog;
pub mod revoke_page;
pub mod revoked;
mod scopes;
mod shared;
mod shown;
mod snippets;
mod test_token;
pub mod token_page;

use serde::{Deserialize, Serialize};

pub use self::panel::Panel;
use crate::model::{error::AppError, scopes::Scopes};

/// A token as it was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedToken {
    /// The name as typed.
    pub name: String,
    /// What was chosen that it may read.
    pub scopes: Scopes,
    /// The day on which it ends, as typed.
    pub expires_on: String,
    /// From where it works, as typed.
    pub allowed_addresses: String,
}

/// What the form for a new token begins with: a fresh one, or what was typed and why it was refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TokenForm {
    /// What was typed and chosen.
    pub asked: AskedToken,
    /// Fresh for each form: the same key never makes two tokens.
    pub idempotency_key: String,
    /// Why no token was created.
    pub error: Option<AppError>,
}
