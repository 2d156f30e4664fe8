//! Which tokens of a long list are shown, and in which order.

use std::cmp::Ordering;

use leptos::prelude::*;

use super::listed::ListedToken;
use crate::model::{timestamp::Timestamp, token::TokenSummary};

/// The order of the rows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Newest first.
    Newest,
    /// By name, whatever its case.
    Name,
    /// Last used first.
    LastUsed,
}

impl Order {
    /// All, with a word and a title for each.
    pub const ALL: [(Self, &str, &str); 3] = [
        (Self::Newest, "newest", "Newest first"),
        (Self::Name, "name", "Name"),
        (Self::LastUsed, "used", "Last used"),
    ];

    /// The order of a word.
    pub fn from_value(value: &str) -> Self {
        let found = Self::ALL.into_iter().find(|(_, word, _)| *word == value);
        found.map_or(Self::Newest, |(order, ..)| order)
    }
}

/// What the reader has chosen.
#[derive(Clone, Copy)]
pub struct Shown {
    /// Part of the name or of the last four characters, as typed.
    pub text: RwSignal<String>,
    /// Unused tokens alone.
    pub unused: RwSignal<bool>,
    /// The order.
    pub order: RwSignal<Order>,
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

    /// Whether some tokens may not be shown.
    pub fn is_filtering(self) -> bool {
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
