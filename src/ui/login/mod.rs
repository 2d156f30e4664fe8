//! The login page.

mod form;

use leptos::prelude::*;

use self::form::CredentialsForm;
use super::{
    components::notice::Alert,
    frame::Frame,
    layout::{Mark, Page},
};

/// Values and messages of the login form.
#[derive(Clone, Debug, Default)]
pub struct LoginForm {
    /// The email address as typed.
    pub email: String,
    /// Path to go to after logging in.
    pub next: String,
    /// Why the visitor was sent here.
    pub notice: Option<String>,
    /// Why the last attempt failed.
    pub error: Option<String>,
}

/// The login form.
#[component]
pub fn LoginPage(
    /// The installation and the visitor.
    frame: Frame,
    /// Values and messages of the form.
    form: LoginForm,
) -> AnyView {
    let LoginForm {
        email,
        next,
        notice,
        error,
    } = form;
    let described_by = error.as_ref().map_or("", |_| "login-error");
    view! {
        <Page frame title="Log in" here="/login">
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
    .into_any()
}
