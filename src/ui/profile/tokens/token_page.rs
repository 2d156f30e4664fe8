//! The page of one token: its name and how it is used.

use leptos::prelude::*;

use super::chart::Chart;
use crate::{
    model::{
        client::ClientId,
        error::AppError,
        field,
        timestamp::Timestamp,
        token::TokenSummary,
        usage::{TokenAddress, TokenUsage},
    },
    ui::{
        components::{notice::Alert, time::Moment},
        form::PostForm,
        frame::Frame,
        layout::Page,
        profile::done::{Done, Saved},
    },
};

/// The data of the page.
#[derive(Clone, Debug)]
pub struct TokenDetails {
    /// The token.
    pub token: TokenSummary,
    /// Its recent use.
    pub usage: TokenUsage,
    /// Whether the owner may rename it.
    pub can_rename: bool,
    /// The name that it had when the form was rendered.
    pub old_name: String,
    /// The value of the field for its name.
    pub typed: String,
    /// Why it was not renamed.
    pub error: Option<AppError>,
    /// The change that led to this page.
    pub done: Option<Done>,
    /// When the page was rendered.
    pub now: Timestamp,
}

/// The use of a token, and the form to rename it.
#[component]
pub fn TokenPage(
    /// The installation and the visitor.
    frame: Frame,
    /// The token's owner.
    client: ClientId,
    /// The data.
    details: TokenDetails,
) -> AnyView {
    let TokenDetails {
        token,
        usage,
        can_rename,
        old_name,
        typed,
        error,
        done,
        now,
    } = details;
    let action = format!("/profile/tokens/{}/rename", token.id);
    let addresses = usage.addresses.clone();
    view! {
        <Page frame title="API token" here="/profile">
            <p class="back">
                <a href="/profile#api-tokens">"All API tokens"</a>
            </p>
            <Head token now />
            <Saved done />
            <section class="card" aria-labelledby="calls-heading">
                <h2 id="calls-heading">"Calls per day"</h2>
                <Chart calls=usage.calls now />
            </section>
            <section class="card" aria-labelledby="addresses-heading">
                <h2 id="addresses-heading">"Used from"</h2>
                <Addresses addresses now />
            </section>
            {can_rename.then(|| view! { <Rename client action old_name typed error /> })}
        </Page>
    }
    .into_any()
}

/// Name and hint, and a link to revoke it.
#[component]
fn Head(token: TokenSummary, now: Timestamp) -> AnyView {
    view! {
        <div class="token-head">
            <div>
                <h1>
                    <bdi>{token.name.to_string()}</bdi>
                </h1>
                <p class="quiet">
                    <code>{token.hint()}</code>
                    " · Created "
                    <Moment moment=token.created_at now />
                    {match token.last_used_at {
                        Some(moment) => view! { " · Last used " <Moment moment now /> }.into_any(),
                        None => " · Never used".into_any(),
                    }}
                </p>
            </div>
            <a class="button danger" href=format!("/profile/tokens/{}/revoke", token.id)>
                "Revoke…"
            </a>
        </div>
    }
    .into_any()
}

#[component]
fn Addresses(addresses: Vec<TokenAddress>, now: Timestamp) -> impl IntoView {
    if addresses.is_empty() {
        return view! { <p class="quiet">"It was not used from anywhere yet."</p> }.into_any();
    }
    let rows = addresses.into_iter().map(|used| {
        let device = used.device();
        let is_new = used.is_new(now);
        view! {
            <li>
                <p>
                    <strong>{used.address.to_string()}</strong>
                    " "
                    <span class="quiet">{device}</span>
                    {is_new.then(|| view! { <span class="tag">"New"</span> })}
                </p>
                {(!used.user_agent.is_empty())
                    .then(|| view! { <p class="quiet agent">{used.user_agent}</p> })}
                <p class="quiet">"First used from here on " {used.first_used_at.date()}</p>
                <p class="quiet when">
                    <Moment moment=used.last_used_at now />
                </p>
            </li>
        }
    });
    view! {
        <p class="lead">
            "Up to 100 addresses, last used first. New ones are those of the last seven days. One you do not know? Revoke the token."
        </p>
        <ol class="activity">{rows.collect_view()}</ol>
    }
    .into_any()
}

#[component]
fn Rename(
    client: ClientId,
    action: String,
    old_name: String,
    typed: String,
    error: Option<AppError>,
) -> AnyView {
    let error = error.map(|error| error.to_string());
    let described_by = error.as_ref().map(|_| "token-name-error");
    view! {
        <section class="card" aria-labelledby="rename-heading">
            <h2 id="rename-heading">"Name"</h2>
            <PostForm client action class="create">
                <input type="hidden" name=field::OLD_NAME value=old_name />
                <label for="token-name">"Token name"</label>
                <div class="create-row">
                    <input
                        id="token-name"
                        name=field::NAME
                        type="text"
                        required
                        autocomplete="off"
                        value=typed
                        aria-describedby=described_by
                        aria-invalid=error.as_ref().map(|_| "true")
                    />
                    <button type="submit" class="button">
                        "Rename token"
                    </button>
                </div>
                <div class="field">
                    {error.map(|text| view! { <Alert id="token-name-error" text /> })}
                </div>
                <p class="hint">"What uses the token notices nothing."</p>
            </PostForm>
        </section>
    }
    .into_any()
}
