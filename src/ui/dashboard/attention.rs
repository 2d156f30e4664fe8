//! What may be wrong or unused.

use leptos::prelude::*;

use crate::model::{
    activity::{Event, MAX_RECENT, RECENT_DAYS},
    number::counted,
    token::UNUSED_DAYS,
    usage::RefusedCalls,
};

/// Each thing that may need attention, with a link to review it.
#[component]
pub fn Attention(
    /// Number of active tokens that are stale.
    stale: usize,
    /// Calls of the last days that were refused.
    refused: RefusedCalls,
    /// Failed logins of the last days.
    failed_logins: usize,
    /// First uses of tokens from other IP addresses, of the last days.
    new_addresses: usize,
) -> AnyView {
    let trail = |event: Event| format!("/activity?event={}", event.as_str());
    let most_refused = refused.most.map_or_else(
        || "/profile#api-tokens".to_owned(),
        |token| format!("/profile/tokens/{token}"),
    );
    let points = [
        (
            usize::try_from(refused.calls).unwrap_or(usize::MAX),
            format!(
                "{} in the last {RECENT_DAYS} days",
                counted(refused.calls, "refused API call")
            ),
            most_refused,
        ),
        (
            stale,
            format!(
                "{} not used for {UNUSED_DAYS} days or more",
                counted(stale as u64, "active token")
            ),
            "/profile#api-tokens".to_owned(),
        ),
        (
            failed_logins,
            recent(failed_logins, "failed login"),
            trail(Event::LoginFailed),
        ),
        (
            new_addresses,
            recent(new_addresses, "new IP address"),
            trail(Event::TokenUsedFromNewAddress),
        ),
    ];
    let points = points.into_iter().filter(|(count, ..)| *count > 0);
    let points: Vec<_> = points
        .map(|(_, text, href)| view! { <Point text href /> })
        .collect();
    let is_fine = points.is_empty();
    view! {
        <section class="card" aria-labelledby="attention-heading" data-live="attention">
            <h2 id="attention-heading">"Needs attention"</h2>
            {is_fine
                .then(|| {
                    view! {
                        <p class="fine">
                            {format!(
                                "Nothing. There are no unused tokens, and in the last {RECENT_DAYS} days there were no refused API calls, no failed logins and no new IP addresses.",
                            )}
                        </p>
                    }
                })}
            {(!is_fine).then(|| view! { <ul class="attention">{points}</ul> })}
        </section>
    }
    .into_any()
}

#[component]
fn Point(text: String, href: String) -> AnyView {
    let label = format!("Review: {text}");
    view! {
        <li>
            <span>{text}</span>
            <a href=href aria-label=label>
                "Review"
            </a>
        </li>
    }
    .into_any()
}

/// `2 failed logins in the last 7 days`
fn recent(count: usize, what: &str) -> String {
    let or_more = if count >= MAX_RECENT as usize {
        " or more"
    } else {
        ""
    };
    let counted = counted(count as u64, what);
    format!("{counted}{or_more} in the last {RECENT_DAYS} days")
}
