//! Refused calls that were noted and not yet written.

use std::{
    collections::BTreeMap,
    mem,
    sync::{Mutex, PoisonError},
};

use crate::{
    model::{timestamp::Timestamp, token::TokenId, usage::day},
    server::store::Refused,
};

/// The number of refused calls by token and day. Only tokens that exist are noted, so there are not more than those.
#[derive(Default)]
pub struct Refusals(Mutex<BTreeMap<(TokenId, i64), u32>>);

impl Refusals {
    pub fn note(&self, token: TokenId, now: Timestamp) {
        self.add(token, day(now), 1);
    }

    pub fn take(&self) -> Vec<Refused> {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = mem::take(&mut *noted).into_iter();
        taken
            .map(|((token, day), calls)| Refused { token, day, calls })
            .collect()
    }

    /// Puts back what could not be written.
    pub fn put_back(&self, refused: &Refused) {
        self.add(refused.token, refused.day, refused.calls);
    }

    fn add(&self, token: TokenId, day: i64, calls: u32) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_day = noted.entry((token, day)).or_default();
        *of_day = of_day.saturating_add(calls);
    }
}
