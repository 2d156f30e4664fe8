//! The form itself. Before hydration, and without it, the browser checks and sends it alone.

use std::time::Duration;

use leptos::{ev::SubmitEvent, html, prelude::*};

use crate::{
    model::field,
    ui::components::{live::Live, password_input::PasswordField},
};

/// How long an answer is waited for before the form can be sent again.
const PATIENCE: Duration = Duration::from_secs(15);

/// Email and password. Empty fields are named, and a second click sends nothing.
#[island]
pub fn CredentialsForm(
    /// The address as typed before.
    email: String,
    /// The own path to go on to.
    next: String,
    /// The id of what says why it failed before, or empty.
    #[prop(into)]
    described_by: String,
) -> impl IntoView {
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
            // An element of this page can always be focused.
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
                    type="email"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    maxlength="254"
                    value=email
                    aria-describedby=described(lacks_email, "email-error")
                    aria-invalid=move || lacks_email.get().then_some("true")
                />
                <p id="email-error" class="field-error" hidden=move || !lacks_email.get()>
                    "Type your email address."
                </p>
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
                />
                <p id="password-error" class="field-error" hidden=move || !lacks_password.get()>
                    "Type your password."
                </p>
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
