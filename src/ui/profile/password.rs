//! The form to change the password.

use leptos::prelude::*;

use crate::{
    model::{client::ClientId, error::AppError, field},
    ui::{
        components::{
            new_password::{FieldError, NewPassword},
            notice::Alert,
            password_input::PasswordInput,
        },
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
    let is_new_refused = new.is_some();
    let current_described_by = current.as_ref().map_or("", |_| "current-password-error");
    view! {
        <PostForm client action="/profile/password" class="stack form">
            {other.map(|error| view! { <Alert id="password-error" text=error.to_string() /> })}
            // For password managers.
            <input type="text" name="username" autocomplete="username" value=email hidden readonly />
            <div class="field">
                <label for="current-password">"Current password"</label>
                <PasswordInput
                    id="current-password"
                    name=field::CURRENT_PASSWORD
                    autocomplete="current-password"
                    described_by=current_described_by
                    is_invalid=current.is_some()
                    // The server never sends it back, so it has to be entered again in any case.
                    autofocus=current.is_some() || is_new_refused
                    min_length=0
                />
                <FieldError id="current-password-error" text=current />
            </div>
            <NewPassword error=new autofocus=false />
            <button type="submit" class="button">
                "Change password"
            </button>
        </PostForm>
    }
}
