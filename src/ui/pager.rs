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
