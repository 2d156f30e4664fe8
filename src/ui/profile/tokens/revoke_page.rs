//! The page that asks before a token is revoked.

use leptos::prelude::*;

use super::listed::NEVER_USED;
use crate::{
    model::{client::ClientId, timestamp::Timestamp, token::TokenSummary},
    ui::{components::time::Moment, form::PostForm, frame::Frame, layout::Page},
};

/// What it means, here and in the dialog.
pub const WARNING: &str =
    "Anything using this token will stop working immediately. This can't be undone.";

/// Asks before one token is revoked, as the dialog does with WebAssembly.
#[component]
pub fn RevokePage(
    /// The installation and the visitor.
    frame: Frame,
    /// The token's owner.
    client: ClientId,
    /// The token.
    token: TokenSummary,
    /// Where to go back to.
    back: String,
    /// When the page was rendered.
    now: Timestamp,
) -> AnyView {
    view! {
        <Page frame title=format!("Revoke “{}”", token.name) here="/profile">
            <div class="narrow card">
                <h1>"Revoke “" <bdi>{token.name.to_string()}</bdi> "”?"</h1>
                <dl class="facts">
                    <dt>"Token"</dt>
                    <dd>
                        <code>{token.hint()}</code>
                    </dd>
                    <dt>"Created"</dt>
                    <dd>
                        <Moment moment=token.created_at now />
                    </dd>
                    <dt>"Last used"</dt>
                    <dd>
                        {match token.last_used_at {
                            Some(moment) => view! { <Moment moment now /> }.into_any(),
                            None => NEVER_USED.into_any(),
                        }}
                    </dd>
                </dl>
                <p class="callout warn">{WARNING}</p>
                <PostForm
                    client
                    action=format!("/profile/tokens/{}/revoke", token.id)
                    class="dialog-actions"
                >
                    <a class="button" href=back>
                        "Cancel"
                    </a>
                    <button type="submit" class="button danger solid">
                        "Revoke token"
                    </button>
                </PostForm>
            </div>
        </Page>
    }
    .into_any()
}
