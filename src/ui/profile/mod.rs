//! The Profile page and its sections.

pub mod activity;
pub mod details;
mod done;
mod password;
mod section;
mod sessions;
pub mod tokens;

use leptos::prelude::*;

pub use self::done::Done;
use self::{
    activity::RecentActivity,
    details::{Details, DetailsForm},
    done::Saved,
    password::PasswordForm,
    section::Section,
    sessions::Sessions,
    tokens::{Panel, TokenForm, limits::Limits, revoked::RecentlyRevoked},
};
use super::{frame::Frame, layout::Page};
use crate::model::{
    activity::Activity,
    client::{Client, ClientStatus},
    error::AppError,
    session::{SessionId, SessionSummary},
    timestamp::Timestamp,
    token::{RevokedToken, TokenSummary},
};

/// The data of the Profile page.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The client.
    pub client: Client,
    /// The form for the contact data.
    pub details_form: DetailsForm,
    /// The last event of each kind, newest first.
    pub activity: Vec<Activity>,
    /// The sessions, the last seen first.
    pub sessions: Vec<SessionSummary>,
    /// Number of sessions that are not shown.
    pub more_sessions: usize,
    /// The session of this request.
    pub this_session: SessionId,
    /// The active tokens, newest first.
    pub tokens: Vec<TokenSummary>,
    /// Number of active tokens that are not shown.
    pub more_tokens: usize,
    /// Recently revoked tokens, the last one first.
    pub revoked: Vec<RevokedToken>,
    /// Number of revoked tokens that are not shown.
    pub more_revoked: usize,
    /// Number of active tokens that the client may have.
    pub token_limit: u32,
    /// The form for a new token.
    pub token_form: TokenForm,
    /// The IP address that requests seem to come from, if that is a proxy that the server does not know.
    pub proxy: Option<String>,
    /// Why the password was not changed.
    pub password_error: Option<AppError>,
    /// The change that led to this page.
    pub done: Option<Done>,
    /// When the page was rendered.
    pub now: Timestamp,
}

/// All that a client sees and changes of its own account.
#[component]
pub fn ProfilePage(
    /// The installation and the visitor.
    frame: Frame,
    /// The data.
    profile: Profile,
) -> AnyView {
    let base_url = frame.site.base_url.clone();
    let client = profile.client.id;
    let can_change = profile.client.status == ClientStatus::Active;
    let email = profile.client.email.to_string();
    let asked = profile.token_form.asked.clone();
    let error = profile.token_form.error.clone();
    let (done, now) = (profile.done, profile.now);
    let saved_in = move |section| done.filter(|done| done.section() == Some(section));
    view! {
        <Page frame title="Profile" here="/profile">
            <Heading client=profile.client.clone() />
            <div class="with-contents">
                <Contents />
                <div class="sections">
                    <Card section=Section::ApiTokens>
                        <p class="lead">
                            "Tokens let your integrations read your account data. A token works until you revoke it or it expires. "
                            <a href="/docs/api">"How to use tokens"</a>
                        </p>
                        <Saved done=saved_in(Section::ApiTokens) />
                        <Panel
                            client
                            tokens=profile.tokens
                            more=profile.more_tokens
                            limit=profile.token_limit
                            can_create=can_change
                            form=profile.token_form
                            base_url
                            now
                        >
                            {can_change.then(|| view! { <Limits asked error proxy=profile.proxy now /> })}
                        </Panel>
                        <RecentlyRevoked revoked=profile.revoked more=profile.more_revoked now />
                    </Card>
                    <Card section=Section::Details>
                        <Saved done=saved_in(Section::Details) />
                        <Details client=profile.client form=profile.details_form can_change />
                    </Card>
                    <Card section=Section::Password>
                        <Saved done=saved_in(Section::Password) />
                        <PasswordForm client email error=profile.password_error />
                    </Card>
                    <Card section=Section::Sessions>
                        <Saved done=saved_in(Section::Sessions) />
                        <div class="stack" data-live="sessions">
                        <Sessions
                            client
                            sessions=profile.sessions
                            more=profile.more_sessions
                            this_session=profile.this_session
                            now
                        />
                        </div>
                    </Card>
                    <Card section=Section::Activity>
                        <div class="stack" data-live="activity">
                            <RecentActivity activity=profile.activity now />
                        </div>
                    </Card>
                </div>
            </div>
        </Page>
    }
    .into_any()
}

/// Links to the sections.
#[component]
fn Contents() -> AnyView {
    view! {
        <nav class="contents" aria-label="On this page">
            <ul>
                {Section::ALL
                    .map(|section| {
                        view! {
                            <li>
                                <a href=format!("#{}", section.id())>{section.title()}</a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </nav>
    }
    .into_any()
}

/// A section of the page.
#[component]
fn Card(section: Section, children: Children) -> AnyView {
    let id = section.id();
    let heading = format!("{id}-heading");
    let labelled_by = heading.clone();
    view! {
        <section id=id class="card" aria-labelledby=labelled_by>
            <h2 id=heading>{section.title()}</h2>
            {children()}
        </section>
    }
    .into_any()
}

/// The client's name and avatar.
#[component]
fn Heading(client: Client) -> AnyView {
    let initials = client.contact.initials();
    let company = client
        .contact
        .company
        .map(|company| format!(" · {company}"));
    view! {
        <div class="who">
            <span class="avatar large" aria-hidden="true">
                {initials}
            </span>
            <div>
                <h1>"Profile"</h1>
                <p class="quiet">{client.contact.name} {company}</p>
            </div>
        </div>
    }
    .into_any()
}
