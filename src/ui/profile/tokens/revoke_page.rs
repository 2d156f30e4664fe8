//! The pages that ask before tokens are revoked.

use leptos::prelude::*;

use super::{last_used::LastUsed, listed::NEVER_USED};
use crate::{
    model::{client::ClientId, timestamp::Timestamp, token::TokenSummary},
    ui::{components::time::Moment, form::PostForm, frame::Frame, layout::Page},
};

/// Asks before one token is revoked, as the dialog does with WebAssembly.
#[component]
pub fn RevokePage(
    /// The installation and the visitor.
    frame: Frame,
    /// The token's owner.
    client: ClientId,
    /// The token.
    token: TokenSummary,
    /// When the page was rendered.
    now: Timestamp,
) -> AnyView {
    view! {
        <Page frame title="Revoke token" here="/profile">
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
                <p class="callout warn">"Anything using this token stops working immediately. This cannot be undone."</p>
                <RevokeForm
                    client
                    action=format!("/profile/tokens/{}/revoke", token.id)
                    button="Revoke token"
                />
            </div>
        </Page>
    }
    .into_any()
}

/// Asks before all tokens are revoked.
#[component]
pub fn RevokeAllPage(
    /// The installation and the visitor.
    frame: Frame,
    /// The tokens' owner.
    client: ClientId,
    /// The newest of the tokens.
    tokens: Vec<TokenSummary>,
    /// Number of tokens that are not shown.
    more: usize,
    /// When the page was rendered.
    now: Timestamp,
) -> AnyView {
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
                <LastUsed token now />
            </li>
        }
    });
    view! {
        <Page frame title="Revoke all tokens" here="/profile">
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
                <RevokeForm
                    client
                    action="/profile/tokens/revoke-all"
                    button="Revoke all tokens"
                    disabled=is_empty
                />
            </div>
        </Page>
    }
    .into_any()
}

/// Yes or no.
#[component]
fn RevokeForm(
    client: ClientId,
    #[prop(into)] action: String,
    button: &'static str,
    #[prop(optional)] disabled: bool,
) -> AnyView {
    view! {
        <PostForm client action class="dialog-actions">
            <a class="button" href="/profile#api-tokens">
                "Cancel"
            </a>
            <button type="submit" class="button danger solid" disabled=disabled>
                {button}
            </button>
        </PostForm>
    }
    .into_any()
}
