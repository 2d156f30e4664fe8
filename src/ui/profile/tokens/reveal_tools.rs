//! What WebAssembly adds to the page that shows a token.

use leptos::{prelude::*, task::spawn_local};

use super::test_token::TestToken;
use crate::ui::components::{
    clipboard::{COPY_BY_HAND, copy, select},
    live::Live,
};

/// The id of the element whose text is the token. The island reads it there, so that the page holds
/// it in no attribute.
pub const SECRET_ID: &str = "new-token";

/// Copying and testing by a button. Nothing without hydration.
#[island]
pub fn RevealTools() -> impl IntoView {
    let said = RwSignal::new("");
    let is_hydrated = RwSignal::new(false);
    Effect::new(move |_| is_hydrated.set(true));
    let element = || document().get_element_by_id(SECRET_ID);
    let secret = move || element().and_then(|element| element.text_content());
    let on_copy = move |_| {
        let Some(secret) = secret() else { return };
        spawn_local(async move {
            if copy(&secret).await {
                said.set("Token copied to clipboard.");
            } else if let Some(element) = element() {
                select(&element);
                said.set(COPY_BY_HAND);
            }
        });
    };
    view! {
        <div class="reveal-tools" hidden=move || !is_hydrated.get()>
            <button type="button" class="button primary" on:click=on_copy>
                "Copy token"
            </button>
            <TestToken secret on_works=|| () />
            <p class="said" class:filled=move || !said.get().is_empty() role="status">
                <Live text=move || said.get() />
            </p>
        </div>
    }
}
