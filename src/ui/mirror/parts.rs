//! Amounts, days, statuses and references, on whichever page they are.

use leptos::prelude::*;

use super::words;
use crate::{
    model::{date::Date, mirror::Kind, money::Currency, timestamp::Timestamp},
    ui::components::notice::NotAvailable,
};

/// A status, told by its word and its color.
#[component]
pub fn Badge(status: &'static str) -> AnyView {
    let class = format!("badge {}", words::tone(status));
    view! { <span class=class>{words::title(status)}</span> }.into_any()
}

/// An amount, aligned with others by its digits.
#[component]
pub fn Amount(amount: i64, currency: Currency) -> AnyView {
    view! { <span class="amount">{currency.format(amount)}</span> }.into_any()
}

/// A day.
#[component]
pub fn Day(date: Date) -> AnyView {
    view! { <time datetime=date.to_string()>{date.words()}</time> }.into_any()
}

/// A day and how far it is from today.
#[component]
pub fn DayFrom(date: Date, today: Date) -> AnyView {
    let days = words::days(date.days_since(today));
    view! {
        <Day date />
        <span class="comma">", "</span>
        <span class="ago">{days}</span>
    }
    .into_any()
}

/// A day, if it is known.
pub fn maybe_day(date: Option<Date>) -> AnyView {
    match date {
        Some(date) => view! { <Day date /> }.into_any(),
        None => view! { <NotAvailable /> }.into_any(),
    }
}

/// The day of a time, in UTC.
pub fn day_of(time: Timestamp) -> AnyView {
    view! { <time datetime=time.rfc3339()>{time.date()}</time> }.into_any()
}

/// A link to a thing.
pub fn link(kind: Kind, id: i64, text: impl Into<String>) -> AnyView {
    let text: String = text.into();
    let href = path(kind, id);
    view! {
        <a href=href>
            <bdi>{text}</bdi>
        </a>
    }
    .into_any()
}

/// The path of a thing's page.
pub fn path(kind: Kind, id: i64) -> String {
    format!("/{}/{id}", kind.plural())
}

/// A text of somebody else, set apart from the direction of the text around it.
pub fn text(text: impl Into<String>) -> AnyView {
    let text: String = text.into();
    view! { <bdi>{text}</bdi> }.into_any()
}

/// `Yes` or `No`.
pub const fn yes_or_no(is: bool) -> &'static str {
    if is { "Yes" } else { "No" }
}

/// A term and its description, if there is one.
pub type Fact = (&'static str, Option<AnyView>);

/// What is known of a thing.
#[component]
pub fn Facts(facts: Vec<Fact>) -> AnyView {
    let facts = facts.into_iter().filter_map(|(term, description)| {
        let description = description?;
        Some(view! {
            <div>
                <dt>{term}</dt>
                <dd>{description}</dd>
            </div>
        })
    });
    view! { <dl class="details">{facts.collect_view()}</dl> }.into_any()
}

/// The way back from a thing to the list of its kind.
#[component]
pub fn Back(kind: Kind) -> AnyView {
    view! {
        <p class="back">
            <a href=format!("/{}", kind.plural())>{words::title(kind.plural())}</a>
        </p>
    }
    .into_any()
}

/// A link away from the portal, for URLs that begin with `https:` or `http:` alone.
pub fn away(url: Option<String>, text: &'static str, class: &'static str) -> Option<AnyView> {
    let url = url.filter(|url| url.starts_with("https://") || url.starts_with("http://"))?;
    let link = view! {
        <a class=class href=url rel="noopener noreferrer">
            {text}
        </a>
    };
    Some(link.into_any())
}
