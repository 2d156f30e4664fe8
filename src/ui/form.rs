//! Forms that work without WebAssembly.

use leptos::{attr::custom::custom_attribute, prelude::*};

use crate::model::{client::ClientId, field};

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

/// A form that could not be handled because the database was unavailable.
#[derive(Clone, Debug)]
pub struct Unsent {
    /// The URL that it was posted to.
    pub action: String,
    /// Names and values of its fields.
    pub fields: Vec<(String, String)>,
}

impl Unsent {
    /// Whether there is a password in it, which no page may contain.
    pub fn has_secret(&self) -> bool {
        const SECRET: [&str; 3] = [
            field::PASSWORD,
            field::CURRENT_PASSWORD,
            field::NEW_PASSWORD,
        ];
        let mut fields = self.fields.iter();
        fields.any(|(name, _)| SECRET.contains(&name.as_str()))
    }
}

/// A button that sends the form again, with what was typed.
#[component]
pub fn SendAgain(unsent: Unsent) -> impl IntoView {
    let fields = unsent.fields.into_iter();
    let fields =
        fields.map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    view! {
        <form method="post" action=unsent.action>
            {fields.collect_view()}
            <button type="submit" class="button primary">
                "Try again"
            </button>
        </form>
    }
}
