//! The login form. Before hydration the browser checks and sends it.

use std::time::Duration;

use leptos::{ev::SubmitEvent, html, prelude::*};

use crate::{
    model::field,
    ui::components::{live::Live, password_input::PasswordField},
};

/// Time after which the form can be sent again if there is no response.
const PATIENCE: Duration = Duration::from_secs(15);

/// Email address and password. An empty field is reported below it, and a second click sends nothing.
#[island]
pub fn CredentialsForm(
    /// The email address as typed before.
    email: String,
    /// Path to go to after logging in.
    next: String,
    /// The id of the error message of the last attempt, or empty.
    #[prop(into)]
    described_by: String,
) -> impl IntoView {
    // After a refusal the email address is there, and most often right.
    let is_refused = !described_by.is_empty();
    let email_field = NodeRef::<html::Input>::new();
    let password_field = NodeRef::<html::Input>::new();
    let lacks_email = RwSignal::new(false);
    let lacks_password = RwSignal::new(false);
    let is_pending = RwSignal::new(false);
    let is_hydrated = RwSignal::new(false);
    Effect::new(move |_| is_hydrated.set(true));

    let is_empty = |field: NodeRef<html::Input>| {
        field
            .get_untracked()
            .is_some_and(|field| field.value().is_empty())
    };
    let on_submit = move |event: SubmitEvent| {
        lacks_email.set(is_empty(email_field));
        lacks_password.set(is_empty(password_field));
        let first = [(lacks_email, email_field), (lacks_password, password_field)]
            .into_iter()
            .find(|(lacks, _)| lacks.get_untracked());
        if first.is_some() || is_pending.get_untracked() {
            event.prevent_default();
        }
        match first.map(|(_, field)| field.get_untracked()) {
            // Focusing fails only if the element is gone.
            Some(field) => drop(field.map(|field| field.focus())),
            None if is_pending.get_untracked() => {}
            None => {
                is_pending.set(true);
                set_timeout(move || is_pending.set(false), PATIENCE);
            }
        }
    };
    let described = move |lacks: RwSignal<bool>, error: &'static str| {
        let described_by = described_by.clone();
        move || match (lacks.get(), described_by.as_str()) {
            (true, _) => Some(error.to_owned()),
            (false, "") => None,
            (false, id) => Some(id.to_owned()),
        }
    };
    view! {
        <form
            method="post"
            action="/login"
            class="stack"
            novalidate=is_hydrated
            aria-busy=move || is_pending.get().to_string()
            on:submit=on_submit
        >
            <input type="hidden" name=field::NEXT value=next />
            <div class="field">
                <label for="email">"Email"</label>
                <input
                    node_ref=email_field
                    id="email"
                    name=field::EMAIL
                    type="text"
                    inputmode="email"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    maxlength="254"
                    autofocus=!is_refused
                    value=email
                    aria-describedby=described(lacks_email, "email-error")
                    aria-invalid=move || lacks_email.get().then_some("true")
                />
                <Missing id="email-error" is_missing=lacks_email text="Enter your email address." />
            </div>
            <div class="field">
                <label for="password">"Password"</label>
                <PasswordField
                    node_ref=password_field
                    id="password"
                    name=field::PASSWORD
                    autocomplete="current-password"
                    described_by=Signal::derive(described(lacks_password, "password-error"))
                    is_invalid=lacks_password
                    autofocus=is_refused
                />
                <Missing id="password-error" is_missing=lacks_password text="Enter your password." />
            </div>
            <button
                type="submit"
                class="button primary"
                aria-disabled=move || is_pending.get().then_some("true")
            >
                <Live text=move || if is_pending.get() { "Logging in…" } else { "Log in" } />
            </button>
        </form>
    }
}

/// Says that a field is empty.
#[component]
fn Missing(id: &'static str, is_missing: RwSignal<bool>, text: &'static str) -> impl IntoView {
    view! {
        <p id=id class="field-error" hidden=move || !is_missing.get()>
            {text}
        </p>
    }
}
