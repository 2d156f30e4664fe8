//! The warning before a session ends (WCAG 2.2, 2.2.1).

use std::time::Duration;

use leptos::{html, prelude::*};
use web_sys::Element;

use super::components::{live::Live, submission::Submission, time::browser_clock};
use crate::{
    model::{client::ClientId, error::AppError},
    server_fns::session::keep_session,
};

/// The warning comes so many seconds before the end, or after two thirds of a short session.
const MAX_NOTICE: u32 = 120;

/// Attributes of the root element: when the session ends unless it is used, and when it ends in any case. In
/// milliseconds since the Unix epoch, by the browser's clock. `boot.js` sets them, and shares them between tabs.
const UNTIL: &str = "data-until";
const ENDS: &str = "data-ends";

/// How far the session is from its end, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Far enough for no warning.
    Fine,
    /// It ends then unless it is used.
    Ending(u32),
    /// It ends then in any case: no session may last longer.
    Closing(u32),
    /// It has ended.
    Over,
}

impl State {
    /// The state so many seconds before the session ends if it is not used, and if it is.
    fn new(unused: u32, used: u32, notice: u32) -> Self {
        match unused.min(used) {
            0 => Self::Over,
            left if used <= notice => Self::Closing(left),
            left if unused <= notice => Self::Ending(left),
            _ => Self::Fine,
        }
    }

    fn sentence(self) -> String {
        match self {
            Self::Fine => String::new(),
            Self::Ending(left) => format!("You'll be logged out {}.", in_about(left)),
            Self::Closing(left) => format!(
                "Your session ends {} and can't be extended. Save your work, then log in again.",
                in_about(left)
            ),
            Self::Over => "Your session has ended.".to_owned(),
        }
    }

    /// The time left, to the second.
    fn clock(self) -> String {
        match self {
            Self::Ending(left) | Self::Closing(left) => {
                format!("{}:{:02}", left / 60, left % 60)
            }
            Self::Fine | Self::Over => String::new(),
        }
    }
}

/// Warns before the session ends, with a button that prolongs it where that is possible. What was typed stays.
#[island]
pub fn SessionWatch(
    /// The client whose session it is.
    client: ClientId,
    /// The session ends after so many seconds without a request.
    idle: u32,
    /// The path of this page, to return to after logging in.
    #[prop(into)]
    next: String,
) -> impl IntoView {
    let bar = NodeRef::<html::Div>::new();
    let state = RwSignal::new(State::Fine);
    let submission = Submission::new(None);
    let notice = MAX_NOTICE.min(idle / 3);
    let update = move || {
        let now = State::new(seconds_to(UNTIL), seconds_to(ENDS), notice);
        let has_changed = now != state.get_untracked();
        if has_changed {
            state.set(now);
        }
        let Some(bar) = bar.get_untracked().filter(|bar| bar.is_connected()) else {
            return;
        };
        if now != State::Fine {
            raise(&bar);
        } else if has_changed {
            submission.clear_error();
            // It fails only in browsers without popovers.
            let _ = bar.hide_popover();
        }
    };
    // Reads the clock each time, because a sleeping computer runs no timers.
    Effect::new(move |_| {
        // It fails only without a window.
        let _ = set_interval_with_handle(update, Duration::from_secs(1));
    });
    let on_stay = move |_| {
        submission.send(keep_session(Some(client)), move |result| {
            if result == Err(AppError::Unauthenticated) {
                end_now();
            }
            update();
        });
    };
    let text = move || {
        let sentence = state.get().sentence();
        submission.with_error(|error| match error {
            Some(error) if state.get() != State::Over => format!("{error} {sentence}"),
            _ => sentence,
        })
    };
    let is_over = move || state.get() == State::Over;
    let cannot_stay = move || !matches!(state.get(), State::Ending(_));
    let log_in = format!("/login?next={}", next.replace('/', "%2F"));
    view! {
        <div
            node_ref=bar
            class="session-bar session-watch"
            role="region"
            aria-label="Session"
            popover="manual"
            hidden=move || state.get() == State::Fine
        >
            <p role="alert">
                <Live text />
            </p>
            // A timer's changes are not read out.
            <span class="clock" role="timer">
                <Live text=move || state.get().clock() />
            </span>
            <button
                type="button"
                class="button primary"
                hidden=cannot_stay
                aria-disabled=move || submission.aria_disabled()
                on:click=on_stay
            >
                "Stay logged in"
            </button>
            <a class="button" href=log_in hidden=move || !is_over()>
                "Log in again"
            </a>
        </div>
    }
}

/// Shows the bar above everything else. While a dialog is open, only its content can be clicked, so the bar moves
/// into it.
fn raise(bar: &web_sys::HtmlDivElement) {
    let dialog = document().query_selector("dialog:modal").ok().flatten();
    let place = dialog.or_else(|| document().query_selector("body").ok().flatten());
    let parent: Option<Element> = bar.parent_element();
    if let Some(place) = place
        && parent.as_ref() != Some(&place)
    {
        // Moving an element within the page does not fail.
        let _ = place.append_child(bar);
    }
    // It fails if the bar is shown already.
    let _ = bar.show_popover();
}

/// Seconds until the time in an attribute of the root element, rounded up; 0 once it has passed.
fn seconds_to(attribute: &str) -> u32 {
    let root = document().document_element();
    let time = root.and_then(|root| root.get_attribute(attribute));
    // Without the attribute there is nothing to warn of.
    time.and_then(|time| time.parse::<i64>().ok())
        .map_or(u32::MAX, |time| {
            let left = (time - browser_clock()).max(0);
            u32::try_from((left + 999) / 1000).unwrap_or(u32::MAX)
        })
}

/// Shows that the session has ended, because the server has said so.
pub fn end_now() {
    if let Some(root) = document().document_element() {
        // A valid attribute name does not fail.
        let _ = root.set_attribute(UNTIL, &browser_clock().to_string());
    }
}

/// The time left, in words that change rarely: each change is read out.
fn in_about(seconds: u32) -> String {
    match seconds.div_ceil(60) {
        minutes @ 2.. => format!("in about {minutes} minutes"),
        _ if seconds == 60 => "in about 1 minute".to_owned(),
        _ => "in less than a minute".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_warns_before_whichever_end_comes_first() {
        for (unused, used, state) in [
            (1_800, 28_800, State::Fine),
            (121, 28_800, State::Fine),
            (120, 28_800, State::Ending(120)),
            (1, 28_800, State::Ending(1)),
            (0, 28_800, State::Over),
            (1_800, 121, State::Fine),
            (1_800, 120, State::Closing(120)),
            (60, 120, State::Closing(60)),
            (1_800, 0, State::Over),
        ] {
            assert_eq!(State::new(unused, used, 120), state, "{unused}, {used}");
        }
    }

    #[test]
    fn time_is_told_in_words_and_to_the_second() {
        for (seconds, words, clock) in [
            (120, "in about 2 minutes", "2:00"),
            (61, "in about 2 minutes", "1:01"),
            (60, "in about 1 minute", "1:00"),
            (59, "in less than a minute", "0:59"),
            (1, "in less than a minute", "0:01"),
        ] {
            let state = State::Ending(seconds);
            assert_eq!(state.clock(), clock);
            assert!(state.sentence().contains(words), "{}", state.sentence());
        }
    }
}
