//! The audit trail of the client's account.

use leptos::prelude::*;

use crate::{
    model::{
        activity::{Activity, Event, Who},
        field,
        timestamp::Timestamp,
    },
    ui::{
        components::time::{Day, Moment},
        frame::Frame,
        layout::Page,
        pager::Pager,
    },
};

const LEAD: &str = "Don't recognize something? Change your password and revoke the affected token.";

/// The last event of each kind.
#[component]
pub fn RecentActivity(activity: Vec<Activity>, now: Timestamp) -> AnyView {
    view! {
        <p class="lead">{LEAD}</p>
        <Lines lines=activity now />
        <p class="more">
            "These are the last of each kind. "
            <a href="/activity">"All activity"</a>
        </p>
    }
    .into_any()
}

/// The last events of any kind.
#[component]
pub fn LatestActivity(activity: Vec<Activity>, now: Timestamp) -> AnyView {
    view! { <Lines lines=activity now /> }.into_any()
}

/// The whole audit trail or the events of one kind, page by page.
#[component]
pub fn ActivityPage(
    /// The installation and the visitor.
    frame: Frame,
    /// Newest first.
    lines: Vec<Activity>,
    /// The only kind of event shown, if one was chosen.
    event: Option<Event>,
    /// Whether the newest line is among them.
    is_first: bool,
    /// Whether there are older lines.
    has_more: bool,
    /// When the page was rendered.
    now: Timestamp,
) -> AnyView {
    let url = |before: Option<i64>| {
        let before = before.map(|id| format!("{}={id}", field::BEFORE));
        let event = event.map(|event| format!("{}={}", field::EVENT, event.as_str()));
        let query: Vec<_> = before.into_iter().chain(event).collect();
        format!("/activity?{}", query.join("&"))
    };
    let last = lines.last().filter(|_| has_more);
    let older = last.map(|line| url(Some(line.id)));
    let newest = (!is_first).then(|| url(None));
    let is_empty = lines.is_empty();
    view! {
        <Page frame title="Activity" here="/activity">
            <h1>"Activity"</h1>
            <div class="card">
                <p class="quiet">{LEAD}</p>
                <Filter event />
                {is_empty.then(|| view! { <p class="quiet">"No activity of this kind."</p> })}
                <Lines lines now />
                <Pager newest older />
            </div>
        </Page>
    }
    .into_any()
}

#[component]
fn Filter(event: Option<Event>) -> AnyView {
    let options = Event::ALL.into_iter().map(|one| {
        view! {
            <option value=one.as_str() selected=event == Some(one)>
                {one.sentence()}
            </option>
        }
    });
    view! {
        <form method="get" action="/activity" class="filter">
            <label for=field::EVENT>"Kind"</label>
            <div class="create-row">
                <select id=field::EVENT name=field::EVENT>
                    <option value="">"All activity"</option>
                    {options.collect_view()}
                </select>
                <button type="submit" class="button">
                    "Show"
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// What happened, when, and from where.
#[component]
fn Lines(lines: Vec<Activity>, now: Timestamp) -> AnyView {
    let rows = lines.into_iter().map(|line| {
        let from = match (line.who, line.address) {
            (Who::Operator, _) => "Your provider".to_owned(),
            // It happened by itself.
            _ if line.event == Event::TokenExpired => String::new(),
            (_, Some(address)) => format!("{}, {address}", line.device()),
            (_, None) => line.device(),
        };
        let is_warning = matches!(
            line.event,
            Event::LoginFailed | Event::PasswordRefused | Event::TokenRefused
        );
        view! {
            <li class:warning=is_warning>
                <p>
                    <strong>{line.event.sentence()}</strong>
                    {line
                        .token
                        .map(|token| {
                            let hint = token.hint();
                            let expiry = token.expires_at.filter(|_| line.event == Event::TokenCreated);
                            let is_said = line.event == Event::TokenCreated && token.scopes.is_limited();
                            view! {
                                " “"
                                <bdi>{token.name}</bdi>
                                "” "
                                <code>{hint}</code>
                                {expiry.map(|moment| view! { " · Expires " <Day moment /> })}
                                {is_said.then(|| format!(" · Can read: {}", token.scopes.title()))}
                            }
                        })}
                </p>
                <p class="quiet">{from}</p>
                <p class="quiet when">
                    <Moment moment=line.at now />
                </p>
            </li>
        }
    });
    view! { <ol class="activity">{rows.collect_view()}</ol> }.into_any()
}
