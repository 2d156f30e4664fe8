//! The form that creates a token.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};

use super::{Shared, TokenForm};
use crate::{
    model::{
        client::ClientId,
        error::AppError,
        token::{CreatedToken, MAX_NAME_LEN},
    },
    server_fns::tokens::create_token,
    ui::components::{live::Live, notice::LogInAgain},
};

/// From how many characters on the form says how many there are.
const COUNTED_FROM: usize = 80;

/// One field and a button. Before hydration, and without it, the browser posts the same form.
#[component]
pub fn CreateForm(shared: Shared, form: TokenForm, can_create: bool) -> impl IntoView {
    let error = RwSignal::new(form.error);
    let key = RwSignal::new(form.idempotency_key);
    let is_pending = RwSignal::new(false);
    // Set once an answer did not arrive: the token may be there, but nobody saw it.
    let is_unseen = RwSignal::new(false);
    // The name that was sent last, as it was typed.
    let last_typed = StoredValue::new(String::new());
    // Whether the last try was made without any network, so that nothing can have been sent.
    let was_offline = RwSignal::new(false);
    // Characters, as the server counts them; `maxlength` counts some of them twice.
    let length = RwSignal::new(form.name.chars().count());
    let alert = NodeRef::<html::P>::new();

    let created = move |created: CreatedToken| {
        key.set(fresh_key());
        is_unseen.set(false);
        length.set(0);
        shared.put_first(created.token.clone());
        shared.revealed.set(Some(created));
    };
    let failed = move |failure: AppError| {
        let is_about_name = failure.of_field("name").is_some();
        match &failure {
            AppError::Unreachable | AppError::Unclear | AppError::Internal => is_unseen.set(true),
            // This page takes another key as soon as it has shown a token. So the answer was lost, and
            // the browser has sent the form again by itself.
            AppError::AlreadyCreated { token, is_revoked } => {
                if !is_revoked {
                    shared.put_first(token.clone());
                }
                is_unseen.set(failure.can_be_shown_anew());
                if !failure.can_be_shown_anew() {
                    key.set(fresh_key());
                }
            }
            _ => {}
        }
        error.set(Some(failure));
        if is_about_name {
            shared.focus_name_field();
        } else if let Some(alert) = alert.get_untracked() {
            request_animation_frame(move || {
                // One frame later it is visible, and what is visible can be focused.
                let _ = alert.focus();
            });
        }
    };
    let is_offered = move || error.with(|e| e.as_ref().is_some_and(AppError::can_be_shown_anew));
    let send = move |name: String| {
        if is_pending.get_untracked() {
            return;
        }
        is_pending.set(true);
        last_typed.set_value(name.clone());
        error.set(None);
        shared.say(String::new());
        was_offline.set(!window().navigator().on_line());
        spawn_local(async move {
            let answer = create_token(
                Some(shared.client),
                name,
                key.get_untracked(),
                is_unseen.get_untracked(),
            )
            .await;
            is_pending.set(false);
            match answer {
                Ok(token) => created(token),
                Err(failure) => failed(failure),
            }
        });
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = shared.name_field.get_untracked() else {
            return;
        };
        // Whoever types another name leaves the token that was not shown, and wants another.
        if untrack(is_offered) && field.value() != last_typed.get_value() {
            key.set(fresh_key());
            is_unseen.set(false);
        }
        send(field.value());
    };
    let name_error = move || {
        error.with(|e| {
            e.as_ref()
                .and_then(|e| e.of_field("name"))
                .map(ToOwned::to_owned)
        })
    };
    let other_error = move || {
        error.with(|e| {
            e.as_ref()
                .filter(|e| e.of_field("name").is_none())
                .map(|error| sentence(error, was_offline.get()))
        })
    };
    let is_signed_out =
        Signal::derive(move || error.with(|e| matches!(e, Some(AppError::Unauthenticated))));
    let is_too_long = move || length.get() > MAX_NAME_LEN;
    let is_counted = move || length.get() >= COUNTED_FROM;
    // What is hidden would be read out all the same.
    let described_by = move || {
        let parts = [
            (name_error().is_some(), "token-name-error"),
            (true, "token-name-hint"),
            (is_counted(), "token-name-count"),
        ];
        let shown = parts.into_iter().filter(|(is_shown, _)| *is_shown);
        shown.map(|(_, id)| id).collect::<Vec<_>>().join(" ")
    };
    view! {
        <form
            method="post"
            action="/profile/tokens"
            class="create"
            aria-busy=move || is_pending.get().to_string()
            on:submit=on_submit
        >
            <p
                node_ref=alert
                class="alert"
                role="alert"
                tabindex="-1"
                hidden=move || other_error().is_none()
            >
                <Live text=move || other_error().unwrap_or_default() />
                " "
                <LogInAgain is_needed=is_signed_out />
            </p>
            <p hidden=move || !is_offered()>
                <button type="button" class="button small" on:click=move |_| send(last_typed.get_value())>
                    "I did not see it: show a new one"
                </button>
            </p>
            <input type="hidden" name=ClientId::FIELD value=shared.client.0 />
            <input type="hidden" name="idempotency_key" prop:value=key value=key.get_untracked() />
            <label for="token-name">"Token name"</label>
            <div class="create-row">
                <input
                    node_ref=shared.name_field
                    id="token-name"
                    name="name"
                    type="text"
                    required
                    autocomplete="off"
                    enterkeyhint="done"
                    value=form.name
                    disabled=!can_create
                    aria-describedby=described_by
                    aria-invalid=move || (name_error().is_some() || is_too_long()).then_some("true")
                    on:input:target=move |event| length.set(event.target().value().chars().count())
                />
                <button
                    type="submit"
                    class="button primary"
                    disabled=!can_create
                    aria-disabled=move || is_pending.get().then_some("true")
                >
                    <Live text=move || if is_pending.get() { "Creating…" } else { "Create Token" } />
                </button>
            </div>
            <p id="token-name-error" class="field-error" hidden=move || name_error().is_none()>
                <Live text=move || name_error().unwrap_or_default() />
            </p>
            <div class="hints">
                <p id="token-name-hint" class="hint">
                    {if can_create {
                        "For example: My Integration or Billing Dashboard. One token per integration is easier to revoke."
                    } else {
                        "Your account is suspended: tokens can be used and revoked, but not created."
                    }}
                </p>
                <p
                    id="token-name-count"
                    class="hint count"
                    class:over=is_too_long
                    hidden=move || !is_counted()
                >
                    <Live text=move || format!("{} of {MAX_NAME_LEN} characters", length.get()) />
                </p>
            </div>
        </form>
    }
}

fn sentence(error: &AppError, was_offline: bool) -> String {
    match error {
        AppError::Unreachable if was_offline => {
            "You are offline. Nothing was created. Try again.".to_owned()
        }
        AppError::Unreachable | AppError::Unclear | AppError::Internal => {
            "We could not tell whether the token was created. Trying again is safe.".to_owned()
        }
        AppError::AlreadyCreated { token, .. } if error.can_be_shown_anew() => {
            format!(
                "{} was created, but this page has not shown it.",
                token.name
            )
        }
        AppError::AlreadyCreated { token, is_revoked } => {
            let since = if *is_revoked { "revoked" } else { "used" };
            format!(
                "{} was created and has been {since} since, so it cannot be shown any more.",
                token.name
            )
        }
        error => error.to_string(),
    }
}

/// 128 random bits from the browser.
fn fresh_key() -> String {
    let mut bytes = [0; 16];
    let drawn = window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    // Every browser draws 16 bytes. One that did not would send no key, as scripts may.
    if drawn.is_err() {
        return String::new();
    }
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}
