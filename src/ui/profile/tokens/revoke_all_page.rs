//! The page that asks before all tokens are revoked.

use leptos::prelude::*;

use super::last_used::LastUsed;
use crate::{
    model::{client::ClientId, error::AppError, field, timestamp::Timestamp, token::TokenSummary},
    ui::{components::slip::Slip, form::PostForm, frame::Frame, layout::Page},
};

/// What has to be typed, in any case.
pub const CONFIRMATION: &str = "revoke all";

/// The data of the page.
#[derive(Clone, Debug)]
pub struct RevokeAll {
    /// The newest of the tokens.
    pub tokens: Vec<TokenSummary>,
    /// Number of tokens that are not shown.
    pub more: usize,
    /// Why they were not revoked.
    pub error: Option<AppError>,
    /// When the page was rendered.
    pub now: Timestamp,
}

/// Lists them, and asks for a few words: one click would be too easy for what cannot be undone.
#[component]
pub fn RevokeAllPage(
    /// The installation and the visitor.
    frame: Frame,
    /// The tokens' owner.
    client: ClientId,
    /// The data.
    page: RevokeAll,
) -> AnyView {
    let RevokeAll {
        tokens,
        more,
        error,
        now,
    } = page;
    let question = match tokens.len() + more {
        0 => "You have no active tokens".to_owned(),
        1 => "Revoke your only token?".to_owned(),
        count => format!("Revoke all {count} tokens?"),
    };
    let content = if tokens.is_empty() {
        view! { <Nothing /> }.into_any()
    } else {
        view! {
            <List tokens more now />
            <p class="callout warn">
                "Anything using these tokens will stop working immediately. This can't be undone."
            </p>
            <Confirm client error />
        }
        .into_any()
    };
    view! {
        <Page frame title="Revoke all tokens" here="/profile">
            <div class="narrow card">
                <h1>{question}</h1>
                {content}
            </div>
        </Page>
    }
    .into_any()
}

#[component]
fn Nothing() -> AnyView {
    view! {
        <div class="empty">
            <Slip />
            <p class="quiet">"There's nothing to revoke."</p>
        </div>
        <p>
            <a class="button" href="/profile#api-tokens">
                "Back to API tokens"
            </a>
        </p>
    }
    .into_any()
}

#[component]
fn List(tokens: Vec<TokenSummary>, more: usize, now: Timestamp) -> AnyView {
    let rows = tokens.into_iter().map(|token| {
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
        <ul class="token-rows">{rows.collect_view()}</ul>
        {(more > 0)
            .then(|| {
                view! {
                    <p class="more">
                        {format!("… and {more} more. ")} <a href="/profile/tokens/all">"All API tokens"</a>
                    </p>
                }
            })}
    }
    .into_any()
}

#[component]
fn Confirm(client: ClientId, error: Option<AppError>) -> AnyView {
    let error = error.map(|error| error.to_string());
    let is_refused = error.is_some();
    view! {
        <PostForm client action="/profile/tokens/revoke-all" class="stack">
            <div class="field">
                <label for="confirmation">{format!("To confirm, type “{CONFIRMATION}”")}</label>
                <input
                    id="confirmation"
                    name=field::CONFIRMATION
                    type="text"
                    required
                    pattern=r"\s*[Rr][Ee][Vv][Oo][Kk][Ee] +[Aa][Ll][Ll]\s*"
                    title=CONFIRMATION
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    autofocus=is_refused
                    aria-describedby=is_refused.then_some("confirmation-error")
                    aria-invalid=is_refused.then_some("true")
                />
                {error
                    .map(|error| {
                        view! {
                            <p id="confirmation-error" class="field-error">
                                {error}
                            </p>
                        }
                    })}
            </div>
            <div class="dialog-actions">
                <a class="button" href="/profile#api-tokens">
                    "Cancel"
                </a>
                <button type="submit" class="button danger solid">
                    "Revoke all tokens"
                </button>
            </div>
        </PostForm>
    }
    .into_any()
}
