//! The first page after logging in.

use leptos::prelude::*;

use super::{components::time::Moment, layout::Page};
use crate::domain::{client::Client, timestamp::Timestamp, token::TokenSummary};

/// What the dashboard shows.
#[derive(Clone, Debug)]
pub struct Dashboard {
    /// Whose it is.
    pub client: Client,
    /// Their active tokens.
    pub tokens: Vec<TokenSummary>,
    /// When the page was made.
    pub now: Timestamp,
}

/// The account and the API at a glance, and the way to the first call.
#[component]
pub fn DashboardPage() -> impl IntoView {
    let Dashboard {
        client,
        tokens,
        now,
    } = expect_context::<Dashboard>();
    let last_call = tokens.iter().filter_map(|token| token.last_used_at).max();
    let has_token = !tokens.is_empty();
    let has_called = last_call.is_some();
    let count = tokens.len();
    view! {
        <Page title="Dashboard" here="/">
            <h1>{format!("Welcome, {}", client.name)}</h1>
            <div class="cards">
                <section class="card" aria-labelledby="account-heading">
                    <h2 id="account-heading">"Account"</h2>
                    <dl>
                        <dt>"Company"</dt>
                        <dd>{client.company.unwrap_or_else(|| "–".into())}</dd>
                        <dt>"Email"</dt>
                        <dd>{client.email.to_string()}</dd>
                        <dt>"Client number"</dt>
                        <dd>{client.id.0}</dd>
                    </dl>
                    <a href="/profile#details">"See all details"</a>
                </section>
                <section class="card" aria-labelledby="api-heading">
                    <h2 id="api-heading">"API"</h2>
                    <dl>
                        <dt>"Tokens in use"</dt>
                        <dd>{count}</dd>
                        <dt>"Last call"</dt>
                        <dd>
                            {match last_call {
                                Some(moment) => view! { <Moment moment now /> }.into_any(),
                                None => "None yet".into_any(),
                            }}
                        </dd>
                    </dl>
                    <a href="/profile#api-tokens">"Manage API tokens"</a>
                </section>
            </div>
            {(!has_called).then(|| view! { <FirstCall has_token /> })}
        </Page>
    }
}

/// Three steps that tick themselves from what is really there. Gone once a call came in.
#[component]
fn FirstCall(has_token: bool) -> impl IntoView {
    view! {
        <section class="card first-call" aria-labelledby="first-call-heading">
            <h2 id="first-call-heading">"Make your first API call"</h2>
            <ol class="steps">
                <Step done=has_token>
                    <a href="/profile#api-tokens">"Create an API token"</a>
                    " and copy it: it is shown only once."
                </Step>
                <Step done=false>
                    "Keep it in an environment variable, " <code>"OPENTILL_TOKEN"</code> "."
                </Step>
                <Step done=false>
                    "Call " <code>"GET /api/v1/me"</code> ", "
                    <a href="/docs/api#using">"as the documentation shows"</a> "."
                </Step>
            </ol>
        </section>
    }
}

#[component]
fn Step(done: bool, children: Children) -> impl IntoView {
    view! {
        <li class:done=done>
            <span>{children()}</span>
            {done.then(|| view! { <strong class="tick">"Done"</strong> })}
        </li>
    }
}
