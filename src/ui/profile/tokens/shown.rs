//! Which tokens of a long list are shown, and in which order.

use std::cmp::Ordering;

use leptos::prelude::*;

use super::{listed::ListedToken, shared::Shared};
use crate::{
    model::{number::counted, timestamp::Timestamp, token::TokenSummary},
    ui::components::{hydration::is_hydrated, live::Live},
};

/// Lists of at least this length can be filtered and sorted.
const LONG: usize = 8;

/// The order of the rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Newest,
    Name,
    LastUsed,
}

impl Order {
    const ALL: [(Self, &str, &str); 3] = [
        (Self::Newest, "newest", "Newest first"),
        (Self::Name, "name", "Name"),
        (Self::LastUsed, "used", "Last used"),
    ];

    fn from_value(value: &str) -> Self {
        let found = Self::ALL.into_iter().find(|(_, word, _)| *word == value);
        found.map_or(Self::Newest, |(order, ..)| order)
    }
}

/// What the reader has chosen.
#[derive(Clone, Copy)]
pub struct Shown {
    /// Part of the name or of the last four characters, as typed.
    text: RwSignal<String>,
    unused: RwSignal<bool>,
    order: RwSignal<Order>,
}

impl Shown {
    /// All, newest first.
    pub fn new() -> Self {
        Self {
            text: RwSignal::new(String::new()),
            unused: RwSignal::new(false),
            order: RwSignal::new(Order::Newest),
        }
    }

    /// Shows all tokens again, in the same order.
    pub fn all(self) {
        self.text.set(String::new());
        self.unused.set(false);
    }

    fn is_filtering(self) -> bool {
        self.unused.get() || self.text.with(|text| !text.trim().is_empty())
    }

    /// Those of `tokens`, newest first, that are shown.
    pub fn apply(self, tokens: &[ListedToken], now: Timestamp) -> Vec<ListedToken> {
        let order = self.order.get();
        if order == Order::Newest && !self.is_filtering() {
            return tokens.to_vec();
        }
        let text = self.text.with(|text| lower(text.trim()));
        let unused = self.unused.get();
        let is_shown = |token: &TokenSummary| {
            (!unused || token.is_stale(now))
                && [token.name.as_str(), &token.last_four]
                    .iter()
                    .any(|part| lower(part).contains(&text))
        };
        let mut rows: Vec<_> = tokens
            .iter()
            .filter(|listed| listed.with(is_shown))
            .cloned()
            .collect();
        let name = |row: &ListedToken| row.with(|token| lower(token.name.as_str()));
        let last_used = |row: &ListedToken| row.with(|token| token.last_used_at);
        rows.sort_by(|a, b| match order {
            Order::Newest => Ordering::Equal,
            Order::Name => name(a).cmp(&name(b)),
            Order::LastUsed => last_used(b).cmp(&last_used(a)),
        });
        rows
    }
}

/// In lower case, by the browser: the tables for it in Rust would add 10 kB to the WebAssembly.
fn lower(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// A field for a part of the name, the order, and a box for unused tokens. They need WebAssembly.
#[component]
pub fn ListTools(shared: Shared) -> impl IntoView {
    let shown = shared.shown;
    let is_hydrated = is_hydrated();
    let is_hidden = move || {
        !is_hydrated.get() || (shared.tokens.with(Vec::len) < LONG && !shown.is_filtering())
    };
    let count = move || {
        if shown.is_filtering() {
            format!("{} shown", counted(shared.rows().len() as u64, "token"))
        } else {
            String::new()
        }
    };
    view! {
        <div class="list-tools" hidden=is_hidden>
            <input
                type="search"
                aria-label="Filter tokens"
                placeholder="Filter by name or last four characters"
                autocomplete="off"
                prop:value=shown.text
                on:input:target=move |event| shown.text.set(event.target().value())
            />
            <select
                aria-label="Sort tokens"
                on:change:target=move |event| shown.order.set(Order::from_value(&event.target().value()))
            >
                {Order::ALL
                    .map(|(_, value, title)| view! { <option value=value>{title}</option> })
                    .collect_view()}
            </select>
            <label class="check">
                <input
                    type="checkbox"
                    autocomplete="off"
                    prop:checked=shown.unused
                    on:change:target=move |event| shown.unused.set(event.target().checked())
                />
                "Unused only"
            </label>
            <p class="visually-hidden" role="status">
                <Live text=count />
            </p>
        </div>
    }
}

/// Stands in the place of the rows if the filter lets none through.
#[component]
pub fn NoMatch(shared: Shared) -> impl IntoView {
    let is_hidden = move || !shared.shown.is_filtering() || !shared.rows().is_empty();
    view! {
        <p class="no-match" hidden=is_hidden>
            "No tokens match. "
            <button type="button" class="button small" on:click=move |_| shared.shown.all()>
                "Show all tokens"
            </button>
        </p>
    }
}
