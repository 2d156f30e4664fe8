//! How the API is used, with all tokens together.

use leptos::prelude::*;

use crate::{
    model::{
        number::{grouped, plural},
        timestamp::Timestamp,
        usage::{BusyToken, DailyCalls},
    },
    ui::profile::tokens::chart::Chart,
};

/// Figures, calls by day, and the tokens that make most of them.
#[component]
pub fn Calls(
    /// Number of active tokens.
    tokens: usize,
    /// When the API was last called, with any token.
    last_call: Option<Timestamp>,
    /// Calls with all tokens.
    calls: DailyCalls,
    /// The active tokens that were used most, the busiest first.
    busiest: Vec<BusyToken>,
    /// When the page was rendered.
    now: Timestamp,
) -> AnyView {
    let today = calls.last().copied().unwrap_or_default();
    view! {
        <section class="card" aria-labelledby="api-heading">
            <div class="card-head">
                <h2 id="api-heading">"API"</h2>
                <a class="card-link" href="/profile#api-tokens">
                    "Manage API tokens"
                </a>
            </div>
            <dl class="figures">
                <Figure title="Calls today" value=grouped(today)>
                    "UTC"
                </Figure>
                <Figure title="Active tokens" value=tokens.to_string()>
                    ""
                </Figure>
                <LastCall last_call now />
            </dl>
            {last_call.is_some().then(|| view! { <Chart calls now /> })}
            {(!busiest.is_empty()).then(|| view! { <Busiest busiest /> })}
        </section>
    }
    .into_any()
}

#[component]
fn Figure(title: &'static str, value: String, children: Children) -> AnyView {
    view! {
        <div>
            <dt>{title}</dt>
            <dd>
                <strong>{value}</strong>
                <span>{children()}</span>
            </dd>
        </div>
    }
    .into_any()
}

#[component]
fn LastCall(last_call: Option<Timestamp>, now: Timestamp) -> AnyView {
    view! {
        <div>
            <dt>"Last API call"</dt>
            <dd>
                {match last_call {
                    Some(moment) => {
                        view! {
                            <time datetime=moment.rfc3339()>
                                <strong class="ago">{moment.ago(now)}</strong>
                                " "
                                <span class="day">{moment.date()}</span>
                            </time>
                        }
                            .into_any()
                    }
                    None => "No calls yet".into_any(),
                }}
            </dd>
        </div>
    }
    .into_any()
}

/// A bar for each token, relative to the first.
#[component]
fn Busiest(busiest: Vec<BusyToken>) -> AnyView {
    let most = busiest.first().map_or(1, |token| token.calls.max(1));
    let rows = busiest.into_iter().map(|BusyToken { id, name, calls }| {
        view! {
            <li>
                <a href=format!("/profile/tokens/{id}")>
                    <bdi translate="no">{name}</bdi>
                </a>
                <meter min="0" max=most value=calls aria-hidden="true"></meter>
                <span>
                    {grouped(calls)} <span class="visually-hidden">{format!(" call{}", plural(calls))}</span>
                </span>
            </li>
        }
    });
    view! {
        <h3>"Busiest tokens"</h3>
        <ol class="busiest">{rows.collect_view()}</ol>
    }
    .into_any()
}
