//! Calls of server functions by forms and buttons.

use std::future::Future;

use leptos::{prelude::*, task::spawn_local};

use crate::model::error::AppError;

/// The call that a form or a button makes: one at a time.
#[derive(Clone, Copy)]
pub struct Submission {
    state: RwSignal<State>,
    /// Whether the browser was offline at the last call, so that nothing was sent.
    was_offline: StoredValue<bool>,
}

#[derive(Clone)]
enum State {
    Idle,
    Pending,
    Failed(AppError),
}

impl Submission {
    /// Starts idle, or with the error of the form that this page answers.
    pub fn new(error: Option<AppError>) -> Self {
        Self {
            state: RwSignal::new(error.map_or(State::Idle, State::Failed)),
            was_offline: StoredValue::new(false),
        }
    }

    /// Whether a response is being waited for.
    pub fn is_pending(self) -> bool {
        self.state.with(|state| matches!(state, State::Pending))
    }

    /// The button's `aria-disabled`. It is not `disabled`, which would lose the focus.
    pub fn aria_disabled(self) -> Option<&'static str> {
        self.is_pending().then_some("true")
    }

    /// Reads the error of the last call, if it failed.
    pub fn with_error<T>(self, read: impl FnOnce(Option<&AppError>) -> T) -> T {
        self.state.with(|state| match state {
            State::Failed(error) => read(Some(error)),
            State::Idle | State::Pending => read(None),
        })
    }

    /// Whether the last call failed.
    pub fn has_failed(self) -> bool {
        self.with_error(|error| error.is_some())
    }

    /// Whether the last call failed because the session has ended.
    pub fn is_signed_out(self) -> bool {
        self.with_error(|error| matches!(error, Some(AppError::Unauthenticated)))
    }

    /// Whether the last call failed because the browser was offline: nothing was sent.
    pub fn was_offline(self) -> bool {
        self.was_offline.get_value()
            && self.with_error(|error| matches!(error, Some(AppError::Unreachable)))
    }

    /// Forgets the last error; a pending call goes on.
    pub fn clear_error(self) {
        if untrack(|| self.has_failed()) {
            self.state.set(State::Idle);
        }
    }

    /// Makes the call, unless one is pending. `then` runs after the state has changed.
    pub fn send<T: 'static>(
        self,
        call: impl Future<Output = Result<T, AppError>> + 'static,
        then: impl FnOnce(Result<T, AppError>) + 'static,
    ) {
        if untrack(|| self.is_pending()) {
            return;
        }
        self.was_offline.set_value(!window().navigator().on_line());
        self.state.set(State::Pending);
        spawn_local(async move {
            let result = call.await;
            self.state.set(match &result {
                Ok(_) => State::Idle,
                Err(error) => State::Failed(error.clone()),
            });
            then(result);
        });
    }
}
