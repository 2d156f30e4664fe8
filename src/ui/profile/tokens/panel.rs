//! The island of the API Tokens section.

use leptos::prelude::*;

use super::{
    TokenForm, create_form::CreateForm, list::TokenList, reveal_dialog::RevealDialog,
    revoke_dialog::RevokeDialog, shared::Shared,
};
use crate::{
    model::{client::ClientId, timestamp::Timestamp, token::TokenSummary},
    ui::components::live::Live,
};

/// The form, the list and the two dialogs.
#[island]
pub fn Panel(
    /// Whose page it is in.
    client: ClientId,
    /// The newest of the client's active tokens, newest first.
    tokens: Vec<TokenSummary>,
    /// How many there are besides those.
    more: usize,
    /// How many of those they may have.
    limit: u32,
    /// Whether they may create any at all.
    can_create: bool,
    /// What the form begins with.
    form: TokenForm,
    /// Where people reach the portal.
    base_url: String,
    /// When the page was made.
    now: Timestamp,
) -> impl IntoView {
    let shared = Shared::new(client, tokens, more, limit, now);
    shared.refresh_on_return();
    view! {
        <CreateForm shared form can_create />
        <div
            class="status"
            class:filled=move || shared.status.with(|s| !s.is_empty())
            class:warn=move || shared.uncopied.with(Option::is_some)
        >
            <p role="status">
                <Live text=shared.status />
            </p>
            <button
                type="button"
                class="button small danger"
                hidden=move || shared.uncopied.with(Option::is_none)
                on:click=move |_| shared.ask_about_uncopied()
            >
                "Revoke it"
            </button>
        </div>
        <TokenList shared />
        <RevealDialog shared base_url />
        <RevokeDialog shared />
    }
}
