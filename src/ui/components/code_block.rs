//! Blocks of code with a button to copy them.

use leptos::{html, prelude::*, task::spawn_local};

use super::{
    clipboard::{copy_by_hand, copy_or_select},
    hydration::is_hydrated,
    live::Live,
    size::on_resize,
};

/// A [`Code`] for pages; inside an island use [`Code`] itself.
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

/// A block of code with a button to copy it. Its children are typed for the same reason as those of
/// [`Tabs`](super::tabs::Tabs).
#[component]
pub fn Code<C>(
    /// What it is, in words: `curl command`.
    #[prop(into)]
    label: String,
    /// Called once the code is in the clipboard.
    #[prop(default = None)]
    on_copied: Option<Callback<()>>,
    /// The `<code>`.
    children: TypedChildren<C>,
) -> impl IntoView
where
    C: IntoView + 'static,
{
    let block = NodeRef::<html::Pre>::new();
    let status = RwSignal::new("");
    let is_hydrated = is_hydrated();
    // Until it is measured it may be wider than its container.
    let scrolls = RwSignal::new(true);
    let measure = move || {
        if let Some(block) = block.get_untracked() {
            scrolls.set(block.scroll_width() > block.client_width());
        }
    };
    Effect::new(move |_| {
        // It has no width until its dialog or tab is shown.
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
            if copy_or_select(&code, &block).await {
                status.set("Copied");
                if let Some(on_copied) = on_copied {
                    on_copied.run(());
                }
            } else {
                status.set(copy_by_hand());
            }
        });
    };
    let region = label.clone();
    view! {
        <figure class="code-block" aria-label=label.clone()>
            <div class="code-bar">
                <span class="code-label">{label.clone()}</span>
                <span class="code-said" role="status">
                    <Live text=move || status.get() />
                </span>
                <button
                    type="button"
                    class="button small quiet"
                    // Invisible until it works, but with its size, so that nothing moves when it appears.
                    class:waiting=move || !is_hydrated.get()
                    aria-label=format!("Copy {label}")
                    on:click=on_copy
                >
                    "Copy"
                </button>
            </div>
            // A block that scrolls must be reachable by keyboard.
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
