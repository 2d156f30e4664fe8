//! The one time that a token is shown, with WebAssembly running.

use std::time::Duration;

use leptos::{ev, html, prelude::*, task::spawn_local};

use super::Shared;
use crate::{
    domain::{secret::TokenSecret, token::CreatedToken},
    ui::components::clipboard::{COPY_BY_HAND, copy, select},
};

/// A modal dialog that is always in the page; the secret in it comes and goes.
#[component]
pub fn RevealDialog(shared: Shared) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let secret_box = NodeRef::<html::Code>::new();
    let copy_button = NodeRef::<html::Button>::new();
    let guard_button = NodeRef::<html::Button>::new();
    let is_copied = RwSignal::new(false);
    // Asks before an uncopied token is closed away.
    let is_guarding = RwSignal::new(false);
    let said = RwSignal::new("");
    // For two seconds the button itself says that it worked; the mark stays.
    let has_just_copied = RwSignal::new(false);

    let name = move || {
        shared
            .revealed
            .with(|r| r.as_ref().map(|c| c.token.name.to_string()))
            .unwrap_or_default()
    };
    let secret = move || {
        shared
            .revealed
            .with(|r| {
                r.as_ref()
                    .map(|c: &CreatedToken| c.secret.expose().to_owned())
            })
            .unwrap_or_default()
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let copy_secret = move |close_after: bool| {
        let secret: Option<TokenSecret> = shared
            .revealed
            .with_untracked(|r| r.as_ref().map(|c| c.secret.clone()));
        let Some(secret) = secret else { return };
        spawn_local(async move {
            if copy(secret.expose()).await {
                is_copied.set(true);
                said.set("Token copied to clipboard.");
                has_just_copied.set(true);
                set_timeout(move || has_just_copied.set(false), Duration::from_secs(2));
                if close_after {
                    close();
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
            close();
        } else {
            is_guarding.set(true);
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
        is_guarding.set(false);
        closed
    };
    let on_close = move |_| {
        let Some(closed) = wipe() else { return };
        let name = closed.token.name;
        shared.status.set(if is_copied.get_untracked() {
            format!("Token {name} created. {}.", shared.count())
        } else {
            format!("“{name}” was created but not copied. If you do not have it, revoke it.")
        });
        if let Some(field) = shared.name_field.get_untracked() {
            field.set_value("");
        }
        shared.focus_name_field();
    };

    Effect::new(move |_| {
        if shared.revealed.with(Option::is_none) {
            return;
        }
        is_copied.set(false);
        if let Some(dialog) = dialog.get_untracked() {
            // It fails only for a dialog that is open, which then shows the new token.
            let _ = dialog.show_modal();
        }
        focus(copy_button);
    });
    Effect::new(move |_| {
        if is_guarding.get() {
            // One frame later the button is visible and can be focused.
            request_animation_frame(move || focus(guard_button));
        }
    });
    // The page may be kept in memory after it is left; the secret must not.
    let on_leave = window_event_listener(ev::pagehide, move |_| drop(wipe()));
    on_cleanup(move || on_leave.remove());

    view! {
        <dialog
            node_ref=dialog
            class="dialog"
            aria-labelledby="reveal-title"
            aria-describedby="reveal-text"
            on:cancel=on_cancel
            on:close=on_close
        >
            <h2 id="reveal-title">"Copy your new token"</h2>
            <p id="reveal-text">
                "“" <bdi>{name}</bdi>
                "” was created. This is the only time the token is shown. If you lose it, revoke it and create another."
            </p>
            <p class="secret">
                <code
                    node_ref=secret_box
                    tabindex="0"
                    translate="no"
                    aria-label="Your new token"
                    role="textbox"
                    aria-readonly="true"
                    on:copy=move |_| is_copied.set(true)
                >
                    {secret}
                </code>
            </p>
            <p class="said" class:filled=move || !said.get().is_empty() role="status">
                {said}
            </p>
            <div class="dialog-actions" hidden=move || is_guarding.get()>
                <button
                    node_ref=copy_button
                    type="button"
                    class="button primary"
                    class:copied=is_copied
                    on:click=move |_| copy_secret(false)
                >
                    {move || if has_just_copied.get() { "Copied" } else { "Copy token" }}
                </button>
                <button type="button" class="button" on:click=move |_| ask_or_close()>
                    "Done"
                </button>
            </div>
            <div class="guard" hidden=move || !is_guarding.get()>
                <p role="alert">
                    {move || {
                        if is_guarding.get() {
                            "You have not copied this token. It cannot be shown again."
                        } else {
                            ""
                        }
                    }}
                </p>
                <div class="dialog-actions">
                    <button
                        node_ref=guard_button
                        type="button"
                        class="button primary"
                        on:click=move |_| copy_secret(true)
                    >
                        "Copy and close"
                    </button>
                    <button type="button" class="button" on:click=move |_| close()>
                        "Close without copying"
                    </button>
                    <button
                        type="button"
                        class="button quiet"
                        on:click=move |_| {
                            is_guarding.set(false);
                            request_animation_frame(move || focus(copy_button));
                        }
                    >
                        "Back"
                    </button>
                </div>
            </div>
        </dialog>
    }
}

fn focus(button: NodeRef<html::Button>) {
    if let Some(button) = button.get_untracked() {
        // An element of this page can always be focused.
        let _ = button.focus();
    }
}
