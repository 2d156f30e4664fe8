//! The field of a password to be set.

use leptos::prelude::*;

use super::password_input::PasswordInput;
use crate::model::field;

/// Characters that a new password must have. The browser says so before the form is sent.
const MIN_LEN: u32 = 15;

/// The field with its label and rule.
#[component]
pub fn NewPassword(
    /// Why the last one was refused.
    error: Option<String>,
    /// Whether it has the focus when the page opens.
    autofocus: bool,
) -> AnyView {
    let described_by = error.as_ref().map_or(
        "new-password-rule",
        |_| "new-password-error new-password-rule",
    );
    view! {
        <div class="field">
            <label for="new-password">"New password"</label>
            <PasswordInput
                id="new-password"
                name=field::NEW_PASSWORD
                autocomplete="new-password"
                described_by=described_by
                is_invalid=error.is_some()
                autofocus
                min_length=MIN_LEN
            />
            <p id="new-password-rule" class="hint">
                {format!("At least {MIN_LEN} characters. A passphrase works well.")}
            </p>
            <FieldError id="new-password-error" text=error />
        </div>
    }
    .into_any()
}

/// Why the value of a field was refused.
#[component]
pub fn FieldError(id: &'static str, text: Option<String>) -> impl IntoView {
    text.map(|text| {
        view! {
            <p id=id class="field-error">
                {text}
            </p>
        }
    })
}
