//! The device cookie (OWASP): by it a browser that a client has logged in with is known at the next login.
//!
//! Whoever guesses passwords cannot have it, so what they use up is never what the owner needs. It gives no right: with
//! it and without it a login takes the password. One value is kept, for the account that was last logged in to.

use std::fmt::Write;

use super::token_secret::SecretHash;

/// The value of a device cookie.
pub struct DeviceCookie(String);

impl DeviceCookie {
    /// That of the account whose password hash is `stored`. The hash has a random salt that nobody outside knows, so
    /// the value tells nothing, nor can it be made up; it changes with the password.
    pub(super) fn of(stored: &str) -> Self {
        let SecretHash(hash) = SecretHash::of(&format!("device cookie {stored}"));
        Self(hash.iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("a text can be written to");
            hex
        }))
    }

    /// The value itself, for `Set-Cookie`.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Whether `presented` is the cookie of the account whose password hash is `stored`. It takes as long where there is none.
pub fn is_known(presented: &str, stored: Option<&str>) -> bool {
    let right = DeviceCookie::of(stored.unwrap_or_default());
    // Compared by their hashes: how long that takes tells nothing of what would be right.
    let is_right = SecretHash::of(presented) == SecretHash::of(right.expose());
    is_right && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_known_by_the_account_whose_hash_it_was_made_of() {
        let stored = "$argon2id$v=19$m=19456,t=2,p=1$salt$hash";
        let cookie = DeviceCookie::of(stored);
        assert!(is_known(cookie.expose(), Some(stored)));
        assert!(!is_known(cookie.expose(), Some("another")));
        assert!(!is_known(cookie.expose(), None));
        assert!(!is_known(DeviceCookie::of("").expose(), None));
        for other in ["", "x", &cookie.expose()[1..], stored] {
            assert!(!is_known(other, Some(stored)), "{other}");
        }
    }
}
