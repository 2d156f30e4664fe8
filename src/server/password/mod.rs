//! Passwords: argon2id, off the async threads, a few at a time.

mod error;
mod hash;
mod imported;
mod judge;
mod queue;
#[cfg(test)]
mod tests;
mod typed;

use std::{sync::Arc, thread::available_parallelism, time::Instant};

pub use self::{
    error::PasswordError,
    hash::Verdict,
    imported::is_importable,
    queue::{Place, Standing},
    typed::{MAX_BYTES, MIN_LEN, Password},
};
use self::{
    hash::{decoy, hash, verify},
    judge::is_guessed_early,
    queue::Queue,
};
use super::{error::Failure, metrics, workers::Workers};
use crate::model::error::AppError;

/// Judges, hashes and verifies passwords on as many threads as there are cores, less one.
#[derive(Clone)]
pub struct Passwords {
    queue: Arc<Queue>,
    workers: Workers,
    /// A hash that no password has, so that an unknown client costs the same work.
    decoy: Arc<str>,
}

impl Passwords {
    /// # Panics
    /// If argon2 refuses its own parameters.
    pub fn new() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        let threads = cores.saturating_sub(1).max(1);
        let decoy = decoy().expect("the parameters are valid");
        Self {
            queue: Arc::new(Queue::new(threads)),
            workers: Workers::start(threads),
            decoy: decoy.into(),
        }
    }

    /// Validates a password to be set by a client whose names and addresses are `own_words`. Judging it is expensive, so
    /// it is queued like a hash, and callers apply a rate limit first.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for `field` if the password is too short, too long, too easily guessed or has characters that
    /// no form sends; too many are queued.
    pub async fn accept(
        &self,
        field: &str,
        text: &str,
        own_words: &[&str],
    ) -> Result<Password, Failure> {
        let refuse = |message: String| Failure::from(AppError::invalid(field, message));
        let password = Password::new(text).map_err(refuse)?;
        let typed = password.clone();
        let words: Vec<String> = own_words.iter().map(|word| (*word).to_owned()).collect();
        let place = self.place(Standing::Known)?;
        let judge = move || is_guessed_early(&typed.prepared(), &words);
        if self.in_turn(place, judge).await? {
            return Err(refuse(
                "This password is too easy to guess. Try a longer, more unusual phrase.".to_owned(),
            ));
        }
        Ok(password)
    }

    /// Hashes a password to be stored, with a new salt, as a PHC string.
    ///
    /// # Errors
    /// Too many are queued, or hashing failed.
    pub async fn hash(&self, password: Password) -> Result<String, PasswordError> {
        let place = self.place(Standing::Known)?;
        self.in_turn(place, move || hash(&password))
            .await?
            .map_err(Into::into)
    }

    /// A place in the queue, for [`verify_at`](Self::verify_at).
    ///
    /// # Errors
    /// Too many of that standing are queued.
    pub fn place(&self, standing: Standing) -> Result<Place, PasswordError> {
        self.queue.enter(standing).ok_or(PasswordError::Busy)
    }

    /// Verifies the password of a client who is known: see [`verify_at`](Self::verify_at).
    ///
    /// # Errors
    /// Too many are queued, or the stored hash cannot be parsed.
    pub async fn verify(
        &self,
        password: Password,
        stored: Option<String>,
    ) -> Result<Verdict, PasswordError> {
        let place = self.place(Standing::Known)?;
        self.verify_at(place, password, stored, None).await
    }

    /// Verifies a typed password against a stored hash, or against the decoy if there is none.
    ///
    /// `bcrypt_cost` is the highest cost of all hashes of bcrypt that are stored. As long as there are any, each verification
    /// takes as long as that and argon2id together, whatever kind the stored hash is of, so that its time says nothing of
    /// the account.
    ///
    /// # Errors
    /// The stored hash cannot be parsed.
    pub async fn verify_at(
        &self,
        place: Place,
        password: Password,
        stored: Option<String>,
        bcrypt_cost: Option<u32>,
    ) -> Result<Verdict, PasswordError> {
        let is_known = stored.is_some();
        let decoy = Arc::clone(&self.decoy);
        let check = move || {
            let stored = stored.as_deref().unwrap_or(&decoy);
            let cost = imported::cost(stored);
            if let Some(highest) = bcrypt_cost {
                imported::work(cost, highest);
            }
            let Some(_) = cost else {
                return verify(&password, stored);
            };
            let is_right = imported::verify(password.typed_bytes(), stored);
            verify(&password, &decoy)?;
            Ok(if is_right {
                Verdict::RightButWeak
            } else {
                Verdict::Wrong
            })
        };
        let verdict = self.in_turn(place, check).await??;
        Ok(if is_known { verdict } else { Verdict::Wrong })
    }

    /// Each standing with its places in the queue that are taken, and how many it has.
    pub fn places(&self) -> [(Standing, usize, usize); 3] {
        self.queue.places()
    }

    /// The threads that hash, with their counts. One job is one hash, or one judgement of a password to be set.
    pub fn workers(&self) -> &Workers {
        &self.workers
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        _place: Place,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let began = Instant::now();
        let done = self.workers.run(work).await;
        metrics::PASSWORDS.since(began);
        done.map_err(|_| PasswordError::Gone)
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}
