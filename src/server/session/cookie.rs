//! The cookie of a session.

use crate::server::{
    device_cookie::DeviceCookie,
    token_secret::{SecretHash, random_base62},
};

/// Characters of a session cookie: 43 of base62 are 256 bits.
const COOKIE_LEN: usize = 43;

/// The value of a session cookie and of its device cookie. Not `Debug`: it is a secret.
pub struct SessionCookie(String, DeviceCookie);

impl SessionCookie {
    /// Generates one for a client whose password has this hash.
    pub(super) fn generate(password_hash: &str) -> Self {
        Self(random_base62(COOKIE_LEN), DeviceCookie::of(password_hash))
    }

    /// The value itself, for `Set-Cookie`.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The cookie by which the browser is recognized at the next login.
    pub fn device(&self) -> &DeviceCookie {
        &self.1
    }
}

/// What the database knows a session cookie by; `None` if the value cannot be one.
pub(super) fn hash(cookie: &str) -> Option<SecretHash> {
    let is_ours = cookie.len() == COOKIE_LEN && cookie.bytes().all(|b| b.is_ascii_alphanumeric());
    is_ours.then(|| SecretHash::of(cookie))
}
