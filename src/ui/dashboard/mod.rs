//! The first page after logging in: what is owed and what is next, how the API is used, and whether anything is wrong or unused.

mod attention;
mod calls;
mod first_call;

use leptos::prelude::*;

use self::{attention::Attention, calls::Calls, first_call::FirstCall};
use super::{
    components::notice::NotAvailable,
    frame::Frame,
    layout::Page,
    overview::{Overview, OverviewParts},
    profile::activity::LatestActivity,
};
use crate::model::{
    activity::Activity,
    client::Client,
    timestamp::Timestamp,
    token::TokenCounts,
    usage::{BusyToken, DailyCalls, RefusedCalls},
};

/// The data of the dashboard.
#[derive(Clone, Debug)]
pub struct Dashboard {
    /// The client.
    pub client: Client,
    /// What there is of invoices, services and domains, if any were ever imported.
    pub overview: Option<Overview>,
    /// Number of active tokens.
    pub tokens: TokenCounts,
    /// When they last called the API, with any token.
    pub last_call: Option<Timestamp>,
    /// Calls with all tokens.
    pub calls: DailyCalls,
    /// The active tokens that were used most, the busiest first.
    pub busiest: Vec<BusyToken>,
    /// Calls of the last days that were refused.
    pub refused: RefusedCalls,
    /// Failed logins of the last days.
    pub failed_logins: usize,
    /// First uses of tokens from other IP addresses, of the last days.
    pub new_addresses: usize,
    /// The last events, newest first.
    pub activity: Vec<Activity>,
    /// When the page was rendered.
    pub now: Timestamp,
}

/// A summary of the account and of the API, and the steps to the first call.
#[component]
pub fn DashboardPage(
    /// The installation and the visitor.
    frame: Frame,
    /// The data.
    dashboard: Dashboard,
) -> AnyView {
    let base_url = frame.site.base_url.clone();
    let Dashboard {
        client,
        overview,
        tokens,
        last_call,
        calls,
        busiest,
        refused,
        failed_logins,
        new_addresses,
        activity,
        now,
    } = dashboard;
    let title = if overview.is_some() {
        "Overview"
    } else {
        "Dashboard"
    };
    let has_token = tokens.active > 0;
    view! {
        <Page frame title here="/">
            <h1>
                "Welcome, " <bdi>{client.contact.name.clone()}</bdi>
            </h1>
            {overview.map(|overview| view! { <OverviewParts overview /> })}
            {last_call
                .is_none()
                .then(|| view! { <FirstCall has_token base_url /> })}
            <Calls tokens=tokens.active last_call calls busiest now />
            <div class="cards">
                <div class="sections">
                    <Attention stale=tokens.stale refused failed_logins new_addresses />
                    <AccountSummary client />
                </div>
                <section class="card" aria-labelledby="activity-heading" data-live="activity">
                    <div class="card-head">
                        <h2 id="activity-heading">"Recent activity"</h2>
                        <a class="card-link" href="/activity">
                            "All activity"
                        </a>
                    </div>
                    <LatestActivity activity now />
                </section>
            </div>
        </Page>
    }
    .into_any()
}

#[component]
fn AccountSummary(client: Client) -> AnyView {
    view! {
        <section class="card" aria-labelledby="account-heading">
            <div class="card-head">
                <h2 id="account-heading">"Account"</h2>
                <a class="card-link" href="/profile#details">
                    "View account details"
                </a>
            </div>
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
                <dt>"Client ID"</dt>
                <dd>{client.id.0}</dd>
                <dt>"Status"</dt>
                <dd>{client.status.title()}</dd>
            </dl>
        </section>
    }
    .into_any()
}
