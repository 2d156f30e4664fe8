//! The form that creates a token.

use leptos::{ev::SubmitEvent, prelude::*};

use super::{TokenForm, creation::Creation, scopes::ScopeBoxes, shared::Shared};
use crate::{
    model::{client::ClientId, error::AppError, field, token::MAX_NAME_LEN},
    ui::components::{live::Live, notice::LogInAgain},
};

const SUSPENDED: &str = "Your account is suspended. Existing tokens still work and can be revoked, but you can't create new ones.";

/// One field and a button. Without WebAssembly the browser posts the same form.
#[component]
pub fn CreateForm(
    shared: Shared,
    form: TokenForm,
    can_create: bool,
    /// The fields that the server alone renders.
    children: Children,
) -> impl IntoView {
    let creation = Creation::new(shared, form.idempotency_key, &form.asked.name, form.error);
    let key = creation.key;
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        creation.submit();
    };
    view! {
        <form
            method="post"
            action="/profile/tokens"
            class="create"
            hidden=move || shared.is_full()
            aria-busy=move || creation.submission.is_pending().to_string()
            on:submit=on_submit
        >
            <Failure creation />
            <input type="hidden" name=ClientId::FIELD value=shared.client.0 />
            <input type="hidden" name=field::IDEMPOTENCY_KEY prop:value=key value=key.get_untracked() />
            <label for="token-name">"Token name"</label>
            <NameRow creation name=form.asked.name.clone() can_create />
            <Hints creation can_create />
            {can_create
                .then(|| {
                    view! {
                        <ScopeBoxes boxes=creation.scopes chosen=form.asked.scopes />
                    }
                })}
            {children()}
        </form>
    }
}

/// Stands in the place of the form when there are as many tokens as there may be.
#[component]
pub fn Full(shared: Shared) -> impl IntoView {
    let limit = shared.limit;
    view! {
        <p class="callout" hidden=move || !shared.is_full()>
            {AppError::TokenLimit { limit }.to_string()}
        </p>
    }
}

/// Why no token was created, as far as it is not about the name.
#[component]
fn Failure(creation: Creation) -> impl IntoView {
    let submission = creation.submission;
    view! {
        <p
            node_ref=creation.alert
            class="alert"
            role="alert"
            tabindex="-1"
            hidden=move || creation.other_error().is_none()
        >
            <Live text=move || creation.other_error().unwrap_or_default() />
            " "
            <LogInAgain is_needed=Signal::derive(move || submission.is_signed_out()) />
        </p>
        <p hidden=move || !creation.can_be_shown_anew()>
            <button type="button" class="button small" on:click=move |_| creation.repeat()>
                "Replace and show"
            </button>
        </p>
    }
}

/// The field and the button.
#[component]
fn NameRow(creation: Creation, name: String, can_create: bool) -> impl IntoView {
    let submission = creation.submission;
    let is_invalid = move || creation.name_error().is_some() || creation.is_too_long();
    // Hidden descriptions would be read out as well.
    let described_by = move || {
        let parts = [
            (creation.name_error().is_some(), "token-name-error"),
            (true, "token-name-hint"),
            (creation.is_counted(), "token-name-count"),
        ];
        let shown = parts.into_iter().filter(|(is_shown, _)| *is_shown);
        shown.map(|(_, id)| id).collect::<Vec<_>>().join(" ")
    };
    view! {
        <div class="create-row">
            <input
                node_ref=creation.shared.name_field
                id="token-name"
                name=field::NAME
                type="text"
                required
                autocomplete="off"
                enterkeyhint="done"
                value=name
                disabled=!can_create
                aria-describedby=described_by
                aria-invalid=move || is_invalid().then_some("true")
                on:input:target=move |event| creation.on_input(&event.target().value())
            />
            <p id="token-name-error" class="field-error" hidden=move || creation.name_error().is_none()>
                <Live text=move || creation.name_error().unwrap_or_default() />
            </p>
            <button
                type="submit"
                class="button primary"
                disabled=!can_create
                aria-disabled=move || submission.aria_disabled()
            >
                <Live text=move || if submission.is_pending() { "Creating…" } else { "Create Token" } />
            </button>
        </div>
    }
}

/// What to type, and how long it is.
#[component]
fn Hints(creation: Creation, can_create: bool) -> impl IntoView {
    view! {
        <div class="hints">
            <p id="token-name-hint" class="hint">
                {if can_create {
                    "For example, “Billing dashboard”. Use one token per integration so you can revoke it without breaking the others."
                } else {
                    SUSPENDED
                }}
            </p>
            <p
                id="token-name-count"
                class="hint count"
                class:over=move || creation.is_too_long()
                hidden=move || !creation.is_counted()
            >
                <Live text=move || format!("{}/{MAX_NAME_LEN} characters", creation.length.get()) />
            </p>
        </div>
    }
}
