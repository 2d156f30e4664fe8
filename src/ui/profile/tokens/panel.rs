//! The island of the API Tokens section.

use leptos::prelude::*;

use super::{
    TokenForm,
    create_form::{CreateForm, Full},
    list::TokenList,
    reveal_dialog::RevealDialog,
    revoke_dialog::RevokeDialog,
    shared::Shared,
};
use crate::{
    model::{client::ClientId, timestamp::Timestamp, token::TokenSummary},
    ui::components::live::Live,
};

/// The form, the list and the two dialogs.
#[island]
pub fn Panel(
    /// The client whose page this is.
    client: ClientId,
    /// The newest active tokens, newest first.
    tokens: Vec<TokenSummary>,
    /// How many other active tokens there are.
    more: usize,
    /// How many active tokens the client may have.
    limit: u32,
    /// Whether the client may create tokens.
    can_create: bool,
    /// The form's initial state.
    form: TokenForm,
    /// The portal's URL.
    base_url: String,
    /// When the page was made.
    now: Timestamp,
    /// The fields of the form that the server alone renders.
    children: Children,
) -> impl IntoView {
    let shared = Shared::new(client, tokens, more, limit, now);
    shared.refresh_on_return();
    view! {
        <CreateForm shared form can_create>
            {children()}
        </CreateForm>
        <Full shared />
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
            <button
                type="button"
                class="button small quiet dismiss"
                aria-label="Dismiss"
                on:click=move |_| shared.report(String::new())
            >
                "×"
            </button>
        </div>
        <TokenList shared />
        <RevealDialog shared base_url />
        <RevokeDialog shared />
    }
}
