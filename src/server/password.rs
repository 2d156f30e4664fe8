//! Passwords: argon2id, off the async threads, a few at a time.

mod hash;
mod judge;
mod queue;

use std::{sync::Arc, thread::available_parallelism};

use thiserror::Error;
use tokio::sync::Semaphore;

pub use self::queue::{Place, Standing};
use self::{
    hash::{decoy, hash, verify},
    judge::is_guessed_early,
    queue::Queue,
};
use super::{error::Failure, workers::Workers};
use crate::model::error::AppError;

/// The shortest password, in characters: NIST SP 800-63B-4 where it is the only factor.
pub const MIN_LEN: usize = 15;
/// The longest password, in bytes.
pub const MAX_BYTES: usize = 1024;

/// A password as typed. It cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// What a person gives to log in. Its length is not judged, so that no rule shows here.
    pub fn typed(text: String) -> Self {
        Self(text)
    }

    /// A password to be set, if it is neither too short nor too long.
    fn of_length(text: &str) -> Result<Self, String> {
        if text.len() > MAX_BYTES {
            return Err(format!("Use {MAX_BYTES} bytes or fewer."));
        }
        if text.chars().count() < MIN_LEN {
            return Err(format!(
                "Use {MIN_LEN} characters or more. Long phrases are fine."
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Why a password could not be hashed.
#[derive(Debug, Error)]
pub enum PasswordError {
    /// Too many are waiting already.
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// The hash function failed.
    #[error("hashing failed")]
    Hash(#[from] argon2::password_hash::Error),
    /// The hash function panicked.
    #[error("hashing was cut off")]
    Gone,
}

/// What a typed password is, next to a stored hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the one.
    Right,
    /// It is the one, and its hash is weaker than what is made today: hash it again.
    RightButWeak,
    /// It is not.
    Wrong,
}

/// Judges, hashes and verifies passwords on as many threads as there are cores, less one.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    queue: Arc<Queue>,
    workers: Workers,
    /// A hash that no password has, so that unknown clients cost the same work.
    decoy: Arc<str>,
}

impl Passwords {
    /// # Panics
    /// If argon2 refuses its own parameters.
    pub fn new() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        let permits = cores.saturating_sub(1).max(1);
        let decoy = decoy().expect("the parameters are valid");
        Self {
            permits: Arc::new(Semaphore::new(permits)),
            queue: Arc::new(Queue::new(permits)),
            workers: Workers::start(permits),
            decoy: decoy.into(),
        }
    }

    /// A password to be set, by somebody of whom anybody might know `own_words`. To judge it is work, so whoever asks
    /// is counted before, and it waits for its turn like a hash.
    ///
    /// # Errors
    /// [`AppError::Invalid`]: `field` is refused, because the password is too short, too long or too easily guessed.
    /// Too many are waiting.
    pub async fn accept(
        &self,
        field: &str,
        text: &str,
        own_words: &[&str],
    ) -> Result<Password, Failure> {
        let refuse = |message: String| Failure::from(AppError::invalid(field, message));
        let password = Password::of_length(text).map_err(refuse)?;
        let typed = password.clone();
        let words: Vec<String> = own_words.iter().map(|word| (*word).to_owned()).collect();
        let place = self.place(Standing::Known)?;
        let judge = move || is_guessed_early(&typed.0, &words);
        if self.in_turn(place, judge).await? {
            return Err(refuse(
                "This is among the passwords that are guessed first. Use a longer phrase of your own."
                    .to_owned(),
            ));
        }
        Ok(password)
    }

    /// Hashes a password to be stored, with a new salt, as a PHC string.
    ///
    /// # Errors
    /// Too many are waiting, or hashing failed.
    pub async fn hash(&self, password: Password) -> Result<String, PasswordError> {
        let place = self.place(Standing::Known)?;
        self.in_turn(place, move || hash(&password))
            .await?
            .map_err(Into::into)
    }

    /// A place in the queue, for [`verify_at`](Self::verify_at).
    ///
    /// # Errors
    /// Too many of that standing are waiting.
    pub fn place(&self, standing: Standing) -> Result<Place, PasswordError> {
        self.queue.enter(standing).ok_or(PasswordError::Busy)
    }

    /// Verifies the password of somebody who is known: see [`verify_at`](Self::verify_at).
    ///
    /// # Errors
    /// Too many are waiting, or the stored hash cannot be read.
    pub async fn verify(
        &self,
        password: Password,
        stored: Option<String>,
    ) -> Result<Verdict, PasswordError> {
        let place = self.place(Standing::Known)?;
        self.verify_at(place, password, stored).await
    }

    /// Verifies a typed password against a stored hash, or against the decoy where there is none.
    ///
    /// # Errors
    /// The stored hash cannot be read.
    pub async fn verify_at(
        &self,
        place: Place,
        password: Password,
        stored: Option<String>,
    ) -> Result<Verdict, PasswordError> {
        let is_known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.to_string());
        let verdict = self
            .in_turn(place, move || verify(&password, &stored))
            .await??;
        Ok(if is_known { verdict } else { Verdict::Wrong })
    }

    /// The threads that hash, with what they have done. One piece of work is one hash, or one judgement of a password
    /// to be set.
    pub fn workers(&self) -> &Workers {
        &self.workers
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        _place: Place,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let permit = self
            .permits
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| PasswordError::Busy)?;
        let done = self.workers.run(move || {
            // The work goes on when the caller leaves, so the permit is its own, not the caller's.
            let _permit = permit;
            work()
        });
        done.await.map_err(|_| PasswordError::Gone)
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};

    use super::*;

    fn typed(text: &str) -> Password {
        Password::typed(text.to_owned())
    }

    #[tokio::test]
    async fn the_right_password_is_told_from_all_others() {
        let passwords = Passwords::new();
        let stored = passwords
            .hash(typed("correct horse battery staple"))
            .await
            .unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
        for (text, verdict) in [
            ("correct horse battery staple", Verdict::Right),
            ("correct horse battery stapl", Verdict::Wrong),
            ("correct horse battery staple ", Verdict::Wrong),
            ("Correct horse battery staple", Verdict::Wrong),
            ("", Verdict::Wrong),
        ] {
            let got = passwords
                .verify(typed(text), Some(stored.clone()))
                .await
                .unwrap();
            assert_eq!(got, verdict, "{text:?}");
        }
    }

    #[tokio::test]
    async fn without_a_stored_hash_every_password_is_wrong_after_the_same_work() {
        let passwords = Passwords::new();
        let got = passwords.verify(typed("anything at all"), None).await;
        assert_eq!(got.unwrap(), Verdict::Wrong);
        let stored = passwords.hash(typed("anything at all")).await.unwrap();
        let work = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(work(&passwords.decoy), work(&stored));
        assert_eq!(passwords.decoy.len(), stored.len());
    }

    #[tokio::test]
    async fn a_weaker_hash_asks_to_be_replaced_and_a_monstrous_one_is_refused() {
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(1024, 1, 1, None).unwrap(),
        )
        .hash_password(b"correct horse battery staple")
        .unwrap()
        .to_string();
        let passwords = Passwords::new();
        let got = passwords
            .verify(typed("correct horse battery staple"), Some(weak.clone()))
            .await;
        assert_eq!(got.unwrap(), Verdict::RightButWeak);
        let monstrous = weak.replace("m=1024", "m=4000000");
        assert!(passwords.verify(typed("x"), Some(monstrous)).await.is_err());
    }

    #[test]
    fn new_passwords_are_measured_in_characters_and_in_bytes() {
        let new = Password::of_length;
        let letters: String = "éàùçñøßþðæ漢字仮名交"
            .chars()
            .cycle()
            .take(MIN_LEN)
            .collect();
        assert!(new(&letters).is_ok());
        let cut: String = letters.chars().take(MIN_LEN - 1).collect();
        assert!(new(&cut).is_err());
        let phrase = "many words follow one another here. ".repeat(30);
        assert!(new(&phrase[..MAX_BYTES]).is_ok());
        assert!(new(&phrase[..=MAX_BYTES]).is_err());
    }

    #[tokio::test]
    async fn judging_is_done_by_the_threads_that_hash_once_the_length_is_right() {
        let passwords = Passwords::new();
        let judge = async |text: &str| passwords.accept("p", text, &["acme"]).await.is_ok();
        let too_long = "a".repeat(MAX_BYTES + 1);
        for (text, is_accepted, is_work) in [
            ("14 characters.", false, 0),
            (too_long.as_str(), false, 0),
            ("passwordpassword", false, 1),
            ("correct horse battery staple", true, 1),
        ] {
            let before = passwords.workers().done();
            assert_eq!(judge(text).await, is_accepted, "{text}");
            assert_eq!(passwords.workers().done() - before, is_work, "{text}");
        }
    }
}
