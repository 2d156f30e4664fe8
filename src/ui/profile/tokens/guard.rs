//! The question before a dialog is closed whose token was not copied.

use leptos::{html, prelude::*};

use super::reveal::Reveal;
use crate::ui::components::{focus::focus_next_frame, live::Live};

/// Three buttons: the one that loses nothing comes first and has the focus.
#[component]
pub fn Guard(reveal: Reveal) -> impl IntoView {
    let first = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if reveal.is_asking() {
            focus_next_frame(first);
        }
    });
    view! {
        <div class="guard" hidden=move || !reveal.is_asking()>
            <p role="alert">
                <Live text=move || {
                    if reveal.is_asking() {
                        "You haven't copied this token yet. You won't be able to see it again."
                    } else {
                        ""
                    }
                } />
            </p>
            <div class="guard-actions">
                <button
                    node_ref=first
                    type="button"
                    class="button primary"
                    on:click=move |_| reveal.copy(true)
                >
                    "Copy and close"
                </button>
                <button type="button" class="button" on:click=move |_| reveal.modal.close()>
                    "Close without copying"
                </button>
                <button
                    type="button"
                    class="button quiet"
                    on:click=move |_| reveal.keep_open()
                >
                    "Keep open"
                </button>
            </div>
        </div>
    }
}
