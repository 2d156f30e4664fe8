//! The first page after logging in.

use leptos::prelude::*;

use super::{
    components::{code_block::CodeBlock, notice::NotAvailable},
    frame::Frame,
    layout::Page,
    preferences::Language,
    samples,
};
use crate::model::{client::Client, number::plural, timestamp::Timestamp};

/// A summary of the account and of the API, and the steps to the first call.
#[component]
pub fn DashboardPage(
    /// The installation and the visitor.
    frame: Frame,
    /// The client.
    client: Client,
    /// Number of active tokens.
    tokens: usize,
    /// When they last called the API, with any token.
    last_call: Option<Timestamp>,
    /// When the page was rendered.
    now: Timestamp,
) -> AnyView {
    let base_url = frame.site.base_url.clone();
    let has_token = tokens > 0;
    let has_called = last_call.is_some();
    view! {
        <Page frame title="Dashboard" here="/">
            <h1>{format!("Welcome, {}", client.contact.name)}</h1>
            {(!has_called).then(|| view! { <FirstCall has_token base_url /> })}
            <div class="cards">
                <Api tokens last_call now />
                <AccountSummary client />
            </div>
        </Page>
    }
    .into_any()
}

#[component]
fn Api(tokens: usize, last_call: Option<Timestamp>, now: Timestamp) -> AnyView {
    let unit = format!(" token{}", plural(tokens as u64));
    view! {
        <section class="card" aria-labelledby="api-heading">
            <h2 id="api-heading">"API"</h2>
            <dl class="figures">
                <div>
                    <dt>"In use"</dt>
                    <dd>
                        <strong>{tokens}</strong>
                        {unit}
                    </dd>
                </div>
                <div>
                    <dt>"Last call"</dt>
                    <dd>
                        {match last_call {
                            Some(moment) => {
                                view! {
                                    <strong>{moment.ago(now)}</strong>
                                    " "
                                    <time datetime=moment.rfc3339()>{moment.date()}</time>
                                }
                                    .into_any()
                            }
                            None => "None yet".into_any(),
                        }}
                    </dd>
                </div>
            </dl>
            <a class="card-link" href="/profile#api-tokens">
                "Manage API tokens"
            </a>
        </section>
    }
    .into_any()
}

#[component]
fn AccountSummary(client: Client) -> AnyView {
    view! {
        <section class="card" aria-labelledby="account-heading">
            <h2 id="account-heading">"Account"</h2>
            <dl class="facts">
                <dt>"Company"</dt>
                <dd>
                    {match client.contact.company {
                        Some(company) => company.into_any(),
                        None => view! { <NotAvailable /> }.into_any(),
                    }}
                </dd>
                <dt>"Email"</dt>
                <dd>{client.email.to_string()}</dd>
                <dt>"Client number"</dt>
                <dd>{client.id.0}</dd>
            </dl>
            <a class="card-link" href="/profile#details">
                "See all details"
            </a>
        </section>
    }
    .into_any()
}

/// The steps to the first call, with those marked that are done. Shown until the API was called.
#[component]
fn FirstCall(has_token: bool, base_url: String) -> AnyView {
    let (label, curl) = samples::of(Language::Curl, &base_url);
    let progress = if has_token { "1 of 3 done" } else { "3 steps" };
    view! {
        <section class="card first-call" aria-labelledby="first-call-heading">
            <div class="card-head">
                <h2 id="first-call-heading">"Make your first API call"</h2>
                <p class="quiet">{progress}</p>
            </div>
            <ol class="steps">
                <Step done=has_token>
                    <p>"Create an API token and copy it: it is shown only once."</p>
                    {(!has_token)
                        .then(|| {
                            view! {
                                <a class="button primary" href="/profile#api-tokens">
                                    "Create a token"
                                </a>
                            }
                        })}
                </Step>
                <Step done=false>
                    <p>"Keep it in an environment variable, " <code>"OPENTILL_TOKEN"</code> "."</p>
                    <CodeBlock label="environment variable">
                        <code translate="no">{samples::ENVIRONMENT}</code>
                    </CodeBlock>
                </Step>
                <Step done=false>
                    <p>
                        "Call " <code>"GET /api/v1/me"</code> ". "
                        <a href="/docs/api#using">"Other languages"</a>
                    </p>
                    <CodeBlock label>
                        <code translate="no">{curl}</code>
                    </CodeBlock>
                </Step>
            </ol>
        </section>
    }
    .into_any()
}

#[component]
fn Step(done: bool, children: Children) -> AnyView {
    view! {
        <li class:done=done>
            <div class="step">{children()}</div>
            {done.then(|| view! { <strong class="tick">"Done"</strong> })}
        </li>
    }
    .into_any()
}
