//! Messages that stay in the page.

use leptos::prelude::*;

/// Something that went wrong, read out at once and focused when the page opens with it.
#[component]
pub fn Alert(id: &'static str, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <p id=id class="alert" role="alert" tabindex="-1" autofocus>
            {text}
        </p>
    }
}

/// The way back in for someone whose session is over, to the same section of the same page.
#[component]
pub fn LogInAgain(
    /// Whether it is over.
    #[prop(into)]
    is_needed: Signal<bool>,
) -> impl IntoView {
    move || {
        is_needed
            .get()
            .then(|| view! { <a href="/login?next=%2Fprofile%23api-tokens">"Log in"</a> })
    }
}

/// What nobody told us. Never a zero, and never an empty place.
#[component]
pub fn NotAvailable() -> impl IntoView {
    view! {
        <span class="quiet">
            <span aria-hidden="true">"– "</span>
            "Not available"
        </span>
    }
}
