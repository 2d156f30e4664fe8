//! Forms that work without WebAssembly.

use leptos::{attr::custom::custom_attribute, prelude::*};

use crate::model::client::ClientId;

/// A form that is posted to `action` and names the client whose page it is on: another client may
/// have logged in since, in another tab.
#[component]
pub fn PostForm(
    /// The client whose page it is on.
    client: ClientId,
    /// The URL.
    #[prop(into)]
    action: String,
    /// Classes of the form.
    #[prop(optional)]
    class: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    // `class=class` would render an empty attribute for `None`.
    view! {
        <form method="post" action={action} {..custom_attribute("class", class)}>
            <input type="hidden" name=ClientId::FIELD value=client.0 />
            {children()}
        </form>
    }
}
