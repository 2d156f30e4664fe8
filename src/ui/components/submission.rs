//! Calls of server functions by forms and buttons.

use std::future::Future;

use leptos::{prelude::*, task::spawn_local};

use crate::model::error::AppError;

/// The call that a form or a button makes: one at a time.
#[derive(Clone, Copy)]
pub struct Submission(RwSignal<State>);

#[derive(Clone)]
enum State {
    Idle,
    Pending,
    Failed(AppError),
}

impl Submission {
    /// Starts idle, or with the error of the form that this page answers.
    pub fn new(error: Option<AppError>) -> Self {
        Self(RwSignal::new(error.map_or(State::Idle, State::Failed)))
    }

    /// Whether a response is being waited for.
    pub fn is_pending(self) -> bool {
        self.0.with(|state| matches!(state, State::Pending))
    }

    /// The button's `aria-disabled`. It is not `disabled`, which would lose the focus.
    pub fn aria_disabled(self) -> Option<&'static str> {
        self.is_pending().then_some("true")
    }

    /// Reads the error of the last call, if it failed.
    pub fn with_error<T>(self, read: impl FnOnce(Option<&AppError>) -> T) -> T {
        self.0.with(|state| match state {
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

    /// Forgets the last error; a pending call goes on.
    pub fn clear_error(self) {
        if untrack(|| self.has_failed()) {
            self.0.set(State::Idle);
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
        self.0.set(State::Pending);
        spawn_local(async move {
            let result = call.await;
            self.0.set(match &result {
                Ok(_) => State::Idle,
                Err(error) => State::Failed(error.clone()),
            });
            then(result);
        });
    }
}
