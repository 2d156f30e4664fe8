//! What happened in the client's account.

use leptos::prelude::*;

use crate::{
    model::{
        activity::{Activity, Event, Who},
        timestamp::Timestamp,
    },
    ui::{components::time::Moment, layout::Page},
};

/// A part of the trail.
#[derive(Clone, Debug)]
pub struct Trail {
    /// Its lines, newest first.
    pub lines: Vec<Activity>,
    /// What it is of alone.
    pub event: Option<Event>,
    /// Whether it begins with the newest.
    pub is_first: bool,
    /// Whether there are older ones.
    pub has_more: bool,
    /// When the page was made.
    pub now: Timestamp,
}

const LEAD: &str = "Something here that was not you? Change your password and revoke the token.";

/// The last of each kind of what happened.
#[component]
pub fn RecentActivity(activity: Vec<Activity>, now: Timestamp) -> impl IntoView {
    view! {
        <p class="lead">{LEAD}</p>
        <Lines lines=activity now />
        <p class="more">
            "These are the last of each kind. "
            <a href="/activity">"All activity"</a>
        </p>
    }
}

/// The whole trail, page by page, or what is of one kind in it.
#[component]
pub fn ActivityPage() -> impl IntoView {
    let Trail {
        lines,
        event,
        is_first,
        has_more,
        now,
    } = expect_context::<Trail>();
    let address = |before: Option<i64>| {
        let before = before.map(|id| format!("before={id}"));
        let event = event.map(|event| format!("event={}", event.as_str()));
        let query: Vec<_> = before.into_iter().chain(event).collect();
        format!("/activity?{}", query.join("&"))
    };
    let older = lines.last().filter(|_| has_more);
    let older = older.map(|line| address(Some(line.id)));
    let newest = (!is_first).then(|| address(None));
    let has_pages = older.is_some() || newest.is_some();
    let is_empty = lines.is_empty();
    view! {
        <Page title="Activity" here="/profile">
            <p class="back">
                <a href="/profile#activity">"Profile"</a>
            </p>
            <h1>"Activity"</h1>
            <div class="card">
                <p class="quiet">{LEAD}</p>
                <Filter event />
                {is_empty.then(|| view! { <p class="quiet">"Nothing of this kind happened."</p> })}
                <Lines lines now />
                {has_pages
                    .then(|| {
                        view! {
                            <nav class="pages" aria-label="Pages">
                                {newest.map(|href| view! { <a href=href>"Newest"</a> })}
                                {older.map(|href| view! { <a href=href>"Older"</a> })}
                            </nav>
                        }
                    })}
            </div>
        </Page>
    }
}

#[component]
fn Filter(event: Option<Event>) -> impl IntoView {
    let options = Event::ALL.into_iter().map(|one| {
        view! {
            <option value=one.as_str() selected=event == Some(one)>
                {one.sentence()}
            </option>
        }
    });
    view! {
        <form method="get" action="/activity" class="filter">
            <label for="event">"Kind"</label>
            <div class="create-row">
                <select id="event" name="event">
                    <option value="">"Everything"</option>
                    {options.collect_view()}
                </select>
                <button type="submit" class="button">
                    "Show"
                </button>
            </div>
        </form>
    }
}

/// The audit trail as its owner reads it: what, when, from where.
#[component]
fn Lines(lines: Vec<Activity>, now: Timestamp) -> impl IntoView {
    let rows = lines.into_iter().map(|line| {
        let from = match (line.who, line.address) {
            (Who::Operator, _) => "By your provider".to_owned(),
            (_, Some(address)) => format!("{}, {address}", line.device()),
            (_, None) => line.device(),
        };
        let is_warning = line.event == Event::LoginFailed;
        view! {
            <li class:warning=is_warning>
                <p>
                    <strong>{line.event.sentence()}</strong>
                    {line
                        .token
                        .map(|token| {
                            let hint = token.hint();
                            view! {
                                " “"
                                <bdi>{token.name}</bdi>
                                "” "
                                <code>{hint}</code>
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
    view! { <ol class="activity">{rows.collect_view()}</ol> }
}
