//! The buttons that WebAssembly adds to the page that shows a token.

use leptos::{prelude::*, task::spawn_local};

use super::test_token::TestToken;
use crate::ui::components::{
    clipboard::{copy_by_hand, copy_or_select},
    hydration::is_hydrated,
    live::Live,
};

/// The ID of the element whose text is the token. The island reads it there, so that no attribute contains the token.
pub const SECRET_ID: &str = "new-token";

/// Copies and tests the token.
#[island]
pub fn RevealTools() -> impl IntoView {
    let status = RwSignal::new("");
    let is_hydrated = is_hydrated();
    let element = || document().get_element_by_id(SECRET_ID);
    let secret = move || element().and_then(|element| element.text_content());
    let on_copy = move |_| {
        let (Some(element), Some(secret)) = (element(), secret()) else {
            return;
        };
        spawn_local(async move {
            status.set(if copy_or_select(&secret, &element).await {
                "Token copied to clipboard."
            } else {
                copy_by_hand()
            });
        });
    };
    view! {
        <div class="reveal-tools" hidden=move || !is_hydrated.get()>
            <button type="button" class="button primary" on:click=on_copy>
                "Copy token"
            </button>
            <TestToken secret on_works=|| () />
            <p class="said" class:filled=move || !status.get().is_empty() role="status">
                <Live text=move || status.get() />
            </p>
        </div>
    }
}
