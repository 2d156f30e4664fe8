//! Links between the pages of a long list.

use leptos::prelude::*;

/// Links to the first page and to the next one, where there are such; nothing if there are neither.
#[component]
pub fn Pager(
    /// URL of the first page, if this is another one.
    newest: Option<String>,
    /// URL of the next page.
    older: Option<String>,
) -> impl IntoView {
    (newest.is_some() || older.is_some()).then(|| {
        view! {
            <nav class="pages" aria-label="Pages">
                {newest.map(|href| view! { <a href=href>"Newest"</a> })}
                {older.map(|href| view! { <a href=href>"Older"</a> })}
            </nav>
        }
    })
}

/// Links to the pages before and after one; nothing if it is the only one.
#[component]
pub fn NumberedPager(
    /// URL of the page before, if there is one.
    previous: Option<String>,
    /// URL of the page after, if there is one.
    next: Option<String>,
    /// The number of the page, from 1.
    page: u32,
    /// The number of the last page.
    last: u32,
) -> AnyView {
    (last > 1)
        .then(|| {
            view! {
                <nav class="pages" aria-label="Pages">
                    {previous.map(|href| view! { <a href=href rel="prev">"Previous"</a> })}
                    <span class="quiet">{format!("Page {page} of {last}")}</span>
                    {next.map(|href| view! { <a href=href rel="next">"Next"</a> })}
                </nav>
            }
        })
        .into_any()
}
