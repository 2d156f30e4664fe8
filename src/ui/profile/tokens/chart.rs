//! A chart of the calls of a token, with the same in words and in a table.

use leptos::prelude::*;

use crate::model::{
    number::{grouped, plural},
    timestamp::{DAY, Timestamp},
    usage::{DailyCalls, SHOWN_DAYS},
};

/// Width of a day's column, in units of the SVG.
const STEP: usize = 10;
const BAR: usize = 7;
const HEIGHT: u64 = 100;
/// Height of the bar of a day without calls.
const NONE: u64 = 1;
/// Least height of the bar of a day with calls.
const LOWEST: u64 = 3;
/// The lowest number at the top, so that a few calls do not look like many.
const LEAST_TOP: u64 = 10;

/// A bar for each day, if there are calls.
#[component]
pub fn Chart(calls: DailyCalls, now: Timestamp) -> AnyView {
    let most = calls.into_iter().max().unwrap_or(0);
    view! {
        <figure class="chart">
            <figcaption id="calls-text">{sentence(calls, now)}</figcaption>
            {(most > 0).then(|| view! { <Bars calls most now /> })}
        </figure>
        {(most > 0).then(|| view! { <Numbers calls now /> })}
    }
    .into_any()
}

/// The bars, below the number that one of the whole height stands for.
#[component]
fn Bars(calls: DailyCalls, most: u64, now: Timestamp) -> impl IntoView {
    let top = top(most);
    let width = SHOWN_DAYS * STEP;
    let bars = calls.into_iter().enumerate().map(|(at, calls)| {
        let height = height(calls, top);
        let class = if calls == 0 { "bar none" } else { "bar" };
        let title = format!("{}: {}", day(at, now).date(), counted_calls(calls));
        view! {
            <g>
                <title>{title}</title>
                // All of the day's column shows its title.
                <rect class="column" x=at * STEP y="0" width=STEP height=HEIGHT />
                <rect class=class x=at * STEP y=HEIGHT - height width=BAR height=height />
            </g>
        }
    });
    view! {
            <p class="chart-top quiet" aria-hidden="true">
                {grouped(top)}
            </p>
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
                <span>"Today (UTC)"</span>
            </p>
    }
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
            <summary>"View as table"</summary>
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

/// The number that the whole height stands for: `most`, rounded up to one, two or five times a power of ten.
fn top(most: u64) -> u64 {
    let mut power = LEAST_TOP;
    loop {
        for factor in [1, 2, 5] {
            let top = power.saturating_mul(factor);
            if top >= most {
                return top;
            }
        }
        power = power.saturating_mul(10);
    }
}

fn height(calls: u64, top: u64) -> u64 {
    if calls == 0 {
        return NONE;
    }
    let part = u128::from(HEIGHT) * u128::from(calls) / u128::from(top.max(1));
    u64::try_from(part).unwrap_or(HEIGHT).max(LOWEST)
}

/// `12,345 calls`
fn counted_calls(calls: u64) -> String {
    format!("{} call{}", grouped(calls), plural(calls))
}

/// The chart in words.
fn sentence(calls: DailyCalls, now: Timestamp) -> String {
    let busiest = calls.into_iter().enumerate();
    let busiest = busiest.max_by_key(|(_, calls)| *calls);
    let Some((at, most)) = busiest.filter(|(_, calls)| *calls > 0) else {
        return format!("No calls in the last {SHOWN_DAYS} days");
    };
    let total = calls.iter().sum();
    let counted = counted_calls(total);
    if total == most {
        return format!(
            "{counted} in the last {SHOWN_DAYS} days, on {}",
            day(at, now).date()
        );
    }
    format!(
        "{counted} in the last {SHOWN_DAYS} days · Busiest day: {} ({})",
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
        assert_eq!(told(&[]), "No calls in the last 30 days");
        assert_eq!(
            told(&[(29, 1)]),
            "1 call in the last 30 days, on 30 Jan 2026"
        );
        assert_eq!(
            told(&[(0, 1_200), (3, 34)]),
            "1,234 calls in the last 30 days · Busiest day: 1 Jan 2026 (1,200)"
        );
    }

    #[test]
    fn the_top_is_a_round_number_above_every_bar() {
        for (most, round) in [
            (0, 10),
            (1, 10),
            (10, 10),
            (11, 20),
            (424, 500),
            (501, 1_000),
            (u64::MAX, u64::MAX),
        ] {
            assert_eq!(top(most), round);
        }
    }

    #[test]
    fn a_day_with_few_calls_is_never_drawn_as_one_without() {
        assert_eq!(height(0, 1_000_000), NONE);
        assert_eq!(height(1, 1_000_000), LOWEST);
        assert_eq!(height(1_000_000, 1_000_000), HEIGHT);
        assert_eq!(height(0, 0), NONE);
    }
}
