//! Logging in.

mod form;

use leptos::prelude::*;

use self::form::CredentialsForm;
use super::{
    components::notice::Alert,
    layout::{Mark, Page},
};

/// What the login page shows again after a failure.
#[derive(Clone, Debug, Default)]
pub struct LoginForm {
    /// The address as typed.
    pub email: String,
    /// The own path to go on to.
    pub next: String,
    /// Why they come here, if not of themselves.
    pub notice: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
}

/// Email and password, and nothing else.
#[component]
pub fn LoginPage() -> impl IntoView {
    let LoginForm {
        email,
        next,
        notice,
        error,
    } = expect_context::<LoginForm>();
    let described_by = error.as_ref().map_or("", |_| "login-error");
    view! {
        <Page title="Log in" here="/login">
            <div class="login">
                <div class="login-head">
                    <Mark />
                    <h1>"Log in"</h1>
                    <p class="quiet">"Your account, your API tokens and how to use them."</p>
                </div>
                {notice
                    .map(|notice| {
                        view! {
                            <p class="callout" role="status">
                                {notice}
                            </p>
                        }
                    })}
                {error.map(|error| view! { <Alert id="login-error" text=error /> })}
                <CredentialsForm email next described_by />
            </div>
        </Page>
    }
}
