//! The login page.

mod form;

use leptos::prelude::*;

use self::form::CredentialsForm;
use super::{
    brand::{Contact, Mark},
    frame::Frame,
    layout::Page,
};
use crate::model::error::duration;

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
    /// Seconds after which another attempt is allowed, if they have to be waited for.
    pub wait: Option<u32>,
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
        wait,
    } = form;
    let site = frame.site.clone();
    let described_by = error.as_ref().map_or("", |_| "login-error");
    view! {
        <Page frame title="Log in" here="/login">
            <div class="login">
                <div class="login-head">
                    <Mark site=site.clone() />
                    <h1>"Log in"</h1>
                    <p class="quiet">"Manage your account and API tokens."</p>
                </div>
                {notice
                    .map(|notice| {
                        view! {
                            <p class="callout" role="status">
                                {notice}
                            </p>
                        }
                    })}
                {error
                    .map(|error| {
                        view! {
                            <p id="login-error" class="alert">
                                <span role="alert">{error}</span>
                                {wait.map(|seconds| view! { <Wait seconds /> })}
                            </p>
                        }
                    })}
                <CredentialsForm email next described_by />
                <p class="quiet stuck">
                    {if site.has_mail {
                        view! { <a href="/forgot-password">"Forgot your password?"</a> }.into_any()
                    } else {
                        view! {
                            "Forgot your password? "
                            <Contact site=site.clone() />
                            "."
                        }
                            .into_any()
                    }}
                </p>
            </div>
        </Page>
    }
    .into_any()
}

/// How long to wait. `boot.js` counts short times down.
#[component]
pub fn Wait(seconds: u32) -> impl IntoView {
    let is_short = seconds < 300;
    view! {
        " "
        <span data-wait=is_short.then_some(seconds)>
            {format!("Try again in {}.", duration(seconds))}
        </span>
    }
}
