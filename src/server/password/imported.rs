//! Hashes that clients bring along from another system, on the calling thread.

use argon2::{Params, password_hash::phc::PasswordHash};

/// The costs of bcrypt that are taken: of the last, a hash takes about a second.
const COSTS: std::ops::RangeInclusive<u32> = 4..=14;
/// The most memory of argon2id, in KiB, and the most passes and lanes.
const MOST: (u32, u32, u32) = (128 * 1024, 16, 16);

/// Whether a hash may be imported: bcrypt (`$2a$`, `$2b$`, `$2y$`) of cost 4 to 14, or argon2id that takes no more than 128
/// MiB and 16 passes.
pub fn is_importable(hash: &str) -> bool {
    cost(hash).is_some_and(|cost| COSTS.contains(&cost)) || is_argon2id(hash)
}

fn is_argon2id(hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else {
        return false;
    };
    let (memory, passes, lanes) = MOST;
    hash.algorithm.as_str() == "argon2id"
        && hash.salt.is_some()
        && hash.hash.is_some()
        && Params::try_from(&hash).is_ok_and(|params| {
            params.m_cost() <= memory && params.t_cost() <= passes && params.p_cost() <= lanes
        })
}

/// The cost of a hash of bcrypt. `None`: it is not one.
pub(super) fn cost(hash: &str) -> Option<u32> {
    let is_known = ["$2a$", "$2b$", "$2y$"]
        .iter()
        .any(|mark| hash.starts_with(mark));
    let parts = hash.parse::<bcrypt::HashParts>().ok()?;
    is_known.then(|| parts.get_cost())
}

/// Whether a password is the one of a hash of bcrypt. Of a longer password the first 72 bytes count, as they do in PHP.
pub(super) fn verify(typed: &[u8], hash: &str) -> bool {
    bcrypt::verify(typed, hash).unwrap_or(false)
}

/// Works as long as a hash of cost `to` takes longer than one of cost `from`; `None`: as a hash of cost `to` takes. Each cost
/// takes twice as long as the one before.
pub(super) fn work(from: Option<u32>, to: u32) {
    let once = |cost| {
        std::hint::black_box(bcrypt::bcrypt(cost, [0; 16], b"decoy\0"));
    };
    match from {
        None => once(to),
        Some(from) => (from..to).for_each(once),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashes_that_can_be_checked_in_bounded_time_are_taken() {
        let hash = bcrypt::hash_with_salt("x", 4, [7; 16]).unwrap().to_string();
        let salt_and_hash = &hash[7..];
        let argon2 = |name: &str, memory: u32, passes: u32| {
            let rest = "p=1$c29tZXNhbHRzb21lc2FsdA$6mNxuJ0NXm0mHvJr9oTXkCxdYx1nKzZOlzcTRzRgsGs";
            format!("${name}$v=19$m={memory},t={passes},{rest}")
        };
        for (hash, is_taken) in [
            (format!("$2y$04${salt_and_hash}"), true),
            (format!("$2a$14${salt_and_hash}"), true),
            (format!("$2b$10${salt_and_hash}"), true),
            (format!("$2x$10${salt_and_hash}"), false),
            (format!("$2y$03${salt_and_hash}"), false),
            (format!("$2y$15${salt_and_hash}"), false),
            (format!("$2y$31${salt_and_hash}"), false),
            ("$2y$10$short".to_owned(), false),
            (argon2("argon2id", 19_456, 2), true),
            (argon2("argon2id", 1_048_576, 2), false),
            (argon2("argon2id", 19_456, 99), false),
            (argon2("argon2i", 19_456, 2), false),
            ("5f4dcc3b5aa765d61d8327deb882cf99".to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(is_importable(&hash), is_taken, "{hash}");
        }
    }

    #[test]
    fn a_long_password_counts_as_far_as_bcrypt_reads_it() {
        let long = "x".repeat(100);
        let hash = bcrypt::hash_with_salt(&long, 4, [7; 16]).unwrap();
        let hash = hash.format_for_version(bcrypt::Version::TwoY);
        assert!(verify(long.as_bytes(), &hash));
        assert!(verify("x".repeat(72).as_bytes(), &hash));
        assert!(!verify("x".repeat(71).as_bytes(), &hash));
    }
}
