//! A password field that can show what was typed.

use leptos::{html, prelude::*};

use super::live::Live;

/// A [`PasswordField`] in a form that is not an island itself. The label is the page's.
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
    /// Whether what was typed before was refused.
    is_invalid: bool,
) -> impl IntoView {
    let described_by = (!described_by.is_empty()).then_some(described_by);
    view! {
        <PasswordField
            node_ref=NodeRef::new()
            id
            name
            autocomplete
            described_by=Signal::stored(described_by)
            is_invalid=Signal::stored(is_invalid)
        />
    }
}

/// The input, and after hydration the button that shows it.
#[component]
pub fn PasswordField(
    /// The input.
    node_ref: NodeRef<html::Input>,
    /// The input's id.
    #[prop(into)]
    id: String,
    /// The form field.
    #[prop(into)]
    name: String,
    /// `current-password` or `new-password`.
    #[prop(into)]
    autocomplete: String,
    /// Ids of what describes it.
    described_by: Signal<Option<String>>,
    /// Whether it is to be corrected.
    #[prop(into)]
    is_invalid: Signal<bool>,
) -> impl IntoView {
    let is_shown = RwSignal::new(false);
    let is_hydrated = RwSignal::new(false);
    Effect::new(move |_| is_hydrated.set(true));
    let controls = id.clone();
    // The caret stays where it was: a field that changes its type would put it elsewhere.
    let on_click = move |_| {
        let field = node_ref.get_untracked();
        let caret = field
            .as_ref()
            .and_then(|f| f.selection_start().ok().flatten());
        is_shown.update(|shown| *shown = !*shown);
        request_animation_frame(move || {
            if let (Some(field), Some(caret)) = (field, caret) {
                // It fails only for a kind of field that has no caret.
                let _ = field.set_selection_range(caret, caret);
            }
        });
    };
    view! {
        <span class="password">
            <input
                node_ref=node_ref
                id=id
                name=name
                type=move || if is_shown.get() { "text" } else { "password" }
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=described_by
                aria-invalid=move || is_invalid.get().then_some("true")
                required
                maxlength="1024"
            />
            <button
                type="button"
                class="reveal"
                hidden=move || !is_hydrated.get()
                aria-pressed=move || is_shown.get().to_string()
                aria-controls=controls
                // A click leaves the focus in the field.
                on:mousedown=|event| event.prevent_default()
                on:click=on_click
            >
                <Live text=move || if is_shown.get() { "Hide" } else { "Show" } />
            </button>
        </span>
    }
}
