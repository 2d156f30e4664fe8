//! Asking before a token is revoked, with WebAssembly running.

use leptos::{html, prelude::*, task::spawn_local};

use super::{Shared, list::row_button};
use crate::{
    model::{
        error::AppError,
        token::{TokenId, TokenName, TokenSummary},
    },
    server_fns::tokens::revoke_token,
    ui::components::{clipboard::focus, live::Live, notice::LogInAgain},
};

/// Names the token and when it was last used: that is what tells whether something will break.
#[component]
pub fn RevokeDialog(shared: Shared) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let cancel = NodeRef::<html::Button>::new();
    let is_pending = RwSignal::new(false);
    let error = RwSignal::new(None::<AppError>);
    let of_token = move |text: fn(&TokenSummary) -> String| {
        move || {
            shared
                .revoking
                .with(|token| token.as_ref().map(text))
                .unwrap_or_default()
        }
    };
    let now = shared.now;
    let created = move || {
        shared.revoking.with(|t| {
            t.as_ref()
                .map(|t| format!("{}, {}", t.created_at.date(), t.created_at.ago(now)))
        })
    };
    let last_used = move || {
        shared.revoking.with(|token| {
            token.as_ref().map(|token| match token.last_used_at {
                Some(used) => format!("{}, {}", used.date(), used.ago(now)),
                None => "Never used".to_owned(),
            })
        })
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let on_revoke = move |_| {
        let Some(token) = shared.revoking.get_untracked() else {
            return;
        };
        if is_pending.get_untracked() {
            return;
        }
        is_pending.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = revoke_token(Some(shared.client), token.id).await;
            is_pending.set(false);
            match answer {
                Ok(is_new) => {
                    close();
                    remove_row(shared, token.id);
                    // A browser may send a call twice by itself, so it may have been this one.
                    let verb = if is_new { "was" } else { "is" };
                    shared.say(format!("{} {verb} revoked.", token.name));
                }
                Err(failure) => error.set(Some(failure)),
            }
        });
    };
    Effect::new(move |_| {
        if shared.revoking.with(Option::is_none) {
            return;
        }
        error.set(None);
        if let Some(dialog) = dialog.get_untracked() {
            // It fails only for a dialog that is open already.
            let _ = dialog.show_modal();
        }
        focus(cancel);
    });
    let failure = move || {
        let name = shared
            .revoking
            .with(|t| t.as_ref().map(|t| t.name.clone()))?;
        error.with(|e| e.as_ref().map(|error| sentence(error, &name)))
    };
    let is_signed_out =
        Signal::derive(move || error.with(|e| matches!(e, Some(AppError::Unauthenticated))));
    view! {
        <dialog
            node_ref=dialog
            class="dialog"
            aria-labelledby="revoke-title"
            aria-describedby="revoke-text"
            on:close=move |_| shared.revoking.set(None)
        >
            <h2 id="revoke-title">
                "Revoke “"
                <bdi translate="no">
                    <Live text=of_token(|token| token.name.to_string()) />
                </bdi> "”?"
            </h2>
            <dl class="facts">
                <dt>"Token"</dt>
                <dd>
                    <code translate="no">
                        <Live text=of_token(TokenSummary::hint) />
                    </code>
                </dd>
                <dt>"Created"</dt>
                <dd>
                    <Live text=move || created().unwrap_or_default() />
                </dd>
                <dt>"Last used"</dt>
                <dd>
                    <Live text=move || last_used().unwrap_or_default() />
                </dd>
            </dl>
            <p id="revoke-text" class="callout warn">
                "Anything using this token stops working immediately. This cannot be undone."
            </p>
            <p class="alert" role="alert" hidden=move || error.with(Option::is_none)>
                <Live text=move || failure().unwrap_or_default() />
                " "
                <LogInAgain is_needed=is_signed_out />
            </p>
            <div class="dialog-actions">
                <button node_ref=cancel type="button" class="button" on:click=move |_| close()>
                    "Cancel"
                </button>
                <button
                    type="button"
                    class="button danger solid"
                    aria-disabled=move || is_pending.get().then_some("true")
                    on:click=on_revoke
                >
                    <Live text=move || if is_pending.get() { "Revoking…" } else { "Revoke token" } />
                </button>
            </div>
        </dialog>
    }
}

fn sentence(error: &AppError, name: &TokenName) -> String {
    match error {
        AppError::Unreachable | AppError::Unclear | AppError::Internal => {
            format!("We could not tell whether {name} was revoked. Trying again is safe.")
        }
        AppError::NotFound => {
            format!("We couldn't find {name} in your account. Reload the page.")
        }
        // It says by itself that nothing was done. Whether the token works is not for the page to say.
        AppError::OtherClient { .. } | AppError::Unavailable => error.to_string(),
        error => format!("{error} Nothing was revoked."),
    }
}

/// Takes the row away and puts the focus on its neighbour, or on the name field if it was the last.
fn remove_row(shared: Shared, id: TokenId) {
    let neighbour = shared.tokens.try_update(|tokens| {
        let at = tokens.iter().position(|token| token.id == id)?;
        tokens.remove(at);
        tokens.get(at).or(tokens.last()).map(|token| token.id)
    });
    request_animation_frame(move || {
        let button = neighbour
            .flatten()
            .and_then(|id| document().get_element_by_id(&row_button(id)));
        match button {
            Some(button) => {
                use wasm_bindgen::JsCast;
                // A button of this page can always be focused.
                let _ = button.unchecked_into::<web_sys::HtmlElement>().focus();
            }
            None => shared.focus_name_field(),
        }
    });
}
