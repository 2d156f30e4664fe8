//! Code to read and to copy.

use leptos::{html, prelude::*, task::spawn_local};

use super::clipboard::{COPY_BY_HAND, copy, select};

/// A block of code with its own button to copy it.
#[island]
pub fn CodeBlock(
    /// What it is, in words: `curl command`.
    #[prop(into)]
    label: String,
    /// The code.
    #[prop(into)]
    code: String,
) -> impl IntoView {
    let block = NodeRef::<html::Code>::new();
    let (said, say) = signal("");
    let (is_hydrated, set_hydrated) = signal(false);
    Effect::new(move |_| set_hydrated.set(true));
    let text = code.clone();
    let on_copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            if copy(&text).await {
                say.set("Copied");
            } else if let Some(block) = block.get_untracked() {
                select(&block);
                say.set(COPY_BY_HAND);
            }
        });
    };
    view! {
        <div class="code-block">
            <div class="code-bar">
                <span class="code-label">{label.clone()}</span>
                <span class="code-said" role="status">
                    {said}
                </span>
                <button
                    type="button"
                    class="button small"
                    hidden=move || !is_hydrated.get()
                    aria-label=format!("Copy {label}")
                    on:click=on_copy
                >
                    "Copy"
                </button>
            </div>
            <pre tabindex="0" role="region" aria-label=label.clone()>
                <code node_ref=block>{code}</code>
            </pre>
        </div>
    }
}
