//! The API Tokens section: everything in it is one island.

pub mod all_page;
mod chart;
mod create_form;
mod guard;
mod last_used;
mod list;
mod reveal_dialog;
pub mod reveal_page;
mod reveal_tools;
mod revoke_dialog;
pub mod revoke_page;
pub mod revoked;
mod snippets;
mod test_token;
pub mod token_page;

use leptos::{html, prelude::*};
use serde::{Deserialize, Serialize};

use self::{
    create_form::CreateForm, list::TokenList, reveal_dialog::RevealDialog,
    revoke_dialog::RevokeDialog,
};
use crate::model::{
    client::ClientId,
    error::AppError,
    timestamp::Timestamp,
    token::{CreatedToken, TokenId, TokenSummary},
};
use crate::ui::components::live::Live;

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
    /// Whose page this is.
    client: ClientId,
    tokens: RwSignal<Vec<TokenSummary>>,
    /// The token on show. It is the only place in the browser where a secret is kept.
    revealed: RwSignal<Option<CreatedToken>>,
    /// The token that is asked about in the revoke dialog.
    revoking: RwSignal<Option<TokenSummary>>,
    /// The token created last, which the list marks.
    newest: RwSignal<Option<TokenId>>,
    /// What was done last, read out by screen readers.
    status: RwSignal<String>,
    /// The token that was closed away without being copied, as long as that is the last thing done.
    uncopied: RwSignal<Option<TokenId>>,
    name_field: NodeRef<html::Input>,
    now: Timestamp,
    limit: u32,
    /// How many active tokens there are besides those in the list.
    more: usize,
}

impl Shared {
    /// How many active tokens there are.
    fn active(&self) -> usize {
        self.tokens.with(Vec::len) + self.more
    }

    /// Says what was done.
    fn say(&self, text: String) {
        self.uncopied.set(None);
        self.status.set(text);
    }

    /// A token that the server has made comes first in the list.
    fn put_first(&self, token: TokenSummary) {
        self.newest.set(Some(token.id));
        self.tokens.update(|tokens| {
            tokens.retain(|other| other.id != token.id);
            tokens.insert(0, token);
        });
    }

    /// A token was just used.
    fn note_use(&self, id: TokenId) {
        self.tokens.update(|tokens| {
            if let Some(token) = tokens.iter_mut().find(|token| token.id == id) {
                token.last_used_at = Some(self.now);
            }
        });
    }

    /// Asks about the token that was not copied, with what the list knows of it by now.
    fn ask_about_uncopied(&self) {
        let id = self.uncopied.get_untracked();
        let token = self
            .tokens
            .with_untracked(|tokens| tokens.iter().find(|token| Some(token.id) == id).cloned());
        self.revoking.set(token);
    }

    fn count(&self) -> String {
        match self.active() {
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
    /// Whose page it is in.
    client: ClientId,
    /// The newest of the client's active tokens, newest first.
    tokens: Vec<TokenSummary>,
    /// How many there are besides those.
    more: usize,
    /// How many of those they may have.
    limit: u32,
    /// Whether they may create any at all.
    can_create: bool,
    /// What the form begins with.
    form: TokenForm,
    /// Where people reach the portal.
    base_url: String,
    /// When the page was made.
    now: Timestamp,
) -> impl IntoView {
    let shared = Shared {
        client,
        tokens: RwSignal::new(tokens),
        revealed: RwSignal::new(None),
        revoking: RwSignal::new(None),
        newest: RwSignal::new(None),
        status: RwSignal::new(String::new()),
        uncopied: RwSignal::new(None),
        name_field: NodeRef::new(),
        now,
        limit,
        more,
    };
    view! {
        <CreateForm shared form can_create />
        <div
            class="status"
            class:filled=move || shared.status.with(|s| !s.is_empty())
            class:warn=move || shared.uncopied.with(Option::is_some)
        >
            <p role="status">
                <Live text=shared.status />
            </p>
            <button
                type="button"
                class="button small danger"
                hidden=move || shared.uncopied.with(Option::is_none)
                on:click=move |_| shared.ask_about_uncopied()
            >
                "Revoke it"
            </button>
        </div>
        <TokenList shared />
        <RevealDialog shared base_url />
        <RevokeDialog shared />
    }
}
