//! Points in time, for people and programs.

use leptos::prelude::*;

use crate::model::timestamp::Timestamp;

/// `2 Nov 2026, 3 days ago`, relative to the server's `now`, so that the browser renders the same.
#[component]
pub fn Moment(moment: Timestamp, now: Timestamp) -> impl IntoView {
    view! {
        <time datetime=moment.rfc3339()>
            {moment.date()} <span class="comma">", "</span>
            <span class="ago">{moment.ago(now)}</span>
        </time>
    }
}

/// The same as a [`Moment`], in plain text.
pub fn moment_text(moment: Timestamp, now: Timestamp) -> String {
    format!("{}, {}", moment.date(), moment.ago(now))
}

/// The browser's clock, in milliseconds since the Unix epoch.
#[expect(
    clippy::cast_possible_truncation,
    reason = "it is a whole number, and parsing and printing fractions adds 14 kB to the WebAssembly"
)]
pub fn browser_clock() -> i64 {
    js_sys::Date::now() as i64
}
