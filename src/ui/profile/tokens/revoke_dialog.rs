//! The dialog that asks before a token is revoked.

use leptos::prelude::*;

use super::{listed::NEVER_USED, revoke_page::WARNING, shared::Shared};
use crate::{
    model::{
        error::AppError,
        timestamp::Timestamp,
        token::{TokenName, TokenSummary},
    },
    server_fns::tokens::revoke_token,
    ui::components::{
        live::Live,
        modal::{Modal, ModalHandle},
        notice::LogInAgain,
        submission::Submission,
        time::LiveMoment,
    },
};

/// Asks about the token in [`Shared::revoking`].
#[component]
pub fn RevokeDialog(shared: Shared) -> impl IntoView {
    let cancel = NodeRef::new();
    let modal = ModalHandle::new(cancel);
    let submission = Submission::new(None);
    let is_open = move || shared.revoking.with(Option::is_some);
    Effect::new(move |_| {
        if is_open() {
            submission.clear_error();
        }
    });
    view! {
        <Modal
            handle=modal
            id="revoke"
            class="dialog"
            is_open
            on_close=move || {
                shared.revoking.set(None);
                shared.refresh();
            }
        >
            <h2 id="revoke-title">
                "Revoke “"
                <bdi translate="no">
                    <Live text=move || describe(shared, |token| token.name.to_string()) />
                </bdi> "”?"
            </h2>
            <Facts shared />
            <p id="revoke-text" class="callout warn">
                {WARNING}
            </p>
            <p class="alert" role="alert" hidden=move || !submission.has_failed()>
                <Live text=move || failure(shared, submission) />
                " "
                <LogInAgain is_needed=Signal::derive(move || submission.is_signed_out()) />
            </p>
            <div class="dialog-actions">
                <button node_ref=cancel type="button" class="button" on:click=move |_| modal.close()>
                    "Cancel"
                </button>
                <button
                    type="button"
                    class="button danger solid"
                    aria-disabled=move || submission.aria_disabled()
                    on:click=move |_| revoke(shared, submission, modal)
                >
                    <Live text=move || if submission.is_pending() { "Revoking…" } else { "Revoke token" } />
                </button>
            </div>
        </Modal>
    }
}

/// Which token it is, and when it was last used: that tells whether revoking it breaks something.
#[component]
fn Facts(shared: Shared) -> impl IntoView {
    let now = shared.now;
    let moment = move |of: fn(&TokenSummary) -> Option<Timestamp>| {
        Signal::derive(move || shared.revoking.with(|token| token.as_ref().and_then(of)))
    };
    let last_used = moment(|token| token.last_used_at);
    view! {
        <dl class="facts">
            <dt>"Token"</dt>
            <dd>
                <code translate="no">
                    <Live text=move || describe(shared, TokenSummary::hint) />
                </code>
            </dd>
            <dt>"Created"</dt>
            <dd>
                <LiveMoment moment=moment(|token| Some(token.created_at)) now />
            </dd>
            <dt>"Last used"</dt>
            <dd>
                <LiveMoment moment=last_used now />
                <Live text=move || if last_used.get().is_none() { NEVER_USED } else { "" } />
            </dd>
        </dl>
    }
}

/// A text about the token, or nothing while the dialog is closed.
fn describe(shared: Shared, text: impl FnOnce(&TokenSummary) -> String) -> String {
    let text = shared.revoking.with(|token| token.as_ref().map(text));
    text.unwrap_or_default()
}

fn revoke(shared: Shared, submission: Submission, modal: ModalHandle) {
    let Some(token) = shared.revoking.get_untracked() else {
        return;
    };
    let call = revoke_token(Some(shared.client), token.id);
    submission.send(call, move |result| {
        if let Ok(is_new) = result {
            modal.close();
            shared.remove(token.id);
            // A browser may repeat a request by itself, so it may have been this one that revoked it before.
            let outcome = if is_new { "revoked" } else { "is revoked" };
            shared.report(format!("Token “{}” {outcome}.", token.name));
            shared.announce();
        }
    });
}

fn failure(shared: Shared, submission: Submission) -> String {
    let sentence = shared.revoking.with(|token| {
        let name = &token.as_ref()?.name;
        let was_offline = submission.was_offline();
        submission.with_error(|error| error.map(|error| sentence(error, was_offline, name)))
    });
    sentence.unwrap_or_default()
}

fn sentence(error: &AppError, was_offline: bool, name: &TokenName) -> String {
    match error {
        AppError::Unreachable if was_offline => {
            "You're offline. Nothing was revoked. Try again when you're back online.".to_owned()
        }
        AppError::Unreachable | AppError::Unclear | AppError::Internal => {
            format!("We couldn't confirm that “{name}” was revoked. It's safe to try again.")
        }
        AppError::NotFound => {
            format!("We couldn't find “{name}” in your account. Reload the page.")
        }
        // These say that nothing was done. Whether the token works is not known.
        AppError::OtherClient { .. } | AppError::Unavailable => error.to_string(),
        error => format!("{error} Nothing was revoked."),
    }
}
