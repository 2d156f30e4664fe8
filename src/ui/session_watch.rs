//! The warning before a session ends for want of use (WCAG 2.2, 2.2.1).

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use crate::{domain::error::AppError, server_fns::session::keep_session};

/// How long before the end it warns, in seconds; at least a minute is asked for.
const NOTICE: u32 = 120;

/// Where one is in the time that a session has.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    /// There is time enough.
    Fine,
    /// It ends within [`NOTICE`].
    Ending,
    /// It could not be kept.
    Failed(AppError),
}

/// Says in time that the session will end, with a button to stay. What was typed stays as it is.
#[island]
pub fn SessionWatch(
    /// After so many seconds without a request the session is over.
    seconds: u32,
    /// The own path to come back to.
    #[prop(into)]
    next: String,
) -> impl IntoView {
    let state = RwSignal::new(State::Fine);
    let is_pending = RwSignal::new(false);
    let wait = move || {
        let until_notice = Duration::from_secs(seconds.saturating_sub(NOTICE).into());
        set_timeout(move || state.set(State::Ending), until_notice);
    };
    Effect::new(move |_| wait());
    let on_stay = move |_| {
        if is_pending.get_untracked() {
            return;
        }
        is_pending.set(true);
        spawn_local(async move {
            let kept = keep_session().await;
            is_pending.set(false);
            match kept {
                Ok(()) => {
                    state.set(State::Fine);
                    wait();
                }
                Err(error) => state.set(State::Failed(error)),
            }
        });
    };
    let text = move || match state.get() {
        State::Fine => String::new(),
        State::Ending => {
            let minutes = seconds.min(NOTICE) / 60;
            let unit = if minutes == 1 { "minute" } else { "minutes" };
            format!("You will be signed out in about {minutes} {unit}.")
        }
        State::Failed(error) => error.to_string(),
    };
    let is_over = move || state.with(|state| *state == State::Failed(AppError::Unauthenticated));
    let log_in = format!("/login?next={}", next.replace('/', "%2F"));
    view! {
        <div class="session-watch" hidden=move || state.with(|state| *state == State::Fine)>
            <p role="alert">{text}</p>
            <button
                type="button"
                class="button primary"
                hidden=is_over
                aria-disabled=move || is_pending.get().then_some("true")
                on:click=on_stay
            >
                "Stay signed in"
            </button>
            <a class="button" href=log_in hidden=move || !is_over()>
                "Log in again"
            </a>
        </div>
    }
}
