//! The one time that a token is shown, with WebAssembly running.

use std::time::Duration;

use leptos::{ev, html, prelude::*, task::spawn_local};

use super::{Shared, guard::Guard, snippets::Snippets, test_token::TestToken};
use crate::{
    model::token::CreatedToken,
    ui::components::{
        clipboard::{COPY_BY_HAND, copy, copy_instead, focus, is_in_selection, select},
        live::Live,
    },
};

/// A modal dialog that is always in the page; the secret in it comes and goes.
#[component]
pub fn RevealDialog(shared: Shared, base_url: String) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let secret_box = NodeRef::<html::Code>::new();
    let copy_button = NodeRef::<html::Button>::new();
    let is_copied = RwSignal::new(false);
    // Asks before an uncopied token is closed away.
    let is_guarding = RwSignal::new(false);
    let said = RwSignal::new("");
    // For two seconds the button itself says that it worked; the mark stays.
    let has_just_copied = RwSignal::new(false);

    let is_open = move || shared.revealed.with(Option::is_some);
    // What says how it went with a token is made anew for the next one.
    let shown = Memo::new(move |_| shared.revealed.with(|r| r.as_ref().map(|c| c.token.id)));
    let of_created = move |text: fn(&CreatedToken) -> String| {
        move || shared.revealed.with(|r| r.as_ref().map(text))
    };
    let name = of_created(|created| created.token.name.to_string());
    let secret = of_created(|created| created.secret.expose().to_owned());
    let close = Callback::new(move |()| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    });
    let copy_secret = move |close_after: bool| {
        let Some(secret) = untrack(secret) else {
            return;
        };
        let id = shown.get_untracked();
        spawn_local(async move {
            let has_copied = copy(&secret).await;
            if shown.get_untracked() != id {
                return;
            }
            if has_copied {
                is_copied.set(true);
                said.set("Token copied to clipboard.");
                has_just_copied.set(true);
                let back = move || {
                    if shown.get_untracked() == id {
                        has_just_copied.set(false);
                    }
                };
                set_timeout(back, Duration::from_secs(2));
                if close_after {
                    close.run(());
                }
            } else {
                is_guarding.set(false);
                said.set(COPY_BY_HAND);
                if let Some(secret_box) = secret_box.get_untracked() {
                    select(&secret_box);
                }
            }
        });
    };
    let ask_or_close = move || {
        if is_copied.get_untracked() {
            close.run(());
        } else {
            is_guarding.set(true);
        }
    };
    // Whatever is selected in the dialog: it was copied only if all of it is in what was.
    let on_copy = move |_| {
        if untrack(secret).is_some_and(|secret| is_in_selection(&secret)) {
            is_copied.set(true);
        }
    };
    let on_copy_secret = move |event: ev::ClipboardEvent| {
        if untrack(secret).is_some_and(|secret| copy_instead(&event, &secret)) {
            is_copied.set(true);
        }
    };
    let on_cancel = move |event: ev::Event| {
        if !is_copied.get_untracked() {
            event.prevent_default();
            is_guarding.set(true);
        }
    };
    let wipe = move || {
        let closed = shared.revealed.try_update(Option::take).flatten();
        said.set("");
        has_just_copied.set(false);
        is_guarding.set(false);
        closed
    };
    // A browser lets no page hold a dialog open for ever, so this may come unasked.
    let on_close = move |_| {
        let Some(CreatedToken { token, .. }) = wipe() else {
            return;
        };
        let name = &token.name;
        if is_copied.get_untracked() {
            let count = shared.count();
            shared.say(format!("Token {name} created. {count}."));
        } else {
            shared.say(format!("“{name}” was created but not copied."));
            shared.uncopied.set(Some(token.id));
        }
        if let Some(field) = shared.name_field.get_untracked() {
            field.set_value("");
        }
        shared.focus_name_field();
    };

    Effect::new(move |_| {
        if !is_open() {
            return;
        }
        is_copied.set(false);
        if let Some(dialog) = dialog.get_untracked() {
            // It fails only for a dialog that is open, which then shows the new token.
            let _ = dialog.show_modal();
        }
        focus(copy_button);
    });
    // Only while leaving would lose something: a page that may ask is kept in no browser's memory.
    Effect::new(move |_| {
        if is_open() && !is_copied.get() {
            let asks = window_event_listener(ev::beforeunload, |event| event.prevent_default());
            on_cleanup(move || asks.remove());
        }
    });
    // The page may be kept in memory after it is left; the secret must not.
    let on_leave = window_event_listener(ev::pagehide, move |_| drop(wipe()));
    on_cleanup(move || on_leave.remove());

    view! {
        <dialog
            node_ref=dialog
            class="dialog reveal"
            aria-labelledby="reveal-title"
            aria-describedby="reveal-text"
            on:cancel=on_cancel
            on:close=on_close
            on:copy=on_copy
        >
            <h2 id="reveal-title">"Copy your new token"</h2>
            <p id="reveal-text">
                "“"
                <bdi translate="no">
                    <Live text=move || name().unwrap_or_default() />
                </bdi>
                "” was created. This is the only time the token is shown. If you lose it, revoke it and create another."
            </p>
            <div class="slip">
                <code
                    node_ref=secret_box
                    class="secret"
                    tabindex="0"
                    translate="no"
                    aria-label="Your new token"
                    role="textbox"
                    aria-readonly="true"
                    on:copy=on_copy_secret
                >
                    <Live text=move || secret().unwrap_or_default() />
                </code>
                <div class="slip-actions">
                    <button
                        node_ref=copy_button
                        type="button"
                        class="button primary"
                        class:copied=is_copied
                        on:click=move |_| copy_secret(false)
                    >
                        <Live text=move || if has_just_copied.get() { "Copied" } else { "Copy token" } />
                    </button>
                    <p class="said" class:filled=move || !said.get().is_empty() role="status">
                        <Live text=move || said.get() />
                    </p>
                </div>
            </div>
            <div hidden=is_guarding>
                {move || {
                    let base_url = base_url.clone();
                    shown
                        .get()
                        .map(|id| {
                            let on_copied = Callback::new(move |()| {
                                if shown.get_untracked() == Some(id) {
                                    is_copied.set(true);
                                }
                            });
                            view! { <Snippets base_url secret=untrack(secret) on_copied /> }
                        })
                }}
            </div>
            <div class="dialog-actions" hidden=is_guarding>
                {move || {
                    shown
                        .get()
                        .map(|id| {
                            view! {
                                <TestToken
                                    secret=move || untrack(secret)
                                    on_works=move || shared.note_use(id)
                                />
                            }
                        })
                }}
                <button type="button" class="button" on:click=move |_| ask_or_close()>
                    "Done"
                </button>
            </div>
            <Guard
                is_shown=is_guarding
                copy_and_close=Callback::new(move |()| copy_secret(true))
                close
                back=Callback::new(move |()| focus(copy_button))
            />
        </dialog>
    }
}
