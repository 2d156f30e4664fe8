//! Points in time, for people and programs.
//!
//! The server writes days in UTC. `boot.js` writes those of the reader's zone in their place, today's with the time of day,
//! and renews the words for the time passed.

use leptos::prelude::*;

use super::live::Live;
use crate::model::timestamp::Timestamp;

/// `2 Nov 2026, 3 days ago`, relative to the server's `now`, so that the browser renders the same.
#[component]
pub fn Moment(moment: Timestamp, now: Timestamp) -> impl IntoView {
    view! {
        <time datetime=moment.rfc3339() title=moment.exact()>
            <span class="day">{moment.date()}</span>
            <Clock time=moment.clock() />
            <span class="comma">", "</span>
            <span class="ago">{moment.ago(now)}</span>
        </time>
    }
}

/// The day alone.
#[component]
pub fn Day(moment: Timestamp) -> impl IntoView {
    view! {
        <time datetime=moment.rfc3339() title=moment.exact()>
            <span class="day">{moment.date()}</span>
        </time>
    }
}

/// A [`Moment`] that changes in place; hidden without one.
#[component]
pub fn LiveMoment(
    #[prop(into)] moment: Signal<Option<Timestamp>>,
    #[prop(into)] now: Signal<Timestamp>,
) -> impl IntoView {
    let text = move |of: fn(Timestamp) -> String| move || moment.get().map(of).unwrap_or_default();
    let ago = move || {
        let ago = moment.get().map(|moment| moment.ago(now.get()));
        ago.unwrap_or_default()
    };
    view! {
        <time
            datetime=text(Timestamp::rfc3339)
            title=text(Timestamp::exact)
            hidden=move || moment.get().is_none()
        >
            <span class="day">
                <Live text=text(Timestamp::date) />
            </span>
            <span class="comma">", "</span>
            <span class="ago">
                <Live text=ago />
            </span>
        </time>
    }
}

/// The time of day, where no script writes it in the reader's zone.
#[component]
fn Clock(time: String) -> impl IntoView {
    view! { <span class="without-scripts">" " {time} " UTC"</span> }
}

/// The browser's clock, in milliseconds since the Unix epoch.
#[expect(
    clippy::cast_possible_truncation,
    reason = "it is a whole number, and parsing and printing fractions adds 14 kB to the WebAssembly"
)]
pub fn browser_clock() -> i64 {
    js_sys::Date::now() as i64
}
