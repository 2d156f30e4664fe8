//! The dialog that shows a new token, once.

use leptos::{ev, prelude::*};

use super::{
    guard::Guard, reveal::Reveal, shared::Shared, snippets::DialogSnippets, test_token::TestToken,
};
use crate::{
    model::token::TokenId,
    ui::components::{live::Live, modal::Modal},
};

/// Shows the token in [`Shared::revealed`].
#[component]
pub fn RevealDialog(shared: Shared, base_url: String) -> impl IntoView {
    let reveal = Reveal::new(shared);
    // Of the window: where everything is selected, Firefox copies it from the body, not from the dialog.
    window_event_listener(ev::copy, move |_| reveal.note_copy_of_selection());
    view! {
        <Modal
            handle=reveal.modal
            id="reveal"
            class="dialog reveal"
            is_open=move || reveal.is_open()
            may_close=move |()| reveal.on_escape()
            on_close=move || reveal.on_close()
        >
            <h2 id="reveal-title">"Copy your new token"</h2>
            <p id="reveal-text">
                "“"
                <bdi translate="no">
                    <Live text=move || reveal.name().unwrap_or_default() />
                </bdi>
                "” was created. Copy it now. You won't be able to see it again."
            </p>
            <Secret reveal />
            <div hidden=move || reveal.is_asking()>
                {move || {
                    let base_url = base_url.clone();
                    reveal.shown.get().map(|id| view! { <Usage reveal id base_url /> })
                }}
            </div>
            <div class="dialog-actions" hidden=move || reveal.is_asking()>
                {move || reveal.shown.get().map(|id| view! { <Test reveal id /> })}
                <button
                    type="button"
                    class="button done"
                    class:primary=move || reveal.is_copied()
                    on:click=move |_| {
                        if reveal.may_close() {
                            reveal.modal.close();
                        }
                    }
                >
                    "Done"
                </button>
            </div>
            <Guard reveal />
        </Modal>
    }
}

/// The token, and the button that copies it.
#[component]
fn Secret(reveal: Reveal) -> impl IntoView {
    view! {
        <div class="slip">
            <code
                node_ref=reveal.secret_box
                class="secret"
                tabindex="0"
                translate="no"
                aria-label="Your new token"
                role="textbox"
                aria-readonly="true"
                on:copy=move |event| reveal.copy_whole(&event)
            >
                <Live text=move || reveal.secret().unwrap_or_default() />
            </code>
            <div class="slip-actions">
                <button
                    node_ref=reveal.copy_button
                    type="button"
                    class="button"
                    class:primary=move || !reveal.is_copied()
                    on:click=move |_| reveal.copy(false)
                >
                    "Copy token"
                </button>
                <p
                    class="said"
                    class:filled=move || !reveal.status_text().is_empty()
                    class:copied=move || reveal.is_copied()
                    role="status"
                >
                    <Live text=move || reveal.status_text() />
                </p>
            </div>
        </div>
    }
}

#[component]
fn Usage(reveal: Reveal, id: TokenId, base_url: String) -> impl IntoView {
    let secret = untrack(|| reveal.secret()).unwrap_or_default();
    view! { <DialogSnippets base_url secret on_copied=Callback::new(move |()| reveal.note_copy_of(id)) /> }
}

#[component]
fn Test(reveal: Reveal, id: TokenId) -> impl IntoView {
    view! {
        <TestToken
            secret=move || untrack(|| reveal.secret())
            on_works=move || reveal.shared.note_use(id)
        />
    }
}
