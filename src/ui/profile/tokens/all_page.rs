//! All active tokens, for those who have more than the list on the Profile page shows.

use leptos::prelude::*;

use crate::{
    model::{timestamp::Timestamp, token::TokenSummary},
    ui::{components::time::Moment, layout::Page},
};

/// A part of the tokens.
#[derive(Clone, Debug)]
pub struct AllTokens {
    /// Newest first.
    pub tokens: Vec<TokenSummary>,
    /// Whether it begins with the newest.
    pub is_first: bool,
    /// Whether there are older ones.
    pub has_more: bool,
    /// When the page was made.
    pub now: Timestamp,
}

/// The tokens, page by page.
#[component]
pub fn AllTokensPage() -> impl IntoView {
    let AllTokens {
        tokens,
        is_first,
        has_more,
        now,
    } = expect_context::<AllTokens>();
    let last = tokens.last().filter(|_| has_more).map(|token| token.id);
    let has_pages = last.is_some() || !is_first;
    let rows = tokens.into_iter().map(move |token| {
        let id = token.id;
        let label = format!("Revoke {}", token.name);
        view! {
            <li>
                <a href=format!("/profile/tokens/{id}")>
                    <bdi>{token.name.to_string()}</bdi>
                </a>
                <code>{token.hint()}</code>
                <span class="quiet">
                    {match token.last_used_at {
                        Some(moment) => view! { "Last used " <Moment moment now /> }.into_any(),
                        None => "Never used".into_any(),
                    }}
                </span>
                <a
                    class="button small danger"
                    href=format!("/profile/tokens/{id}/revoke")
                    aria-label=label
                >
                    "Revoke"
                </a>
            </li>
        }
    });
    view! {
        <Page title="All API tokens" here="/profile">
            <p class="back">
                <a href="/profile#api-tokens">"Profile"</a>
            </p>
            <h1>"All API tokens"</h1>
            <div class="card">
                <ul class="revoke-list">{rows.collect_view()}</ul>
                {has_pages
                    .then(|| {
                        view! {
                            <nav class="pages" aria-label="Pages">
                                {(!is_first)
                                    .then(|| view! { <a href="/profile/tokens/all">"Newest"</a> })}
                                {last
                                    .map(|id| {
                                        let href = format!("/profile/tokens/all?before={id}");
                                        view! { <a href=href>"Older"</a> }
                                    })}
                            </nav>
                        }
                    })}
            </div>
        </Page>
    }
}
