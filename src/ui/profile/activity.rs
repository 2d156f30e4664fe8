//! What happened of late in the client's account.

use leptos::prelude::*;

use crate::{
    domain::{
        activity::{Activity, Event, Who},
        timestamp::Timestamp,
    },
    ui::components::time::Moment,
};

/// The audit trail as its owner reads it: what, when, from where.
#[component]
pub fn RecentActivity(activity: Vec<Activity>, now: Timestamp) -> impl IntoView {
    let rows = activity.into_iter().map(|line| {
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
    view! {
        <p class="lead">"Something here that was not you? Change your password and revoke the token."</p>
        <ol class="activity">{rows.collect_view()}</ol>
    }
}
