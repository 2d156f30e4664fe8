//! The page of one token: its name and how it is used.

use leptos::prelude::*;

use super::chart::Chart;
use crate::{
    model::{
        activity::RECENT_DAYS,
        client::ClientId,
        error::AppError,
        field,
        number::counted,
        timestamp::Timestamp,
        token::TokenSummary,
        usage::{TokenAddress, TokenUsage},
    },
    ui::{
        components::{
            code_block::CodeBlock,
            time::{Day, Moment},
        },
        form::PostForm,
        frame::Frame,
        layout::Page,
        preferences::Language,
        profile::done::{Done, Saved},
        samples,
    },
};

/// The value of [`field::FROM`] for links on this page.
pub const TOKEN: &str = "token";

/// The data of the page.
#[derive(Clone, Debug)]
pub struct TokenDetails {
    /// The token.
    pub token: TokenSummary,
    /// When it was revoked. Its page stays, to be read.
    pub revoked_at: Option<Timestamp>,
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
        revoked_at,
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
    let base_url = frame.site.base_url.clone();
    let is_unused = token.last_used_at.is_none() && revoked_at.is_none();
    let title = format!("{} · API token", token.name);
    view! {
        <Page frame title here="/profile">
            <p class="back">
                <a href="/profile#api-tokens">"API tokens"</a>
            </p>
            <Head token revoked_at now />
            <Saved done />
            <section class="card" aria-labelledby="calls-heading">
                <h2 id="calls-heading">"Calls per day"</h2>
                <div class="stack" data-live="calls">
                    <Chart calls=usage.calls now />
                    {(usage.refused > 0).then(|| view! { <RefusedCalls refused=usage.refused /> })}
                </div>
                {is_unused.then(|| view! { <FirstCall base_url /> })}
            </section>
            <section class="card" aria-labelledby="addresses-heading">
                <h2 id="addresses-heading">"Recent IP addresses"</h2>
                <div class="stack" data-live="addresses">
                    <Addresses addresses can_revoke=revoked_at.is_none() now />
                </div>
            </section>
            {can_rename.then(|| view! { <Rename client action old_name typed error /> })}
        </Page>
    }
    .into_any()
}

/// How many calls were refused, and why that may be.
#[component]
fn RefusedCalls(refused: u64) -> AnyView {
    let calls = counted(refused, "call");
    view! {
        <p>
            <strong>{format!("{calls} refused in the last {RECENT_DAYS} days")}</strong>
            ": over the rate limit, after the token's end, from an IP address that isn't allowed, or for data that the token can't read. "
            <a href="/docs/api#errors">"What each error means"</a>
        </p>
    }
    .into_any()
}

/// How to call the API with it.
#[component]
fn FirstCall(base_url: String) -> AnyView {
    let (label, code) = samples::of(Language::Curl, &base_url);
    view! {
        <p>
            "This token hasn't been used yet. Try it with curl. " <a href="/docs/api#using">"How to use tokens"</a>
        </p>
        <CodeBlock label>
            <code translate="no">{code}</code>
        </CodeBlock>
    }
    .into_any()
}

/// Name and hint, and a link to revoke it.
#[component]
fn Head(token: TokenSummary, revoked_at: Option<Timestamp>, now: Timestamp) -> AnyView {
    let ended = revoked_at.map(|moment| (token.how_it_ended(moment), moment));
    let expires_at = token.limits.expires_at.filter(|_| ended.is_none());
    let allowed = token.limits.allowed.list();
    view! {
        <div class="token-head">
            <div>
                <h1>
                    <bdi>{token.name.to_string()}</bdi>
                    {ended.map(|(how, _)| view! { <span class="tag">{how}</span> })}
                </h1>
                <p class="quiet">
                    <code>{token.hint()}</code>
                    " · Created "
                    <Moment moment=token.created_at now />
                    {match token.last_used_at {
                        Some(moment) => view! { " · Last used " <Moment moment now /> }.into_any(),
                        None => " · Never used".into_any(),
                    }}
                    " · Can read: "
                    {token.scopes.title()}
                    {ended.map(|(how, moment)| view! { " · " {how} " " <Moment moment now /> })}
                    {expires_at.map(|moment| view! { " · Expires " <Day moment /> " at 00:00 UTC" })}
                </p>
                {(!allowed.is_empty())
                    .then(|| view! { <p class="quiet">"Works only from: " {allowed}</p> })}
            </div>
            {revoked_at
                .is_none()
                .then(|| {
                    view! {
                        <a
                            class="button danger"
                            href=format!("/profile/tokens/{}/revoke?{}={TOKEN}", token.id, field::FROM)
                        >
                            "Revoke token"
                        </a>
                    }
                })}
        </div>
    }
    .into_any()
}

#[component]
fn Addresses(addresses: Vec<TokenAddress>, can_revoke: bool, now: Timestamp) -> impl IntoView {
    if addresses.is_empty() {
        return view! { <p class="quiet">"No calls were made with this token."</p> }.into_any();
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
                <p class="quiet">"First used from here on " <Day moment=used.first_used_at /></p>
                <p class="quiet when">
                    <Moment moment=used.last_used_at now />
                </p>
            </li>
        }
    });
    view! {
        <p class="lead">
            "Up to 100 addresses, last used first. Those of the last seven days are marked as new. "
            {can_revoke.then_some("Don't recognize one? Revoke this token.")}
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
                        autofocus=error.is_some()
                    />
                    {error
                        .map(|error| {
                            view! {
                                <p id="token-name-error" class="field-error">
                                    {error}
                                </p>
                            }
                        })}
                    <button type="submit" class="button">
                        "Rename"
                    </button>
                </div>
                <p class="hint">"Renaming doesn't affect integrations."</p>
            </PostForm>
        </section>
    }
    .into_any()
}
