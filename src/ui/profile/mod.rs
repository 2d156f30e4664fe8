//! The Profile page and its sections.

pub mod activity;
pub mod details;
mod done;
mod password;
mod sessions;
pub mod tokens;

use leptos::prelude::*;

pub use self::done::Done;
use self::{
    activity::RecentActivity,
    details::{Details, DetailsForm},
    password::PasswordForm,
    sessions::Sessions,
    tokens::{Panel, TokenForm, revoked::RecentlyRevoked},
};
use super::{layout::Page, site};
use crate::model::{
    activity::Activity,
    client::{Client, ClientStatus},
    error::AppError,
    session::{SessionId, SessionSummary},
    timestamp::Timestamp,
    token::{RevokedToken, TokenSummary},
};

/// What the Profile page shows.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Whose it is.
    pub client: Client,
    /// What the form for their details holds.
    pub details_form: DetailsForm,
    /// The last of each kind of what happened in their account, newest first.
    pub activity: Vec<Activity>,
    /// Their sessions, last seen first.
    pub sessions: Vec<SessionSummary>,
    /// How many sessions there are that are not shown.
    pub more_sessions: usize,
    /// The session that looks at this page.
    pub this_session: SessionId,
    /// Their active tokens, newest first.
    pub tokens: Vec<TokenSummary>,
    /// How many active ones there are that are not shown.
    pub more_tokens: usize,
    /// Those that were revoked of late, the last one first.
    pub revoked: Vec<RevokedToken>,
    /// How many of those there are that are not shown.
    pub more_revoked: usize,
    /// How many of the active ones they may have.
    pub token_limit: u32,
    /// What the form for a new token begins with.
    pub token_form: TokenForm,
    /// Why the password was not changed.
    pub password_error: Option<AppError>,
    /// What was just done.
    pub done: Option<Done>,
    /// When the page was made.
    pub now: Timestamp,
}

const SECTIONS: [(&str, &str); 5] = [
    ("api-tokens", "API Tokens"),
    ("details", "Details"),
    ("password", "Password"),
    ("sessions", "Sessions"),
    ("activity", "Recent activity"),
];

/// Details, password, sessions and API tokens.
#[component]
pub fn ProfilePage() -> impl IntoView {
    let profile = expect_context::<Profile>();
    let base_url = site().base_url.clone();
    let can_create = profile.client.status == ClientStatus::Active;
    let email = profile.client.email.to_string();
    let saved = |sections: &[Done]| profile.done.filter(|done| sections.contains(done));
    let details_saved = saved(&[Done::Details, Done::DetailsUnchanged]);
    let password_saved = saved(&[Done::Password]);
    let sessions_saved = saved(&[
        Done::Session,
        Done::SessionOver,
        Done::Sessions,
        Done::NoOtherSessions,
    ]);
    let tokens_saved = saved(&[
        Done::Revoked,
        Done::IsRevoked,
        Done::AllRevoked,
        Done::NoTokens,
    ]);
    view! {
        <Page title="Profile" here="/profile">
            <Heading client=profile.client.clone() />
            <div class="with-contents">
            <nav class="contents" aria-label="On this page">
                <ul>
                    {SECTIONS
                        .map(|(id, title)| {
                            view! {
                                <li>
                                    <a href=format!("#{id}")>{title}</a>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </nav>
            <div class="sections">
            <Section id="api-tokens" title="API Tokens">
                <p class="lead">
                    "A token lets an integration read your data. It stays valid until you revoke it. "
                    <a href="/docs/api">"How to use tokens"</a>
                </p>
                <Saved done=tokens_saved />
                <Panel
                    client=profile.client.id
                    tokens=profile.tokens
                    more=profile.more_tokens
                    limit=profile.token_limit
                    can_create
                    form=profile.token_form
                    base_url
                    now=profile.now
                />
                <RecentlyRevoked revoked=profile.revoked more=profile.more_revoked now=profile.now />
            </Section>
            <Section id="details" title="Details">
                <Saved done=details_saved />
                <Details
                    client=profile.client.clone()
                    form=profile.details_form
                    can_change=can_create
                />
            </Section>
            <Section id="password" title="Password">
                <Saved done=password_saved />
                <PasswordForm email error=profile.password_error />
            </Section>
            <Section id="sessions" title="Sessions">
                <Saved done=sessions_saved />
                <Sessions
                    sessions=profile.sessions
                    more=profile.more_sessions
                    this_session=profile.this_session
                    now=profile.now
                />
            </Section>
            <Section id="activity" title="Recent activity">
                <RecentActivity activity=profile.activity now=profile.now />
            </Section>
            </div>
            </div>
        </Page>
    }
}

/// A part of the page that can be gone to by its id.
#[component]
fn Section(id: &'static str, title: &'static str, children: Children) -> impl IntoView {
    let heading = format!("{id}-heading");
    let labelled_by = heading.clone();
    view! {
        <section id=id class="card" aria-labelledby=labelled_by>
            <h2 id=heading>{title}</h2>
            {children()}
        </section>
    }
}

/// Whose profile it is.
#[component]
fn Heading(client: Client) -> impl IntoView {
    let initials = client.initials();
    let company = client.company.map(|company| format!(" · {company}"));
    view! {
        <div class="who">
            <span class="avatar large" aria-hidden="true">
                {initials}
            </span>
            <div>
                <h1>"Profile"</h1>
                <p class="quiet">{client.name} {company}</p>
            </div>
        </div>
    }
}

#[component]
fn Saved(done: Option<Done>) -> impl IntoView {
    done.map(|done| {
        view! {
            <p class="saved" role="status">
                {done.sentence()}
            </p>
        }
    })
}
