//! Moments, for people and machines.

use leptos::prelude::*;

use crate::model::timestamp::Timestamp;

/// `2 Nov 2026, 3 days ago`. Both come from the server's `now`, so that the browser says the same.
#[component]
pub fn Moment(moment: Timestamp, now: Timestamp) -> impl IntoView {
    view! {
        <time datetime=moment.rfc3339()>
            {moment.date()} <span class="comma">", "</span>
            <span class="ago">{moment.ago(now)}</span>
        </time>
    }
}
