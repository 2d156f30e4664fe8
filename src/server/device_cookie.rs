//! The device cookie (OWASP), by which a browser that a client has logged in with is recognized at the next login.
//!
//! Attackers who guess passwords do not have it, so they cannot use up the limit of logins with it. It grants nothing: a
//! login takes the password with or without it. A browser keeps one value, for the account that it last logged in to.

use std::fmt::Write;

use super::token_secret::SecretHash;

/// The value of a device cookie.
pub struct DeviceCookie(String);

impl DeviceCookie {
    /// Derives that of the account with the password hash `stored`. The hash has a random, secret salt, so the value
    /// reveals nothing and cannot be forged; it changes with the password.
    pub(super) fn of(stored: &str) -> Self {
        let SecretHash(hash) = SecretHash::of(&format!("device cookie {stored}"));
        Self(hash.iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("writing to a string does not fail");
            hex
        }))
    }

    /// The value itself, for `Set-Cookie`.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Whether `presented` is the cookie of the account with the password hash `stored`. Takes as long if there is none.
pub fn is_known(presented: &str, stored: Option<&str>) -> bool {
    let right = DeviceCookie::of(stored.unwrap_or_default());
    // Hashes are compared, so the time reveals nothing about the right value.
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
