//! Flash messages: shown on the next page that a visitor sees, and never again.
//!
//! The message is in a cookie that only our own responses can set, so no link can make a page show one.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};

use super::cookie::Cookie;
use crate::{
    model::client::ClientId,
    server::{public_url::PublicUrl, session::SessionClient, state::AppState},
    ui::profile::Done,
};

const COOKIE: Cookie = Cookie {
    http: "said",
    https: "__Host-said",
};
/// A message that is not shown within so many seconds is never shown.
const MAX_AGE: &str = "; Max-Age=60";
/// The recipient of a message to a visitor who is signed out.
const NOBODY: ClientId = ClientId(0);

/// Redirects to `address` and shows there what was done.
pub fn then(state: &AppState, who: &SessionClient, done: Done, address: &str) -> Response {
    let cookie = set(done, who.client().id, &state.config.public_url);
    ([(header::SET_COOKIE, cookie)], Redirect::to(address)).into_response()
}

/// The same for a visitor who has to log in first.
pub fn then_log_in(done: Done, address: &str, public_url: &PublicUrl) -> Response {
    let cookie = set(done, NOBODY, public_url);
    ([(header::SET_COOKIE, cookie)], Redirect::to(address)).into_response()
}

fn set(done: Done, to: ClientId, public_url: &PublicUrl) -> HeaderValue {
    COOKIE.set(&format!("{}.{}", done.as_str(), to.0), MAX_AGE, public_url)
}

/// The message of a request's cookie.
pub struct Said {
    /// What was done.
    pub done: Option<Done>,
    forget: Option<HeaderValue>,
}

impl Said {
    /// Reads it, unless it is for another client than `to`, or for a visitor who is signed out.
    pub fn read(headers: &HeaderMap, to: Option<&SessionClient>, public_url: &PublicUrl) -> Self {
        let value = COOKIE.read(headers, public_url);
        let to = to.map_or(NOBODY, |who| who.client().id);
        let done = value
            .and_then(|value| value.split_once('.'))
            .filter(|(_, client)| *client == to.0.to_string())
            .and_then(|(word, _)| Done::from_word(word));
        Self {
            done,
            forget: value.map(|_| COOKIE.remove(public_url)),
        }
    }

    /// Removes the cookie with the response that shows the message.
    pub fn once(self, mut page: Response) -> Response {
        if let Some(forget) = self.forget {
            page.headers_mut().append(header::SET_COOKIE, forget);
        }
        page
    }
}
