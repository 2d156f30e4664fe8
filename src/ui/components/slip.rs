//! The picture for empty lists.

use leptos::prelude::*;

/// An empty receipt.
#[component]
pub fn Slip() -> impl IntoView {
    view! {
        <svg class="slip-picture" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
            <path class="slip-slot" d="M6 11h36" />
            <path d="M12 11h24v28l-4-3.5-4 3.5-4-3.5-4 3.5-4-3.5-4 3.5z" />
            <path d="M18 19h12M18 25h7" />
        </svg>
    }
}
