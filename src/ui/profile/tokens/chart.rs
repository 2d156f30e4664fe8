//! A chart of the calls of a token, with the same in words and in a table.

use leptos::prelude::*;

use crate::model::{
    number::{grouped, plural},
    timestamp::{DAY, Timestamp},
    usage::{DailyCalls, SHOWN_DAYS},
};

/// Width of a bar with the gap beside it, in units of the SVG.
const STEP: usize = 10;
const BAR: usize = 7;
const HEIGHT: u64 = 64;
/// Height of the bar of a day without calls.
const NONE: u64 = 1;
/// Least height of the bar of a day with calls.
const LOWEST: u64 = 3;

/// A bar for each day.
#[component]
pub fn Chart(calls: DailyCalls, now: Timestamp) -> AnyView {
    let most = calls.into_iter().max().unwrap_or(0);
    let width = SHOWN_DAYS * STEP;
    let bars = calls.into_iter().enumerate().map(|(at, calls)| {
        let height = height(calls, most);
        let class = if calls == 0 { "bar none" } else { "bar" };
        view! {
            <rect
                class=class
                x=at * STEP
                y=HEIGHT - height
                width=BAR
                height=height
                rx="1.5"
            />
        }
    });
    view! {
        <figure class="chart">
            <figcaption id="calls-text">{sentence(calls, now)}</figcaption>
            <svg
                viewBox=format!("0 0 {width} {HEIGHT}")
                preserveAspectRatio="none"
                role="img"
                aria-labelledby="calls-text"
            >
                {bars.collect_view()}
            </svg>
            <p class="chart-ends quiet" aria-hidden="true">
                <span>{day(0, now).date()}</span>
                <span>"Today"</span>
            </p>
        </figure>
        {(most > 0).then(|| view! { <Numbers calls now /> })}
    }
    .into_any()
}

/// A table of the days with calls, latest first.
#[component]
fn Numbers(calls: DailyCalls, now: Timestamp) -> AnyView {
    let days = calls.into_iter().enumerate().rev();
    let rows = days.filter(|(_, calls)| *calls > 0).map(|(at, calls)| {
        view! {
            <tr>
                <th scope="row">{day(at, now).date()}</th>
                <td>{grouped(calls)}</td>
            </tr>
        }
    });
    view! {
        <details>
            <summary>"The same in numbers"</summary>
            <table class="numbers">
                <thead>
                    <tr>
                        <th scope="col">"Day (UTC)"</th>
                        <th scope="col">"Calls"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </details>
    }
    .into_any()
}

/// A time on the day with the index `at`. The last is today.
fn day(at: usize, now: Timestamp) -> Timestamp {
    let ago = i64::try_from(SHOWN_DAYS - 1 - at).unwrap_or(0);
    now.minus(ago * DAY)
}

fn height(calls: u64, most: u64) -> u64 {
    if calls == 0 {
        return NONE;
    }
    (HEIGHT * calls / most.max(1)).max(LOWEST)
}

/// The chart in words.
fn sentence(calls: DailyCalls, now: Timestamp) -> String {
    let busiest = calls.into_iter().enumerate();
    let busiest = busiest.max_by_key(|(_, calls)| *calls);
    let Some((at, most)) = busiest.filter(|(_, calls)| *calls > 0) else {
        return format!("No calls in the last {SHOWN_DAYS} days.");
    };
    let total = calls.iter().sum();
    format!(
        "{} call{} in the last {SHOWN_DAYS} days, most on {}: {}.",
        grouped(total),
        plural(total),
        day(at, now).date(),
        grouped(most)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(days: &[(usize, u64)]) -> String {
        let mut calls = [0; SHOWN_DAYS];
        for (at, of_day) in days {
            calls[*at] = *of_day;
        }
        // 30 Jan 2026, so that the first day is the first of the month.
        sentence(calls, Timestamp::from_unix(1_769_774_400))
    }

    #[test]
    fn the_picture_is_told_in_a_sentence() {
        assert_eq!(told(&[]), "No calls in the last 30 days.");
        assert_eq!(
            told(&[(29, 1)]),
            "1 call in the last 30 days, most on 30 Jan 2026: 1."
        );
        assert_eq!(
            told(&[(0, 1_200), (3, 34)]),
            "1,234 calls in the last 30 days, most on 1 Jan 2026: 1,200."
        );
    }

    #[test]
    fn a_day_with_few_calls_is_never_drawn_as_one_without() {
        assert_eq!(height(0, 1_000_000), NONE);
        assert_eq!(height(1, 1_000_000), LOWEST);
        assert_eq!(height(1_000_000, 1_000_000), HEIGHT);
        assert_eq!(height(0, 0), NONE);
    }
}
