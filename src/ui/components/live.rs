//! Text that changes while it is on the page.

use leptos::{html, prelude::*, text_prop::TextProp};

/// Text that may change, in an element of its own.
///
/// Whatever changes on a page is said with this. A browser that translates, and some extensions, put elements
/// of their own in the place of text. A text node that is kept and given new text is then no longer on the page,
/// which goes on to say what was so before: the name of another token, above the button that revokes this one.
/// Here all that is in the element is replaced.
#[component]
pub fn Live(
    /// What it says.
    #[prop(into)]
    text: TextProp,
) -> impl IntoView {
    let place = NodeRef::<html::Span>::new();
    let first = untrack(|| text.get());
    let said = first.clone();
    Effect::new(move |before: Option<_>| {
        let now = text.get();
        if now != before.unwrap_or_else(|| said.clone())
            && let Some(place) = place.get_untracked()
        {
            place.set_text_content(Some(&now));
        }
        now
    });
    view! { <span node_ref=place>{first}</span> }
}
