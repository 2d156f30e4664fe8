//! The form to change the password.

use leptos::prelude::*;

use crate::{
    model::{client::ClientId, error::AppError, field},
    ui::{
        components::{notice::Alert, password_input::PasswordInput},
        form::PostForm,
    },
};

/// The current password and the new one.
#[component]
pub fn PasswordForm(client: ClientId, email: String, error: Option<AppError>) -> impl IntoView {
    let of_field = |field| {
        error
            .as_ref()
            .and_then(|error| error.of_field(field))
            .map(ToOwned::to_owned)
    };
    let current = of_field(field::CURRENT_PASSWORD);
    let new = of_field(field::NEW_PASSWORD);
    let other = error.filter(|_| current.is_none() && new.is_none());
    let current_described_by = current.as_ref().map_or("", |_| "current-password-error");
    let new_described_by = new.as_ref().map_or(
        "new-password-rule",
        |_| "new-password-error new-password-rule",
    );
    view! {
        <PostForm client action="/profile/password" class="stack form">
            {other.map(|error| view! { <Alert id="password-error" text=error.to_string() /> })}
            // For password managers, which see no field of the type `hidden`.
            <input type="text" hidden readonly name="username" autocomplete="username" value=email />
            <div class="field">
                <label for="current-password">"Current password"</label>
                <PasswordInput
                    id="current-password"
                    name=field::CURRENT_PASSWORD
                    autocomplete="current-password"
                    described_by=current_described_by
                    is_invalid=current.is_some()
                />
                <FieldError id="current-password-error" text=current />
            </div>
            <div class="field">
                <label for="new-password">"New password"</label>
                <PasswordInput
                    id="new-password"
                    name=field::NEW_PASSWORD
                    autocomplete="new-password"
                    described_by=new_described_by
                    is_invalid=new.is_some()
                />
                <p id="new-password-rule" class="hint">
                    "15 characters or more; any characters; long phrases are fine."
                </p>
                <FieldError id="new-password-error" text=new />
            </div>
            <button type="submit" class="button">
                "Change password"
            </button>
        </PostForm>
    }
}

#[component]
fn FieldError(id: &'static str, text: Option<String>) -> impl IntoView {
    text.map(|text| view! { <Alert id text /> })
}
