//! What is said to a visitor on the next page they see, and never again.
//!
//! It comes in a cookie that only our own answers can set: nobody makes a page say something by a link to it.

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
/// Whoever does not look at the next page so soon, in seconds, is told nothing.
const MAX_AGE: &str = "; Max-Age=60";
/// What nobody in particular is told: they are signed out.
const NOBODY: ClientId = ClientId(0);

/// Leads to `address` and says there that it is done.
pub fn then(state: &AppState, who: &SessionClient, done: Done, address: &str) -> Response {
    let cookie = set(done, who.client().id, &state.config.public_url);
    ([(header::SET_COOKIE, cookie)], Redirect::to(address)).into_response()
}

/// The same for somebody who has to log in first.
pub fn then_log_in(done: Done, address: &str, public_url: &PublicUrl) -> Response {
    let cookie = set(done, NOBODY, public_url);
    ([(header::SET_COOKIE, cookie)], Redirect::to(address)).into_response()
}

fn set(done: Done, to: ClientId, public_url: &PublicUrl) -> HeaderValue {
    COOKIE.set(&format!("{}.{}", done.as_str(), to.0), MAX_AGE, public_url)
}

/// What is to be said to a client, or to whoever is signed out.
pub struct Said {
    /// What was done.
    pub done: Option<Done>,
    forget: Option<HeaderValue>,
}

impl Said {
    /// Reads it from a request.
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

    /// The page that says it; from then on it is forgotten.
    pub fn once(self, mut page: Response) -> Response {
        if let Some(forget) = self.forget {
            page.headers_mut().append(header::SET_COOKIE, forget);
        }
        page
    }
}
