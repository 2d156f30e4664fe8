//! A token in the list, which changes in place.

use leptos::prelude::*;

use crate::model::{
    timestamp::Timestamp,
    token::{TokenId, TokenSummary},
};

/// Stands for the time of the last use of a token that was never used.
pub const NEVER_USED: &str = "Never used";
/// Marks tokens that have not been used for [`UNUSED_DAYS`](crate::model::token::UNUSED_DAYS).
pub const UNUSED: &str = "Unused for 90+ days";

/// A row of the list. While it is in the page, its token may be used or renamed, and its row follows.
#[derive(Clone, Debug)]
pub struct ListedToken {
    /// Which token.
    pub id: TokenId,
    last_four: String,
    token: ArcRwSignal<TokenSummary>,
}

impl ListedToken {
    /// A new row.
    pub fn new(token: TokenSummary) -> Self {
        Self {
            id: token.id,
            last_four: token.last_four.clone(),
            token: ArcRwSignal::new(token),
        }
    }

    /// What identifies the row: a token that gets a new secret gets a new row.
    pub fn key(&self) -> (TokenId, String) {
        (self.id, self.last_four.clone())
    }

    /// Whether the row is that of this token.
    pub fn shows(&self, token: &TokenSummary) -> bool {
        self.id == token.id && self.last_four == token.last_four
    }

    /// The token as it is known now.
    pub fn token(&self) -> TokenSummary {
        self.token.get_untracked()
    }

    /// Reads the token, and again whenever it changes.
    pub fn with<T>(&self, read: impl FnOnce(&TokenSummary) -> T) -> T {
        self.token.with(read)
    }

    /// The token, for a row that follows it.
    pub fn signal(&self) -> RwSignal<TokenSummary> {
        self.token.clone().into()
    }

    /// Takes over what the server knows. It records a use some seconds later than this page may know of it.
    pub fn update(&self, mut token: TokenSummary) {
        let known = self.token();
        token.last_used_at = token.last_used_at.max(known.last_used_at);
        if token != known {
            self.token.set(token);
        }
    }

    /// The token was used now.
    pub fn note_use(&self, now: Timestamp) {
        self.token.update(|token| token.last_used_at = Some(now));
    }
}
