//! Text that changes while it is on the page.

use leptos::{html, prelude::*, text_prop::TextProp};

/// Text that may change, in an element of its own.
///
/// Use it for all text that changes. Translating browsers and some extensions replace text nodes with elements of
/// their own. Leptos would then update a text node that has left the page, and the page would keep its old text: the
/// name of another token, above the button that revokes this one. This component replaces everything in its element.
#[component]
pub fn Live(
    /// The text.
    #[prop(into)]
    text: TextProp,
) -> impl IntoView {
    let element = NodeRef::<html::Span>::new();
    let first = untrack(|| text.get());
    let rendered = first.clone();
    Effect::new(move |before: Option<_>| {
        let now = text.get();
        if now != before.unwrap_or_else(|| rendered.clone())
            && let Some(element) = element.get_untracked()
        {
            element.set_text_content(Some(&now));
        }
        now
    });
    view! { <span node_ref=element>{first}</span> }
}
