//! The page of those who forgot their password.

use leptos::prelude::*;

use super::{
    brand::{Contact, Mark},
    components::new_password::FieldError,
    frame::Frame,
    layout::Page,
    login::Wait,
};
use crate::model::{error::AppError, field};

/// What the page is about.
#[derive(Clone, Debug)]
pub enum ForgotPassword {
    /// The form, with what was typed and why it was refused.
    Form {
        /// The email address as typed.
        email: String,
        /// Why it was refused.
        error: Option<AppError>,
    },
    /// If there is such an account, a mail is on its way.
    Sent {
        /// The email address as typed.
        email: String,
    },
}

/// The form, or what comes of it.
#[component]
pub fn ForgotPasswordPage(
    /// The installation and the visitor.
    frame: Frame,
    /// What the page is about.
    about: ForgotPassword,
) -> AnyView {
    let site = frame.site.clone();
    let is_sent = matches!(about, ForgotPassword::Sent { .. });
    let title = if is_sent {
        "Check your mail"
    } else {
        "Forgot your password?"
    };
    let body = match about {
        ForgotPassword::Form { email, error } => view! { <EmailForm email error /> }.into_any(),
        ForgotPassword::Sent { email } => view! { <Sent email /> }.into_any(),
    };
    view! {
        <Page frame title>
            <div class="login">
                <div class="login-head">
                    <Mark site=site.clone() />
                    <h1>{title}</h1>
                </div>
                {body}
                <p class="quiet stuck">
                    <a href="/login">"Back to login"</a>
                    " · "
                    <Contact site />
                </p>
            </div>
        </Page>
    }
    .into_any()
}

#[component]
fn EmailForm(email: String, error: Option<AppError>) -> AnyView {
    let refused = error
        .as_ref()
        .and_then(|error| error.of_field(field::EMAIL));
    let refused = refused.map(ToOwned::to_owned);
    let described_by = refused.as_ref().map(|_| "email-error");
    let is_invalid = refused.as_ref().map(|_| "true");
    let other = error.filter(|_| refused.is_none()).map(|error| {
        let (text, wait) = match error {
            AppError::TooManyRequests { retry_after } => {
                ("Too many attempts.".to_owned(), Some(retry_after))
            }
            error => (error.to_string(), None),
        };
        view! {
            <p id="forgot-error" class="alert">
                <span role="alert">{text}</span>
                {wait.map(|seconds| view! { <Wait seconds /> })}
            </p>
        }
    });
    view! {
        {other}
        <form method="post" action="/forgot-password" class="stack">
            <p>"Enter your login email. We'll email you a link to choose a new password."</p>
            <div class="field">
                <label for="email">"Email"</label>
                <input
                    id="email"
                    name=field::EMAIL
                    // As `email` it would refuse addresses that are not in ASCII, and change others.
                    type="text"
                    inputmode="email"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    autofocus
                    value=email
                    aria-describedby=described_by
                    aria-invalid=is_invalid
                />
                <FieldError id="email-error" text=refused />
            </div>
            <button type="submit" class="button primary">
                "Send link"
            </button>
        </form>
    }
    .into_any()
}

#[component]
fn Sent(email: String) -> AnyView {
    view! {
        <div class="callout" role="status">
            <p>
                "If " <bdi>{email}</bdi>
                " is the login email of an account, a link is on its way there. It works once, within 30 minutes."
            </p>
        </div>
        <p class="quiet">
            "Nothing arrived? Look into your spam folder, and check that this is the email you log in with. You get at most three links an hour."
        </p>
    }
    .into_any()
}
