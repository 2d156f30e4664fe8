//! Messages in the page.

use leptos::prelude::*;

/// An error of a whole form, read out at once and focused when the page opens with it.
#[component]
pub fn Alert(id: &'static str, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <p id=id class="alert" role="alert" tabindex="-1" autofocus>
            {text}
        </p>
    }
}

/// A link to log in again that returns to the API tokens of the Profile page.
#[component]
pub fn LogInAgain(
    /// Whether the session has ended.
    #[prop(into)]
    is_needed: Signal<bool>,
) -> impl IntoView {
    move || {
        is_needed
            .get()
            .then(|| view! { <a href="/login?next=%2Fprofile%23api-tokens">"Log in"</a> })
    }
}

/// Stands for an unknown value, which is never shown as zero or left empty.
#[component]
pub fn NotAvailable() -> impl IntoView {
    view! {
        <span class="quiet">
            <span aria-hidden="true">"– "</span>
            "Not available"
        </span>
    }
}

/// Stands for an optional value that was never entered.
#[component]
pub fn NotProvided() -> impl IntoView {
    view! { <span class="quiet">"Not provided"</span> }
}
