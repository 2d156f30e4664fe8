//! A password field that can show the password.

use leptos::{html, prelude::*};

use super::{hydration::is_hydrated, live::Live};

/// A [`PasswordField`] for forms that are not islands. The page renders the label.
#[island]
pub fn PasswordInput(
    /// The input's id.
    #[prop(into)]
    id: String,
    /// The name of the form field.
    #[prop(into)]
    name: String,
    /// `current-password` or `new-password`.
    #[prop(into)]
    autocomplete: String,
    /// Ids of the elements that describe it, or empty.
    #[prop(into)]
    described_by: String,
    /// Whether the last password was refused.
    is_invalid: bool,
    /// Whether it has the focus when the page opens.
    autofocus: bool,
    /// Characters that it must have; 0 for any number.
    min_length: u32,
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
            autofocus
            min_length
        />
    }
}

/// The input, and after hydration a button that shows or hides the password.
#[component]
pub fn PasswordField(
    /// The input.
    node_ref: NodeRef<html::Input>,
    /// The input's id.
    #[prop(into)]
    id: String,
    /// The name of the form field.
    #[prop(into)]
    name: String,
    /// `current-password` or `new-password`.
    #[prop(into)]
    autocomplete: String,
    /// Ids of the elements that describe it.
    described_by: Signal<Option<String>>,
    /// Whether the password was refused.
    #[prop(into)]
    is_invalid: Signal<bool>,
    /// Whether it has the focus when the page opens.
    autofocus: bool,
    /// Characters that it must have; 0 for any number.
    #[prop(optional)]
    min_length: u32,
) -> impl IntoView {
    let is_shown = RwSignal::new(false);
    let is_hydrated = is_hydrated();
    let controls = id.clone();
    // Changing the type of a field moves the caret, so it is put back.
    let on_click = move |_| {
        let field = node_ref.get_untracked();
        let caret = field
            .as_ref()
            .and_then(|f| f.selection_start().ok().flatten());
        is_shown.update(|shown| *shown = !*shown);
        request_animation_frame(move || {
            if let (Some(field), Some(caret)) = (field, caret) {
                // It fails only for types of fields that have no caret.
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
                autofocus=autofocus
                minlength=(min_length > 0).then_some(min_length)
                maxlength="1024"
            />
            <button
                type="button"
                class="reveal"
                hidden=move || !is_hydrated.get()
                aria-pressed=move || is_shown.get().to_string()
                aria-controls=controls
                // A click must not take the focus from the field.
                on:mousedown=|event| event.prevent_default()
                on:click=on_click
            >
                <Live text=move || if is_shown.get() { "Hide" } else { "Show" } />
            </button>
        </span>
    }
}
