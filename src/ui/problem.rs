//! The page for what could not be done.

use leptos::prelude::*;

use super::{components::slip::Slip, layout::Page};
use crate::model::error::AppError;

/// What went wrong, and by which number the log knows the request.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What went wrong.
    pub error: AppError,
    /// Whether the page is worth another try: it was only read, and what it needs may be back soon.
    pub can_retry: bool,
    /// Where the page that the request came from is made anew, if that helps.
    pub anew: Option<String>,
    /// The request's number.
    pub request_id: String,
}

/// Says what went wrong and where to go from here.
#[component]
pub fn ProblemPage() -> impl IntoView {
    let problem = use_context::<Problem>();
    let error = problem
        .as_ref()
        .map_or(AppError::NotFound, |p| p.error.clone());
    let can_retry = problem.as_ref().is_some_and(|p| p.can_retry);
    let anew = problem.as_ref().and_then(|p| p.anew.clone());
    let is_first = !can_retry && anew.is_none();
    let is_ours = error.status() >= 500;
    let title = match error.status() {
        404 => "Page not found",
        403 => "Not allowed",
        409 => "Another account is logged in",
        503 => "Not available right now",
        500.. => "Something went wrong",
        _ => "This did not work",
    };
    view! {
        <Page title>
            <div class="narrow problem">
                <Slip />
                <h1>{title}</h1>
                <p>{error.to_string()}</p>
                {problem
                    .filter(|_| is_ours)
                    .map(|problem| {
                        view! {
                            <p class="quiet">
                                "If you ask us about it, name this number: "
                                <code>{problem.request_id}</code>
                            </p>
                        }
                    })}
                <p class="ways">
                    // The empty address is the one of the page itself.
                    {can_retry
                        .then(|| {
                            view! {
                                <a class="button primary" href="">
                                    "Try again"
                                </a>
                            }
                        })}
                    {anew
                        .map(|address| {
                            view! {
                                <a class="button primary" href=address>
                                    "Reload the page"
                                </a>
                            }
                        })}
                    <a class="button" class:primary=is_first href="/">
                        "Go to the dashboard"
                    </a>
                </p>
            </div>
        </Page>
    }
}
