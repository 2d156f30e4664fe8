//! The warning before a session ends (WCAG 2.2, 2.2.1).

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use crate::{
    domain::{client::ClientId, error::AppError},
    server_fns::session::keep_session,
};

/// How long before the end it warns, in seconds; at least a minute is asked for.
const NOTICE: u32 = 120;
/// What a browser's timer can wait at most, in seconds: its milliseconds have 31 bits.
const LONGEST: u32 = i32::MAX.unsigned_abs() / 1000;

const OVER: State = State::Failed(AppError::Unauthenticated);

/// Where one is in the time that a session has.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    /// There is time enough.
    Fine,
    /// It ends within [`NOTICE`] unless it is used.
    Ending,
    /// It ends within [`NOTICE`], whatever one does: it has lasted as long as one may.
    Closing,
    /// It could not be kept.
    Failed(AppError),
}

/// Says in time that the session will end, with a button to stay where that is possible. What was
/// typed stays as it is.
#[island]
pub fn SessionWatch(
    /// Whose session it is.
    client: ClientId,
    /// After so many seconds without a request the session is over.
    idle: u32,
    /// After so many seconds from now on it is over, however much it is used.
    left: u32,
    /// The own path to come back to.
    #[prop(into)]
    next: String,
) -> impl IntoView {
    let state = RwSignal::new(State::Fine);
    let is_pending = RwSignal::new(false);
    let wait = move || {
        after(idle.saturating_sub(NOTICE), move || {
            state.update(|state| {
                if *state == State::Fine {
                    *state = State::Ending;
                }
            });
        });
    };
    Effect::new(move |_| {
        wait();
        after(left.saturating_sub(NOTICE), move || {
            state.set(State::Closing);
        });
        after(left, move || state.set(OVER));
    });
    let on_stay = move |_| {
        if is_pending.get_untracked() {
            return;
        }
        is_pending.set(true);
        spawn_local(async move {
            let kept = keep_session(Some(client)).await;
            is_pending.set(false);
            match kept {
                Ok(()) if state.get_untracked() == State::Closing => {}
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
        State::Ending => format!("You will be signed out {}.", in_about(idle)),
        State::Closing => format!(
            "Your session ends {} and cannot be extended. Finish what you are doing, then log in again.",
            in_about(left)
        ),
        State::Failed(error) => error.to_string(),
    };
    let is_over = move || state.with(|state| *state == OVER);
    let cannot_stay = move || is_over() || state.with(|state| *state == State::Closing);
    let log_in = format!("/login?next={}", next.replace('/', "%2F"));
    view! {
        <div class="session-watch" hidden=move || state.with(|state| *state == State::Fine)>
            <p role="alert">{text}</p>
            <button
                type="button"
                class="button primary"
                hidden=cannot_stay
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

/// Does something in so many seconds, unless that is further away than a browser can count.
fn after(seconds: u32, what: impl FnOnce() + 'static) {
    if seconds <= LONGEST {
        set_timeout(what, Duration::from_secs(seconds.into()));
    }
}

/// The time that is left once the warning shows.
fn in_about(seconds: u32) -> String {
    match seconds.min(NOTICE) / 60 {
        0 => "in less than a minute".to_owned(),
        1 => "in about 1 minute".to_owned(),
        minutes => format!("in about {minutes} minutes"),
    }
}
