//! Generating, parsing and hashing the secrets of tokens.
//!
//! `ot_live_` + 32 random base62 characters + 6 base62 characters of the CRC32 of all before them.
//! By the checksum a mistyped or truncated token is refused without a database lookup, and secret scanners tell a token from
//! text that resembles one.

use rand::{
    TryRng,
    distr::{Alphanumeric, SampleString},
    rand_core::UnwrapErr,
    rngs::SysRng,
};
use sha2::{Digest, Sha256};

use crate::model::{
    error::AppError,
    secret::{CHECKSUM_LEN, PREFIX, RANDOM_LEN, TOKEN_LEN, TokenSecret},
};

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The SHA-256 hash of a secret, which the database holds instead of it.
///
/// A fast hash without a salt is enough: the secret has 190 bits of entropy, and cannot be guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SecretHash(pub [u8; 32]);

impl SecretHash {
    /// Hashes any secret made of random characters.
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }
}

impl TokenSecret {
    /// Generates a token with the operating system's random number generator.
    ///
    /// # Panics
    /// If the operating system has no random numbers to give.
    pub fn generate() -> Self {
        let mut token = format!("{PREFIX}{}", random_base62(RANDOM_LEN));
        let checksum = checksum(&token);
        token.extend(checksum.map(char::from));
        Self(token)
    }

    /// Parses a presented token; `None` if its prefix, length, alphabet or checksum is wrong.
    pub fn parse(presented: &[u8]) -> Option<Self> {
        let token = std::str::from_utf8(presented).ok()?;
        let rest = token.strip_prefix(PREFIX)?;
        if token.len() != TOKEN_LEN || !rest.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        let (body, sum) = token.split_at(TOKEN_LEN - CHECKSUM_LEN);
        (checksum(body) == sum.as_bytes()).then(|| Self(token.to_owned()))
    }

    /// The hash by which the database finds it.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(self.expose())
    }
}

/// `len` random characters of base62, uniformly distributed.
///
/// # Panics
/// If the operating system has no random numbers to give.
pub fn random_base62(len: usize) -> String {
    sample(SysRng, len)
}

fn sample<R: TryRng>(rng: R, len: usize) -> String {
    Alphanumeric.sample_string(&mut UnwrapErr(rng), len)
}

/// The CRC32 of `body` (ISO-HDLC, as in zip and PNG), in base62, padded with zeros.
fn checksum(body: &str) -> [u8; CHECKSUM_LEN] {
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut digits = [b'0'; CHECKSUM_LEN];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    digits
}

/// Refuses a text that is stored and shown and contains a whole token, pasted into the wrong field.
///
/// # Errors
/// [`AppError::Invalid`] for `field`.
pub fn check_public(field: &str, text: &str) -> Result<(), AppError> {
    if holds_secret(text) {
        let message = "This contains an API token. What is saved here isn't secret.";
        return Err(AppError::invalid(field, message));
    }
    Ok(())
}

/// Whether a text contains a whole token.
pub fn holds_secret(text: &str) -> bool {
    text.match_indices(PREFIX)
        .filter_map(|(at, _)| text.as_bytes().get(at..at + TOKEN_LEN))
        .any(|token| TokenSecret::parse(token).is_some())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    /// Random part and checksum, worked out with Python: zlib.crc32 and divmod by 62. In two parts,
    /// because nothing that scanners take for a token is to be in the source.
    const KNOWN: [(&str, &str); 3] = [
        ("00000000000000000000000000000000", "3mYoaL"),
        ("abcdefghijklmnopqrstuvwxyzABCDEF", "0HFA0V"),
        ("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "2nYzKp"),
    ];

    #[test]
    fn known_tokens_parse_and_keep_their_checksum() {
        for (random, checksum) in KNOWN {
            let token = format!("{PREFIX}{random}{checksum}");
            assert_eq!(
                TokenSecret::parse(token.as_bytes()).unwrap().expose(),
                token
            );
        }
    }

    #[test]
    fn the_hash_is_sha_256_of_the_whole_token() {
        // FIPS 180-4, the example of one block.
        let expected = [
            0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae,
            0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61,
            0xf2, 0x00, 0x15, 0xad,
        ];
        assert_eq!(SecretHash::of("abc").0, expected);
    }

    #[test]
    fn generated_tokens_are_well_formed_and_differ() {
        let tokens: HashSet<String> = (0..10_000)
            .map(|_| TokenSecret::generate().expose().to_owned())
            .collect();
        assert_eq!(tokens.len(), 10_000);
        for token in &tokens {
            assert_eq!(token.len(), 46);
            assert!(TokenSecret::parse(token.as_bytes()).is_some(), "{token}");
        }
        let used: HashSet<char> = tokens.iter().flat_map(|t| t[8..40].chars()).collect();
        assert_eq!(used.len(), 62, "every character of the alphabet is drawn");
    }

    #[test]
    fn every_single_character_typo_is_refused() {
        let token = TokenSecret::generate();
        for at in 0..TOKEN_LEN {
            for other in BASE62 {
                let mut typo = token.expose().as_bytes().to_vec();
                if typo[at] != *other {
                    typo[at] = *other;
                    assert_eq!(TokenSecret::parse(&typo), None, "{at}");
                }
            }
        }
    }

    #[test]
    fn a_secret_cannot_be_printed() {
        let secret = TokenSecret::generate();
        assert_eq!(format!("{secret:?}"), "TokenSecret(masked)");
        assert_eq!(secret.hint(), &secret.expose()[42..]);
    }

    #[test]
    #[should_panic(expected = "no entropy")]
    fn a_silent_random_generator_makes_no_token() {
        struct Silent;
        #[derive(Debug)]
        struct NoEntropy;
        impl std::fmt::Display for NoEntropy {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("no entropy")
            }
        }
        impl std::error::Error for NoEntropy {}
        impl TryRng for Silent {
            type Error = NoEntropy;
            fn try_next_u32(&mut self) -> Result<u32, NoEntropy> {
                Err(NoEntropy)
            }
            fn try_next_u64(&mut self) -> Result<u64, NoEntropy> {
                Err(NoEntropy)
            }
            fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), NoEntropy> {
                Err(NoEntropy)
            }
        }
        let _ = sample(Silent, RANDOM_LEN);
    }

    proptest! {
        #[test]
        fn anything_that_parses_is_a_whole_token(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(TokenSecret::parse(&bytes), None);
        }

        #[test]
        fn a_cut_or_lengthened_token_is_refused(cut in 0..TOKEN_LEN, tail in "[0-9A-Za-z]{1,8}") {
            let token = TokenSecret::generate();
            prop_assert_eq!(TokenSecret::parse(&token.expose().as_bytes()[..cut]), None);
            let longer = format!("{}{tail}", token.expose());
            prop_assert_eq!(TokenSecret::parse(longer.as_bytes()), None);
        }
    }

    #[test]
    fn a_name_that_holds_a_whole_token_is_seen() {
        let token = TokenSecret::generate();
        let token = token.expose();
        assert!(holds_secret(token));
        assert!(holds_secret(&format!("ot_live_ é my {token}.")));
        assert!(!holds_secret(&token[..TOKEN_LEN - 1]));
        assert!(!holds_secret("ot_live_"));
        assert!(!holds_secret("My ot_live_ token 2026"));
    }
}
