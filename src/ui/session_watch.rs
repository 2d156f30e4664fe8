//! The warning before a session ends (WCAG 2.2, 2.2.1).

use std::time::Duration;

use leptos::{html, prelude::*, task::spawn_local};
use web_sys::Element;

use super::components::live::Live;
use crate::{
    model::{client::ClientId, error::AppError},
    server_fns::session::keep_session,
};

/// How long before the end it warns at most, in seconds; at least a minute is asked for where there is one.
const NOTICE: u32 = 120;

/// When the session ends unless it is used, and when it ends however much it is used: attributes of the root
/// element, in milliseconds of the clock. `boot.js` keeps them, for all tabs alike.
const UNTIL: &str = "data-until";
const ENDS: &str = "data-ends";

/// Where one is in the time that a session has. Times are in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// There is time enough.
    Fine,
    /// It ends in so long unless it is used.
    Ending(u32),
    /// It ends in so long, whatever one does: it has lasted as long as one may.
    Closing(u32),
    /// It has ended.
    Over,
}

impl State {
    /// With so much time until it ends unused, and so much until it ends in any case.
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
            Self::Ending(left) => format!("You will be signed out {}.", in_about(left)),
            Self::Closing(left) => format!(
                "Your session ends {} and cannot be extended. Finish what you are doing, then log in again.",
                in_about(left)
            ),
            Self::Over => "Your session has ended.".to_owned(),
        }
    }

    /// The time that is left, to the second.
    fn clock(self) -> String {
        match self {
            Self::Ending(left) | Self::Closing(left) => {
                format!("{}:{:02}", left / 60, left % 60)
            }
            Self::Fine | Self::Over => String::new(),
        }
    }
}

/// Says in time that the session will end, with a button to stay where that is possible. What was
/// typed stays as it is.
#[island]
pub fn SessionWatch(
    /// Whose session it is.
    client: ClientId,
    /// After so many seconds without a request the session is over.
    idle: u32,
    /// The own path to come back to.
    #[prop(into)]
    next: String,
) -> impl IntoView {
    let bar = NodeRef::<html::Div>::new();
    let state = RwSignal::new(State::Fine);
    let is_pending = RwSignal::new(false);
    // Why it could not be kept.
    let failure = RwSignal::new(None::<AppError>);
    let notice = NOTICE.min(idle / 3);
    let look = move || {
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
            failure.set(None);
            // It fails only in a browser that has no such thing.
            let _ = bar.hide_popover();
        }
    };
    // The clock is asked each time: a computer that slept has not counted.
    Effect::new(move |_| {
        // It fails only without a window.
        let _ = set_interval_with_handle(look, Duration::from_secs(1));
    });
    let on_stay = move |_| {
        if is_pending.get_untracked() {
            return;
        }
        is_pending.set(true);
        failure.set(None);
        spawn_local(async move {
            let kept = keep_session(Some(client)).await;
            is_pending.set(false);
            match kept {
                Ok(()) => {}
                Err(AppError::Unauthenticated) => end_now(),
                Err(error) => failure.set(Some(error)),
            }
            look();
        });
    };
    let said = move || {
        let sentence = state.get().sentence();
        failure.with(|failure| match failure {
            Some(failure) if state.get() != State::Over => format!("{failure} {sentence}"),
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
                <Live text=said />
            </p>
            // Not each second is read out.
            <span class="clock" role="timer">
                <Live text=move || state.get().clock() />
            </span>
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

/// Shows it above everything else. While a dialog is open, only what is in the dialog can be clicked.
fn raise(bar: &web_sys::HtmlDivElement) {
    let dialog = document().query_selector("dialog:modal").ok().flatten();
    let place = dialog.or_else(|| document().query_selector("body").ok().flatten());
    let parent: Option<Element> = bar.parent_element();
    if let Some(place) = place
        && parent.as_ref() != Some(&place)
    {
        // An element of this page can always be put elsewhere in it.
        let _ = place.append_child(bar);
    }
    // It fails where it shows already.
    let _ = bar.show_popover();
}

/// Seconds until the moment in an attribute of the root element, the one that has begun included; 0 once it has passed.
fn seconds_to(attribute: &str) -> u32 {
    let root = document().document_element();
    let moment = root.and_then(|root| root.get_attribute(attribute));
    // Without a moment there is nothing to warn of.
    moment
        .and_then(|moment| moment.parse::<i64>().ok())
        .map_or(u32::MAX, |moment| {
            let left = (moment - now()).max(0);
            u32::try_from((left + 999) / 1000).unwrap_or(u32::MAX)
        })
}

/// The server says that the session is over.
fn end_now() {
    if let Some(root) = document().document_element() {
        // Every element can have an attribute of this name.
        let _ = root.set_attribute(UNTIL, &now().to_string());
    }
}

/// The clock, in milliseconds.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a date is a whole number, and to read and write others would take 14 kB of WebAssembly"
)]
fn now() -> i64 {
    js_sys::Date::now() as i64
}

/// The time that is left, in words that change seldom.
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
