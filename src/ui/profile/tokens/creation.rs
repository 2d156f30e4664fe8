//! The state of the form that creates a token.

use leptos::{html, prelude::*};

use super::{AskedToken, limits, scopes::Boxes, shared::Shared};
use crate::{
    model::{
        error::AppError,
        field,
        token::{CreatedToken, MAX_NAME_LEN, TokenSummary},
    },
    server_fns::tokens::create_token,
    ui::components::{
        focus::{focus_id, focus_next_frame},
        submission::Submission,
    },
};

/// Names of at least this length are shown with their length.
const COUNTED_FROM: usize = 80;

/// The last request.
#[derive(Clone, Default)]
struct Attempt {
    /// What was typed and chosen.
    asked: AskedToken,
    /// Whether its response was lost: the token may exist, but nobody has seen it.
    is_unseen: bool,
}

/// The form's state.
#[derive(Clone, Copy)]
pub struct Creation {
    /// The section's state.
    pub shared: Shared,
    /// The request.
    pub submission: Submission,
    /// The idempotency key: requests with the same key create one token.
    pub key: RwSignal<String>,
    /// Length of the name in characters, as the server counts them. `maxlength` would count UTF-16 code units.
    pub length: RwSignal<usize>,
    /// What the token is to read.
    pub scopes: Boxes,
    /// Shows errors that are not about the name.
    pub alert: NodeRef<html::P>,
    last: StoredValue<Attempt>,
}

impl Creation {
    /// The form as the page was rendered.
    pub fn new(shared: Shared, key: String, name: &str, error: Option<AppError>) -> Self {
        Self {
            shared,
            submission: Submission::new(error),
            key: RwSignal::new(key),
            length: RwSignal::new(name.chars().count()),
            scopes: Boxes::default(),
            alert: NodeRef::new(),
            last: StoredValue::new(Attempt::default()),
        }
    }

    /// Sends the name in the field, and the ticked boxes.
    pub fn submit(self) {
        let Some(field) = self.shared.name_field.get_untracked() else {
            return;
        };
        let asked = AskedToken {
            name: field.value(),
            scopes: self.scopes.ticked(),
            expires_on: limits::typed(field::EXPIRES_ON),
            allowed_addresses: limits::typed(field::ALLOWED_ADDRESSES),
        };
        // Another name or choice means another token: the one that was not seen is left alone.
        let is_another = |last: &Attempt| asked != last.asked;
        if untrack(|| self.can_be_shown_anew()) && self.last.with_value(is_another) {
            self.start_anew();
        }
        self.send(asked);
    }

    /// Sends the last request again.
    pub fn repeat(self) {
        self.send(self.last.with_value(|last| last.asked.clone()));
    }

    fn send(self, asked: AskedToken) {
        if untrack(|| self.submission.is_pending()) {
            return;
        }
        self.shared.report(String::new());
        for name in limits::FIELDS {
            limits::show_error(name, None);
        }
        self.last.update_value(|last| last.asked = asked.clone());
        let key = self.key.get_untracked();
        let is_unseen = self.last.with_value(|last| last.is_unseen);
        let AskedToken {
            name,
            scopes,
            expires_on,
            allowed_addresses,
        } = asked;
        let call = create_token(
            Some(self.shared.client),
            name,
            scopes,
            expires_on,
            allowed_addresses,
            key,
            is_unseen,
        );
        self.submission.send(call, move |result| match result {
            Ok(created) => self.on_created(created),
            Err(error) => self.on_error(&error),
        });
    }

    fn start_anew(self) {
        self.key.set(fresh_key());
        self.last.update_value(|last| last.is_unseen = false);
    }

    fn on_created(self, created: CreatedToken) {
        self.start_anew();
        self.length.set(0);
        self.scopes.clear();
        limits::clear();
        self.shared.put_first(created.token.clone());
        self.shared.revealed.set(Some(created));
    }

    fn on_error(self, error: &AppError) {
        match error {
            AppError::Unreachable | AppError::Unclear | AppError::Internal => {
                self.last.update_value(|last| last.is_unseen = true);
            }
            // The page takes a fresh key after each token that it shows. So the response was lost, and the browser
            // has repeated the request by itself.
            AppError::AlreadyCreated { token, is_revoked } => {
                if !is_revoked {
                    self.shared.put_first(TokenSummary::clone(token));
                }
                if error.can_be_shown_anew() {
                    self.last.update_value(|last| last.is_unseen = true);
                } else {
                    self.start_anew();
                }
            }
            _ => {}
        }
        let limit = limits::FIELDS
            .into_iter()
            .find(|name| error.of_field(name).is_some());
        for name in limits::FIELDS {
            limits::show_error(name, error.of_field(name));
        }
        if error.of_field(field::NAME).is_some() {
            self.shared.focus_name_field();
        } else if let Some(name) = limit {
            focus_id(name);
        } else {
            focus_next_frame(self.alert);
        }
    }

    /// Whether the last token was created but not shown, and can be given a new secret.
    pub fn can_be_shown_anew(self) -> bool {
        self.submission
            .with_error(|error| error.is_some_and(AppError::can_be_shown_anew))
    }

    /// The error about the name.
    pub fn name_error(self) -> Option<String> {
        self.submission
            .with_error(|error| error?.of_field(field::NAME).map(ToOwned::to_owned))
    }

    /// Any other error.
    pub fn other_error(self) -> Option<String> {
        let was_offline = self.submission.was_offline();
        self.submission.with_error(|error| {
            error
                .filter(|error| !is_of_a_field(error))
                .map(|error| sentence(error, was_offline))
        })
    }

    /// The name is being corrected, so its error goes.
    pub fn on_input(self, name: &str) {
        self.length.set(name.chars().count());
        if untrack(|| self.name_error()).is_some() {
            self.submission.clear_error();
        }
    }

    /// Whether the name is longer than allowed.
    pub fn is_too_long(self) -> bool {
        self.length.get() > MAX_NAME_LEN
    }

    /// Whether the length of the name is shown.
    pub fn is_counted(self) -> bool {
        self.length.get() >= COUNTED_FROM
    }
}

/// Whether a field shows the error itself.
fn is_of_a_field(error: &AppError) -> bool {
    let fields = [field::NAME].into_iter().chain(limits::FIELDS);
    fields
        .into_iter()
        .any(|field| error.of_field(field).is_some())
}

fn sentence(error: &AppError, was_offline: bool) -> String {
    match error {
        AppError::Unreachable if was_offline => {
            "You're offline. Nothing was created. Try again when you're back online.".to_owned()
        }
        AppError::Unreachable | AppError::Unclear | AppError::Internal => {
            "We couldn't confirm that the token was created. It's safe to try again.".to_owned()
        }
        AppError::AlreadyCreated { token, .. } if error.can_be_shown_anew() => {
            format!(
                "“{}” was created, but this page hasn't shown it. Replace its secret to see it.",
                token.name
            )
        }
        AppError::AlreadyCreated { token, is_revoked } => {
            let since = if *is_revoked { "revoked" } else { "used" };
            format!(
                "“{}” was created and has been {since} since, so it can't be shown.",
                token.name
            )
        }
        error => error.to_string(),
    }
}

/// 128 random bits in hexadecimal.
fn fresh_key() -> String {
    let mut bytes = [0; 16];
    let filled = window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    // Every browser can do this; without it the request has no key, which the server accepts.
    if filled.is_err() {
        return String::new();
    }
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}
