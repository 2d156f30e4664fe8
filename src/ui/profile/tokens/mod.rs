//! The API Tokens section: everything in it is one island.

mod create_form;
mod list;
mod reveal_dialog;
pub mod reveal_page;
mod revoke_dialog;
pub mod revoke_page;

use leptos::{html, prelude::*};
use serde::{Deserialize, Serialize};

use self::{
    create_form::CreateForm, list::TokenList, reveal_dialog::RevealDialog,
    revoke_dialog::RevokeDialog,
};
use crate::domain::{
    error::AppError,
    timestamp::Timestamp,
    token::{CreatedToken, TokenId, TokenSummary},
};

/// What the form for a new token begins with: a fresh one, or what was typed and why it was refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TokenForm {
    /// The name as typed.
    pub name: String,
    /// Fresh for each form: the same key never makes two tokens.
    pub idempotency_key: String,
    /// Why no token was created.
    pub error: Option<AppError>,
}

/// What the parts of the section share.
#[derive(Clone, Copy)]
struct Shared {
    tokens: RwSignal<Vec<TokenSummary>>,
    /// The token on show. It is the only place in the browser where a secret is kept.
    revealed: RwSignal<Option<CreatedToken>>,
    /// The token that is asked about in the revoke dialog.
    revoking: RwSignal<Option<TokenSummary>>,
    /// The token created last, which the list marks.
    newest: RwSignal<Option<TokenId>>,
    /// What was done last, read out by screen readers.
    status: RwSignal<String>,
    name_field: NodeRef<html::Input>,
    now: Timestamp,
    limit: u32,
}

impl Shared {
    fn count(&self) -> String {
        match self.tokens.with(Vec::len) {
            1 => "1 active token".to_owned(),
            count => format!("{count} active tokens"),
        }
    }

    fn focus_name_field(&self) {
        if let Some(field) = self.name_field.get_untracked() {
            // An element of this page can always be focused.
            let _ = field.focus();
        }
    }
}

/// The form, the list and the two dialogs.
#[island]
pub fn Panel(
    /// The client's active tokens, newest first.
    tokens: Vec<TokenSummary>,
    /// How many of those they may have.
    limit: u32,
    /// Whether they may create any at all.
    can_create: bool,
    /// What the form begins with.
    form: TokenForm,
    /// When the page was made.
    now: Timestamp,
) -> impl IntoView {
    let shared = Shared {
        tokens: RwSignal::new(tokens),
        revealed: RwSignal::new(None),
        revoking: RwSignal::new(None),
        newest: RwSignal::new(None),
        status: RwSignal::new(String::new()),
        name_field: NodeRef::new(),
        now,
        limit,
    };
    view! {
        <CreateForm shared form can_create />
        <p class="status" class:filled=move || shared.status.with(|s| !s.is_empty()) role="status">
            {shared.status}
        </p>
        <TokenList shared />
        <RevealDialog shared />
        <RevokeDialog shared />
    }
}
