//! What the parts of the API Tokens section share.

use leptos::{html, prelude::*};

use crate::{
    model::{
        client::ClientId,
        timestamp::Timestamp,
        token::{CreatedToken, TokenId, TokenSummary},
    },
    ui::components::{
        focus::{focus, focus_id},
        plural::counted,
    },
};

/// The state of the section.
#[derive(Clone, Copy)]
pub struct Shared {
    /// The client whose page this is.
    pub client: ClientId,
    /// The active tokens in the list, newest first.
    pub tokens: RwSignal<Vec<TokenSummary>>,
    /// How many active tokens there are besides those in the list.
    pub more: usize,
    /// How many active tokens the client may have.
    pub limit: u32,
    /// The token in the reveal dialog. No other place in the browser holds a secret.
    pub revealed: RwSignal<Option<CreatedToken>>,
    /// The token in the revoke dialog.
    pub revoking: RwSignal<Option<TokenSummary>>,
    /// The token created last, which the list marks.
    pub newest: RwSignal<Option<TokenId>>,
    /// The outcome of the last action, which screen readers read out.
    pub status: RwSignal<String>,
    /// The token that was not copied before its dialog was closed, until the next action.
    pub uncopied: RwSignal<Option<TokenId>>,
    /// The field for the name of a new token.
    pub name_field: NodeRef<html::Input>,
    /// When the page was made.
    pub now: Timestamp,
}

impl Shared {
    /// The state of a page that was just made.
    pub fn new(
        client: ClientId,
        tokens: Vec<TokenSummary>,
        more: usize,
        limit: u32,
        now: Timestamp,
    ) -> Self {
        Self {
            client,
            tokens: RwSignal::new(tokens),
            more,
            limit,
            revealed: RwSignal::new(None),
            revoking: RwSignal::new(None),
            newest: RwSignal::new(None),
            status: RwSignal::new(String::new()),
            uncopied: RwSignal::new(None),
            name_field: NodeRef::new(),
            now,
        }
    }

    /// How many active tokens there are.
    pub fn active(self) -> usize {
        self.tokens.with(Vec::len) + self.more
    }

    /// The same in words: `2 active tokens`.
    pub fn active_in_words(self) -> String {
        counted(self.active(), "active token")
    }

    /// Reports the outcome of an action.
    pub fn report(self, outcome: String) {
        self.uncopied.set(None);
        self.status.set(outcome);
    }

    /// Puts a token that was just created at the top of the list.
    pub fn put_first(self, token: TokenSummary) {
        self.newest.set(Some(token.id));
        self.tokens.update(|tokens| {
            tokens.retain(|other| other.id != token.id);
            tokens.insert(0, token);
        });
    }

    /// Records in the list that a token was just used.
    pub fn note_use(self, id: TokenId) {
        self.tokens.update(|tokens| {
            if let Some(token) = tokens.iter_mut().find(|token| token.id == id) {
                token.last_used_at = Some(self.now);
            }
        });
    }

    /// Removes a token from the list, and focuses the button of the next one, of the last one, or the name field.
    pub fn remove(self, id: TokenId) {
        let neighbor = self.tokens.try_update(|tokens| {
            let at = tokens.iter().position(|token| token.id == id)?;
            tokens.remove(at);
            tokens.get(at).or(tokens.last()).map(|token| token.id)
        });
        request_animation_frame(move || {
            let button = neighbor.flatten().map(row_button);
            if !button.is_some_and(|id| focus_id(&id)) {
                self.focus_name_field();
            }
        });
    }

    /// Opens the revoke dialog for the token that was not copied.
    pub fn ask_about_uncopied(self) {
        let id = self.uncopied.get_untracked();
        let token = self
            .tokens
            .with_untracked(|tokens| tokens.iter().find(|token| Some(token.id) == id).cloned());
        self.revoking.set(token);
    }

    /// Focuses the field for the name of a new token.
    pub fn focus_name_field(self) {
        focus(self.name_field);
    }
}

/// The ID of the button in a token's row.
pub fn row_button(id: TokenId) -> String {
    format!("revoke-{id}")
}
