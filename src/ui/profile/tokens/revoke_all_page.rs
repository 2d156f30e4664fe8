//! Asking before all tokens are revoked.

use leptos::prelude::*;

use crate::{
    model::{timestamp::Timestamp, token::TokenSummary},
    ui::{
        components::time::Moment,
        layout::{OfClient, Page},
    },
};

/// The tokens that are asked about.
#[derive(Clone, Debug)]
pub struct RevokeAllQuestion {
    /// The newest of them.
    pub tokens: Vec<TokenSummary>,
    /// How many there are that are not shown.
    pub more: usize,
    /// When the page was made.
    pub now: Timestamp,
}

/// Names the tokens and when each was last used.
#[component]
pub fn RevokeAllPage() -> impl IntoView {
    let RevokeAllQuestion { tokens, more, now } = expect_context::<RevokeAllQuestion>();
    let question = match tokens.len() + more {
        0 => "There is no token to revoke".to_owned(),
        1 => "Revoke your only token?".to_owned(),
        count => format!("Revoke all {count} tokens?"),
    };
    let is_empty = tokens.is_empty();
    let rows = tokens.into_iter().map(move |token| {
        view! {
            <li>
                <bdi>
                    <strong>{token.name.to_string()}</strong>
                </bdi>
                <code>{token.hint()}</code>
                <span class="quiet">
                    {match token.last_used_at {
                        Some(moment) => view! { "Last used " <Moment moment now /> }.into_any(),
                        None => "Never used".into_any(),
                    }}
                </span>
            </li>
        }
    });
    view! {
        <Page title="Revoke all tokens" here="/profile">
            <div class="narrow card">
                <h1>{question}</h1>
                <ul class="revoke-list">{rows.collect_view()}</ul>
                {(more > 0)
                    .then(|| {
                        view! {
                            <p class="more">
                                {format!("… and {more} more. ")}
                                <a href="/profile/tokens/all">"All API tokens"</a>
                            </p>
                        }
                    })}
                <p class="callout warn">
                    "Everything that uses one of them stops working immediately. This cannot be undone."
                </p>
                <form method="post" action="/profile/tokens/revoke-all" class="dialog-actions">
                    <OfClient />
                    <a class="button" href="/profile#api-tokens">
                        "Cancel"
                    </a>
                    <button type="submit" class="button danger solid" disabled=is_empty>
                        "Revoke all tokens"
                    </button>
                </form>
            </div>
        </Page>
    }
}
