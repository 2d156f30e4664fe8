//! Logging in.

use leptos::prelude::*;

use super::{
    components::{notice::Alert, password_input::PasswordInput},
    layout::{Page, Wordmark},
};
use crate::domain::error::AppError;

/// What the login page shows again after a failure.
#[derive(Clone, Debug, Default)]
pub struct LoginForm {
    /// The address as typed.
    pub email: String,
    /// The own path to go on to.
    pub next: String,
    /// Whether they come here because their session is over.
    pub was_signed_out: bool,
    /// Why it failed.
    pub error: Option<String>,
}

/// Email and password, and nothing else.
#[component]
pub fn LoginPage() -> impl IntoView {
    let LoginForm {
        email,
        next,
        was_signed_out,
        error,
    } = expect_context::<LoginForm>();
    let described_by = error.is_some().then_some("login-error");
    view! {
        <Page title="Log in" here="/login">
            <div class="login">
                <div class="login-mark">
                    <Wordmark />
                </div>
                <h1>"Log in"</h1>
                {was_signed_out
                    .then(|| {
                        view! {
                            <p class="callout" role="status">
                                {AppError::Unauthenticated.to_string()}
                            </p>
                        }
                    })}
                {error.map(|error| view! { <Alert id="login-error" text=error /> })}
                <form method="post" action="/login" class="stack">
                    <input type="hidden" name="next" value=next />
                    <div class="field">
                        <label for="email">"Email"</label>
                        <input
                            id="email"
                            name="email"
                            type="email"
                            autocomplete="username"
                            autocapitalize="none"
                            spellcheck="false"
                            required
                            maxlength="254"
                            value=email
                            aria-describedby=described_by
                        />
                    </div>
                    <div class="field">
                        <label for="password">"Password"</label>
                        <PasswordInput
                            id="password"
                            name="password"
                            autocomplete="current-password"
                            described_by=described_by.unwrap_or_default()
                        />
                    </div>
                    <button type="submit" class="button primary">
                        "Log in"
                    </button>
                </form>
            </div>
        </Page>
    }
}
