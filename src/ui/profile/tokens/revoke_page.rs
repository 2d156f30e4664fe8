//! Asking before a token is revoked, without WebAssembly.

use leptos::prelude::*;

use crate::{
    model::{timestamp::Timestamp, token::TokenSummary},
    ui::{
        components::time::Moment,
        layout::{OfClient, Page},
    },
};

/// The token that is asked about.
#[derive(Clone, Debug)]
pub struct RevokeQuestion {
    /// Which one.
    pub token: TokenSummary,
    /// When the page was made.
    pub now: Timestamp,
}

/// The same question as the dialog's.
#[component]
pub fn RevokePage() -> impl IntoView {
    let RevokeQuestion { token, now } = expect_context::<RevokeQuestion>();
    view! {
        <Page title="Revoke token" here="/profile">
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
                            None => "Never used".into_any(),
                        }}
                    </dd>
                </dl>
                <p class="callout warn">"Anything using this token stops working immediately. This cannot be undone."</p>
                <form method="post" action=format!("/profile/tokens/{}/revoke", token.id) class="dialog-actions">
                    <OfClient />
                    <a class="button" href="/profile#api-tokens">
                        "Cancel"
                    </a>
                    <button type="submit" class="button danger solid">
                        "Revoke token"
                    </button>
                </form>
            </div>
        </Page>
    }
}
