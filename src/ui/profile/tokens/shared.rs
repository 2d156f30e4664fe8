//! What the parts of the API Tokens section share.

use leptos::{html, prelude::*};

use super::{kept::Kept, listed::ListedToken, shown::Shown};

use crate::{
    model::{
        client::ClientId,
        timestamp::Timestamp,
        token::{CreatedToken, TokenId, TokenSummary},
    },
    ui::components::focus::{focus, focus_id},
};

/// The state of the section.
#[derive(Clone, Copy)]
pub struct Shared {
    /// The client whose page this is.
    pub client: ClientId,
    /// The active tokens in the list, newest first. This signal changes when rows come or go.
    pub tokens: RwSignal<Vec<ListedToken>>,
    /// Which of them are shown, and in which order.
    pub shown: Shown,
    /// How many active tokens there are besides those in the list.
    pub more: RwSignal<usize>,
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
    /// The tokens that were shown in this browser and not copied.
    pub kept: Kept,
    /// The field for the name of a new token.
    pub name_field: NodeRef<html::Input>,
    /// The server's time when the list was made.
    pub now: RwSignal<Timestamp>,
    /// What the server's clock is ahead of the browser's, in milliseconds.
    pub clock_offset: StoredValue<i64>,
    /// The browser's time of the last request for the list.
    pub requested_at: StoredValue<i64>,
    /// Counts requests for the list and changes to it. A response is outdated if it has changed since the request.
    pub version: StoredValue<u32>,
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
            tokens: RwSignal::new(tokens.into_iter().map(ListedToken::new).collect()),
            shown: Shown::new(),
            more: RwSignal::new(more),
            limit,
            revealed: RwSignal::new(None),
            revoking: RwSignal::new(None),
            newest: RwSignal::new(None),
            status: RwSignal::new(String::new()),
            uncopied: RwSignal::new(None),
            kept: Kept::new(),
            name_field: NodeRef::new(),
            now: RwSignal::new(now),
            clock_offset: StoredValue::new(0),
            requested_at: StoredValue::new(0),
            version: StoredValue::new(0),
        }
    }

    /// How many active tokens there are.
    pub fn active(self) -> usize {
        self.tokens.with(Vec::len) + self.more.get()
    }

    /// Whether there are as many active tokens as there may be.
    pub fn is_full(self) -> bool {
        self.active() >= self.limit as usize
    }

    /// The tokens that are shown, in the order of the rows.
    pub fn rows(self) -> Vec<ListedToken> {
        self.tokens
            .with(|tokens| self.shown.apply(tokens, self.now.get()))
    }

    /// Reports the outcome of an action.
    pub fn report(self, outcome: String) {
        self.uncopied.set(None);
        self.status.set(outcome);
    }

    /// Makes responses to earlier requests for the list outdated.
    pub fn next_version(self) -> u32 {
        self.version.update_value(|version| *version += 1);
        self.version.get_value()
    }

    /// Puts a token that was just created at the top of the list.
    pub fn put_first(self, token: TokenSummary) {
        self.next_version();
        self.shown.all();
        self.newest.set(Some(token.id));
        self.tokens.update(|tokens| {
            if let Some(listed) = tokens.iter().find(|listed| listed.shows(&token)) {
                listed.update(token);
            } else {
                tokens.retain(|listed| listed.id != token.id);
                tokens.insert(0, ListedToken::new(token));
            }
        });
    }

    /// Records in the list that a token was just used.
    pub fn note_use(self, id: TokenId) {
        if let Some(listed) = self.find(id) {
            listed.note_use(self.now.get_untracked());
        }
    }

    /// Removes a token from the list, and moves the focus to the next row.
    pub fn remove(self, id: TokenId) {
        self.next_version();
        let at = self.row_of(id);
        self.tokens
            .update(|tokens| tokens.retain(|listed| listed.id != id));
        self.focus_row(at);
    }

    /// Opens the revoke dialog for the token that was not copied.
    pub fn ask_about_uncopied(self) {
        let listed = self.uncopied.get_untracked().and_then(|id| self.find(id));
        self.revoking.set(listed.map(|listed| listed.token()));
    }

    /// The row of a token, if it is listed.
    pub fn find(self, id: TokenId) -> Option<ListedToken> {
        self.tokens
            .with_untracked(|tokens| tokens.iter().find(|listed| listed.id == id).cloned())
    }

    /// The index of a token's row.
    pub fn row_of(self, id: TokenId) -> usize {
        let rows = untrack(|| self.rows());
        let at = rows.iter().position(|listed| listed.id == id);
        at.unwrap_or(rows.len())
    }

    /// Focuses the button of the row with this index, of the last row, or the name field.
    pub fn focus_row(self, at: usize) {
        let rows = untrack(|| self.rows());
        let row = rows.get(at).or(rows.last());
        let row = row.map(|listed| row_button(listed.id));
        request_animation_frame(move || {
            if !row.is_some_and(|id| focus_id(&id)) {
                self.focus_name_field();
            }
        });
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
