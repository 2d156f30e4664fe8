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
