//! The page that lists all active tokens, for clients who have more than the Profile page shows.

use leptos::prelude::*;

use super::last_used::LastUsed;
use crate::{
    model::{field, timestamp::Timestamp, token::TokenSummary},
    ui::{frame::Frame, layout::Page, pager::Pager},
};

/// Some of the tokens, with links to the others.
#[component]
pub fn AllTokensPage(
    /// The installation and the visitor.
    frame: Frame,
    /// Newest first.
    tokens: Vec<TokenSummary>,
    /// Whether the newest token is among them.
    is_first: bool,
    /// Whether there are older tokens.
    has_more: bool,
    /// When the page was rendered.
    now: Timestamp,
) -> AnyView {
    let newest = (!is_first).then(|| "/profile/tokens/all".to_owned());
    let last = tokens.last().filter(|_| has_more);
    let older = last.map(|token| format!("/profile/tokens/all?{}={}", field::BEFORE, token.id));
    let rows = tokens
        .into_iter()
        .map(|token| view! { <Row token now /> })
        .collect_view();
    view! {
        <Page frame title="All API tokens" here="/profile">
            <p class="back">
                <a href="/profile#api-tokens">"API tokens"</a>
            </p>
            <h1>"All API tokens"</h1>
            <div class="card">
                <ul class="token-rows with-action">{rows}</ul>
                <Pager newest older />
            </div>
        </Page>
    }
    .into_any()
}

#[component]
fn Row(token: TokenSummary, now: Timestamp) -> AnyView {
    let page = format!("/profile/tokens/{}", token.id);
    let revoke = format!("{page}/revoke");
    let label = format!("Revoke {}", token.name);
    let limits = token.limits.words(now);
    view! {
        <li>
            <a href=page>
                <bdi>{token.name.to_string()}</bdi>
            </a>
            <code>{token.hint()}</code>
            <LastUsed token now />
            {(!limits.is_empty()).then(|| view! { <span class="quiet">{limits}</span> })}
            <a class="button small danger" href=revoke aria-label=label>
                "Revoke"
            </a>
        </li>
    }
    .into_any()
}
