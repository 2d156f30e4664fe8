//! A password field that can show what was typed.

use leptos::{html, prelude::*};

/// The input, and after hydration the button that shows it. The label is the page's.
#[island]
pub fn PasswordInput(
    /// The input's id.
    #[prop(into)]
    id: String,
    /// The form field.
    #[prop(into)]
    name: String,
    /// `current-password` or `new-password`.
    #[prop(into)]
    autocomplete: String,
    /// Ids of what describes it, or empty.
    #[prop(into)]
    described_by: String,
) -> impl IntoView {
    let (is_shown, show) = signal(false);
    let (is_hydrated, set_hydrated) = signal(false);
    Effect::new(move |_| set_hydrated.set(true));
    let input = NodeRef::<html::Input>::new();
    let controls = id.clone();
    let described_by = (!described_by.is_empty()).then_some(described_by);
    view! {
        <span class="password">
            <input
                node_ref=input
                id=id
                name=name
                type=move || if is_shown.get() { "text" } else { "password" }
                autocomplete=autocomplete
                aria-describedby=described_by
                required
                maxlength="1024"
            />
            <button
                type="button"
                class="reveal"
                hidden=move || !is_hydrated.get()
                aria-pressed=move || is_shown.get().to_string()
                aria-controls=controls
                on:click=move |_| show.update(|shown| *shown = !*shown)
            >
                {move || if is_shown.get() { "Hide" } else { "Show" }}
            </button>
        </span>
    }
}
