//! Keeps the list of tokens up to date while the page is open.

use leptos::{prelude::*, task::spawn_local};

use super::{
    listed::ListedToken,
    shared::{Shared, row_button},
};
use crate::{
    model::{error::AppError, timestamp::Timestamp, token::TokenSummary},
    server_fns::tokens::list_tokens,
    ui::{components::time::browser_clock, session_watch},
};

/// A window that gets the focus requests the list if the last request was so long ago, in milliseconds.
const FOCUS_INTERVAL: i64 = 5_000;

impl Shared {
    /// Requests the list whenever another tab has changed something, the tab becomes visible or its window gets the focus.
    /// A page that returns from the back/forward cache is reloaded by `boot.js`.
    pub fn refresh_on_return(self) {
        Effect::new(move |_| {
            self.clock_offset
                .set_value(self.now.get_untracked().unix() * 1_000 - browser_clock());
            // They stay as long as the page does.
            let _ = window_event_listener_untyped("elsewhere", move |_| self.refresh());
            let _ = window_event_listener_untyped("visibilitychange", move |_| {
                if !document().hidden() {
                    self.refresh();
                }
            });
            let _ = window_event_listener_untyped("focus", move |_| {
                if browser_clock() - self.requested_at.get_value() >= FOCUS_INTERVAL {
                    self.refresh();
                }
            });
        });
    }

    /// Requests the list and shows it. If that fails, the list stays as it is.
    pub fn refresh(self) {
        // The revoke dialog returns the focus to its row, which must not go before: closing it refreshes as well.
        let is_revoking = move || self.revoking.with_untracked(Option::is_some);
        if is_revoking() || !window().navigator().on_line() {
            return;
        }
        self.requested_at.set_value(browser_clock());
        let version = self.next_version();
        spawn_local(async move {
            match list_tokens(Some(self.client)).await {
                Ok(tokens) if version == self.version.get_value() && !is_revoking() => {
                    self.show(tokens);
                }
                Err(AppError::Unauthenticated) => session_watch::end_now(),
                Ok(_) | Err(_) => {}
            }
        });
    }

    /// Tells the rest of the page and other tabs that something was changed.
    pub fn announce(self) {
        // Creating and dispatching a plain event does not fail.
        let _ = web_sys::Event::new("changed").map(|event| window().dispatch_event(&event));
    }

    fn show(self, tokens: Vec<TokenSummary>) {
        let seconds = (browser_clock() + self.clock_offset.get_value()) / 1_000;
        self.now.set(Timestamp::from_unix(seconds));
        let before = self.tokens.get_untracked();
        let after: Vec<_> = tokens
            .into_iter()
            .map(
                |token| match before.iter().find(|listed| listed.shows(&token)) {
                    Some(listed) => {
                        listed.update(token);
                        listed.clone()
                    }
                    None => ListedToken::new(token),
                },
            )
            .collect();
        if before
            .iter()
            .map(ListedToken::key)
            .eq(after.iter().map(ListedToken::key))
        {
            return;
        }
        let is_gone = |listed: &&ListedToken| after.iter().all(|other| other.id != listed.id);
        let focused = focused_row();
        let unfocused = before
            .iter()
            .filter(is_gone)
            .find(|listed| Some(row_button(listed.id)) == focused)
            .map(|listed| self.row_of(listed.id));
        if self.more.get_untracked() > 0 {
            // The server lists no more than this: the other active tokens are on pages of their own.
            let active = untrack(|| self.active());
            self.more.set(active.saturating_sub(after.len()));
        }
        self.tokens.set(after);
        if self
            .uncopied
            .get_untracked()
            .is_some_and(|id| self.find(id).is_none())
        {
            self.uncopied.set(None);
        }
        if let Some(at) = unfocused {
            self.focus_row(at);
        }
    }
}

/// The ID of the button in the row that contains the focus.
fn focused_row() -> Option<String> {
    let row = document().active_element()?.closest("tr").ok()??;
    Some(row.query_selector("button").ok()??.id())
}
