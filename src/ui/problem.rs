//! The page that shows an error.

use leptos::prelude::*;

use super::{
    components::slip::Slip,
    form::{SendAgain, Unsent},
    frame::Frame,
    layout::Page,
};
use crate::model::error::AppError;

/// The error, and links to go on.
#[component]
pub fn ProblemPage(
    /// The installation and the visitor.
    frame: Frame,
    /// What went wrong.
    error: AppError,
    /// Whether the same request may succeed soon.
    can_retry: bool,
    /// URL of the page that the form stood on, if loading it again helps.
    reload: Option<String>,
    /// The form that was sent, if sending it again may succeed.
    unsent: Option<Unsent>,
    /// The request's number in the log.
    request_id: String,
) -> AnyView {
    let is_first = !can_retry && reload.is_none() && unsent.is_none();
    let is_kept = unsent.is_some();
    let is_ours = error.status() >= 500;
    let support = frame.site.brand.support.clone();
    let title = match error.status() {
        404 => "Page not found",
        403 => "Not allowed",
        409 => "Another account is logged in",
        503 => "Temporarily unavailable",
        500.. => "Something went wrong",
        _ => "This didn't work",
    };
    let text = match error {
        AppError::NotFound => "This page doesn't exist or has moved.".to_owned(),
        AppError::MethodNotAllowed => "Something went wrong with that link.".to_owned(),
        error => error.to_string(),
    };
    view! {
        <Page frame title>
            <div class="narrow problem">
                <Slip />
                <h1>{title}</h1>
                <p>{text}</p>
                {is_kept.then(|| view! { <p>"What you entered is kept on this page."</p> })}
                {is_ours
                    .then(|| {
                        view! {
                            <p class="quiet">
                                "If you contact support, include this ID: "
                                <code>{request_id}</code>
                            </p>
                        }
                    })}
                <div class="ways">
                    {unsent.map(|unsent| view! { <SendAgain unsent /> })}
                    // An empty URL is that of the page itself.
                    {can_retry
                        .then(|| {
                            view! {
                                <a class="button primary" href="">
                                    "Try again"
                                </a>
                            }
                        })}
                    {reload
                        .map(|url| {
                            view! {
                                <a class="button primary" href=url>
                                    "Reload the page"
                                </a>
                            }
                        })}
                    <a class="button" class:primary=is_first href="/">
                        "Go to the home page"
                    </a>
                    {support
                        .map(|url| {
                            view! {
                                <a class="button quiet" href=url>
                                    "Contact support"
                                </a>
                            }
                        })}
                </div>
            </div>
        </Page>
    }
    .into_any()
}
