//! The tools of a long list: a filter and an order.

use leptos::prelude::*;

use super::{shared::Shared, shown::Order};
use crate::{
    model::number::counted,
    ui::components::{hydration::is_hydrated, live::Live},
};

/// Lists of at least this length can be filtered and sorted.
const LONG: usize = 8;

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
