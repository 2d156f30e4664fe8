//! Code to read and to copy.

use leptos::{html, prelude::*, task::spawn_local};

use super::{
    clipboard::{COPY_BY_HAND, copy, select},
    live::Live,
    size::on_resize,
};

/// A [`Code`] on a page that is not an island itself.
#[island]
pub fn CodeBlock(
    /// What it is, in words: `curl command`.
    #[prop(into)]
    label: String,
    /// The `<code>`.
    children: Children,
) -> impl IntoView {
    view! { <Code label>{children()}</Code> }
}

/// A block of code with its own button to copy it. Its children are typed for the same reason as those of
/// [`Tabs`](super::tabs::Tabs).
#[component]
pub fn Code<C>(
    /// What it is, in words: `curl command`.
    #[prop(into)]
    label: String,
    /// Called once the code is on the clipboard.
    #[prop(optional, into)]
    on_copied: Option<Callback<()>>,
    /// The `<code>`.
    children: TypedChildren<C>,
) -> impl IntoView
where
    C: IntoView + 'static,
{
    let block = NodeRef::<html::Pre>::new();
    let said = RwSignal::new("");
    let is_hydrated = RwSignal::new(false);
    // Before anybody could measure, it may be wider than its place.
    let scrolls = RwSignal::new(true);
    let measure = move || {
        if let Some(block) = block.get_untracked() {
            scrolls.set(block.scroll_width() > block.client_width());
        }
    };
    Effect::new(move |_| {
        is_hydrated.set(true);
        // In a closed dialog or behind another tab it has no width until it shows.
        if let Some(block) = block.get_untracked() {
            on_resize(&block, measure);
        }
    });
    let on_copy = move |_| {
        let Some(block) = block.get_untracked() else {
            return;
        };
        spawn_local(async move {
            let code = block.text_content().unwrap_or_default();
            if copy(&code).await {
                said.set("Copied");
                if let Some(on_copied) = on_copied {
                    on_copied.run(());
                }
            } else {
                select(&block);
                said.set(COPY_BY_HAND);
            }
        });
    };
    let region = label.clone();
    view! {
        <figure class="code-block" aria-label=label.clone()>
            <div class="code-bar">
                <span class="code-label">{label.clone()}</span>
                <span class="code-said" role="status">
                    <Live text=move || said.get() />
                </span>
                <button
                    type="button"
                    class="button small quiet"
                    // Its place is kept, so that nothing moves when it appears.
                    class:waiting=move || !is_hydrated.get()
                    aria-label=format!("Copy {label}")
                    on:click=on_copy
                >
                    "Copy"
                </button>
            </div>
            // Only what scrolls has to be reached by the keyboard.
            <pre
                node_ref=block
                tabindex=move || scrolls.get().then_some("0")
                role=move || scrolls.get().then_some("region")
                aria-label=move || scrolls.get().then(|| region.clone())
            >
                {children.into_inner()()}
            </pre>
        </figure>
    }
}
