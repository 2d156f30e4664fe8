//! The question before a token that was not copied is closed away.

use leptos::{html, prelude::*};

use crate::ui::components::{clipboard::focus, live::Live};

/// Three ways on, the safe one first and focused.
#[component]
pub fn Guard(
    /// Whether it asks.
    is_shown: RwSignal<bool>,
    /// Copies the token and closes.
    copy_and_close: Callback<()>,
    /// Closes.
    close: Callback<()>,
    /// Called when the person stays.
    back: Callback<()>,
) -> impl IntoView {
    let first = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if is_shown.get() {
            // One frame later the button is visible and can be focused.
            request_animation_frame(move || focus(first));
        }
    });
    view! {
        <div class="guard" hidden=move || !is_shown.get()>
            <p role="alert">
                <Live text=move || {
                    if is_shown.get() {
                        "You have not copied this token. It cannot be shown again."
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
                    on:click=move |_| copy_and_close.run(())
                >
                    "Copy and close"
                </button>
                <button type="button" class="button" on:click=move |_| close.run(())>
                    "Close without copying"
                </button>
                <button
                    type="button"
                    class="button quiet"
                    on:click=move |_| {
                        is_shown.set(false);
                        request_animation_frame(move || back.run(()));
                    }
                >
                    "Back"
                </button>
            </div>
        </div>
    }
}
