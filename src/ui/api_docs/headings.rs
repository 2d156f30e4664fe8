//! The sections of the documentation, and headings that can be linked to.

use leptos::prelude::*;

/// Id and title of each section.
pub const SECTIONS: [(&str, &str); 8] = [
    ("start", "In one minute"),
    ("generating", "Generating a token"),
    ("using", "Using a token"),
    ("lists", "Reading lists"),
    ("invalid", "Invalid tokens"),
    ("revoking", "Revoking a token"),
    ("best-practices", "Best practices"),
    ("reference", "Reference"),
];

/// The heading of a section.
#[component]
pub fn Heading(id: &'static str) -> AnyView {
    let title = SECTIONS
        .iter()
        .find(|(known, _)| *known == id)
        .map_or("", |(_, title)| *title);
    view! {
        <h2 id=id>
            <a class="self-link" href=format!("#{id}")>
                {title}
            </a>
        </h2>
    }
    .into_any()
}

/// A heading within a section.
#[component]
pub fn Subheading(#[prop(into)] id: String, children: Children) -> AnyView {
    view! {
        <h3 id=id.clone()>
            <a class="self-link" href=format!("#{id}")>
                {children()}
            </a>
        </h3>
    }
    .into_any()
}
