//! How often something may be tried.
//!
//! Each limit is the generic cell rate algorithm (ITU-T I.371), one cell per key: `N` at once, then
//! one every 60/`N` seconds. What is refused costs nothing, so whoever is slowed down gets on as
//! soon as the answer says. The counts live in this process and are gone with it; several nodes
//! each count for themselves.

use std::{
    fmt,
    hash::{BuildHasher, Hash, RandomState},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use governor::{
    NotUntil, Quota, RateLimiter,
    clock::Clock as _,
    middleware::{StateInformationMiddleware, StateSnapshot},
    state::{InMemoryState, NotKeyed, keyed::DashMapStateStore},
};

use super::clock::Clock;
use crate::domain::{
    address::Address, client::ClientId, error::AppError, session::SessionId, token::TokenId,
};

/// Keys that a limit remembers; newcomers then share one count until some are forgotten.
const MAX_KEYS: usize = 100_000;

/// So many per minute.
pub type PerMinute = NonZeroU32;

/// The settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitSettings {
    /// Logins to one account from one address.
    pub login: PerMinute,
    /// Logins from one address, whatever the account.
    pub login_address: PerMinute,
    /// Logins to one account from all addresses that it has not been logged in to from.
    pub login_account: PerMinute,
    /// Requests with one token.
    pub token: PerMinute,
    /// Requests with tokens that are not valid, from one address.
    pub bad_token: PerMinute,
    /// Changes by one client.
    pub change: PerMinute,
}

/// All limits.
#[derive(Clone)]
pub struct Limits {
    /// Knows nobody's email: what it is asked about is hashed with a key of its own.
    hasher: RandomState,
    login: Limit<(u64, Option<Address>)>,
    login_address: Limit<Option<Address>>,
    login_account: Limit<u64>,
    token: Limit<TokenId>,
    bad_token: Limit<Option<Address>>,
    change: Limit<Changer>,
}

/// Whose changes are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Changer {
    Client(ClientId),
    Session(SessionId),
}

impl Limits {
    /// With nothing counted yet.
    pub fn new(settings: LimitSettings, clock: &Clock) -> Self {
        Self {
            hasher: RandomState::new(),
            login: Limit::new("login", settings.login, clock),
            login_address: Limit::new("login_address", settings.login_address, clock),
            login_account: Limit::new("login_account", settings.login_account, clock),
            token: Limit::new("token", settings.token, clock),
            bad_token: Limit::new("bad_token", settings.bad_token, clock),
            change: Limit::new("change", settings.change, clock),
        }
    }

    /// One more try to log in to the account `email` from `address`.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`].
    pub fn login(&self, email: &str, address: Option<Address>) -> Result<(), AppError> {
        self.login_address.take(address)?;
        self.login.take((self.hasher.hash_one(email), address))?;
        Ok(())
    }

    /// One more try to log in to the account `email`, from an address that is new to it.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`].
    pub fn login_from_new_address(&self, email: &str) -> Result<(), AppError> {
        self.login_account.take(self.hasher.hash_one(email))?;
        Ok(())
    }

    /// One more request with a valid token, and what is left then.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`].
    pub fn token(&self, token: TokenId) -> (Allowance, Result<(), AppError>) {
        match self.token.take(token) {
            Ok(allowance) => (allowance, Ok(())),
            Err(error) => {
                let allowance = Allowance {
                    limit: self.token.per_minute,
                    remaining: 0,
                    reset: error.retry_after().unwrap_or_default(),
                };
                (allowance, Err(error))
            }
        }
    }

    /// One more request whose token is not valid.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`].
    pub fn bad_token(&self, address: Option<Address>) -> Result<(), AppError> {
        self.bad_token.take(address)?;
        Ok(())
    }

    /// One more change by a client.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`].
    pub fn change(&self, client: ClientId) -> Result<(), AppError> {
        self.change.take(Changer::Client(client))?;
        Ok(())
    }

    /// One more change that takes access away. Each session has a count of its own for these: whoever uses up those of
    /// a stolen session must not keep the owner from revoking and from ending it.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`].
    pub fn withdrawal(&self, session: SessionId) -> Result<(), AppError> {
        self.change.take(Changer::Session(session))?;
        Ok(())
    }
}

/// What is left of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Requests per minute.
    pub limit: PerMinute,
    /// Requests that may follow at once.
    pub remaining: u32,
    /// Seconds until all of them may; after a refusal, until the next one may.
    pub reset: u32,
}

type Cells<K> = RateLimiter<K, DashMapStateStore<K>, Monotonic, StateInformationMiddleware>;
type Shared = RateLimiter<NotKeyed, InMemoryState, Monotonic, StateInformationMiddleware>;

/// One limit.
#[derive(Clone)]
struct Limit<K: Clone + Eq + Hash> {
    name: &'static str,
    per_minute: PerMinute,
    clock: Monotonic,
    cells: Arc<Cells<K>>,
    newcomers: Arc<Shared>,
    /// For so many more keys there certainly is room.
    room: Arc<AtomicUsize>,
    swept_at: Arc<AtomicU64>,
}

impl<K: Clone + Eq + Hash + fmt::Debug> Limit<K> {
    fn new(name: &'static str, per_minute: PerMinute, clock: &Clock) -> Self {
        let clock = Monotonic(clock.clone());
        let quota = Quota::per_minute(per_minute);
        Self {
            name,
            per_minute,
            cells: Arc::new(
                RateLimiter::dashmap_with_clock(quota, clock.clone()).with_middleware(),
            ),
            newcomers: Arc::new(
                RateLimiter::direct_with_clock(quota, clock.clone()).with_middleware(),
            ),
            room: Arc::default(),
            swept_at: Arc::default(),
            clock,
        }
    }

    fn take(&self, key: K) -> Result<Allowance, AppError> {
        let taken = if self.has_room() {
            self.cells.check_key(&key)
        } else {
            self.newcomers.check()
        };
        match taken {
            Ok(snapshot) => Ok(self.left(&snapshot)),
            Err(not_until) => Err(self.refuse(&not_until)),
        }
    }

    /// To count the keys takes a lock for each part of the map. Nobody brings more than one, so they are not counted
    /// again before all the room that there was may be taken.
    fn has_room(&self) -> bool {
        let less = |room: usize| room.checked_sub(1);
        let relaxed = Ordering::Relaxed;
        if self.room.fetch_update(relaxed, relaxed, less).is_ok() {
            return true;
        }
        let mut room = MAX_KEYS.saturating_sub(self.cells.len());
        if room == 0 {
            self.forget();
            room = MAX_KEYS.saturating_sub(self.cells.len());
        }
        self.room.store(room.saturating_sub(1), relaxed);
        room > 0
    }

    /// Forgets those who have waited long enough, once a second at most: it means a look at everybody.
    fn forget(&self) {
        let now = self.clock.now().as_secs();
        if self.swept_at.swap(now, Ordering::Relaxed) != now {
            self.cells.retain_recent();
        }
    }

    fn left(&self, snapshot: &StateSnapshot) -> Allowance {
        let remaining = snapshot.remaining_burst_capacity();
        let used = self.per_minute.get().saturating_sub(remaining);
        let reset = u64::from(used) * 60 / u64::from(self.per_minute.get());
        Allowance {
            limit: self.per_minute,
            remaining,
            reset: u32::try_from(reset).unwrap_or(60).max(1),
        }
    }

    fn refuse(&self, not_until: &NotUntil<Duration>) -> AppError {
        let wait = not_until.wait_time_from(self.clock.now());
        // Rounded up: a second before that it would be refused again.
        let retry_after = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let retry_after = u32::try_from(retry_after).unwrap_or(u32::MAX).max(1);
        tracing::warn!(limit = self.name, retry_after, "too many requests");
        AppError::TooManyRequests { retry_after }
    }
}

/// Time as limits measure it: it only ever goes forward, whatever is done to the clock on the wall.
#[derive(Clone, Debug)]
struct Monotonic(Clock);

impl governor::clock::Clock for Monotonic {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.uptime()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn per_minute(count: u32) -> PerMinute {
        PerMinute::new(count).unwrap()
    }

    fn limit(count: u32) -> (Limit<u64>, Clock) {
        let clock = Clock::stopped();
        (Limit::new("test", per_minute(count), &clock), clock)
    }

    #[test]
    fn the_limit_is_reached_and_waited_out_as_the_answer_says() {
        let (limit, clock) = limit(6);
        for left in (0..6).rev() {
            assert_eq!(limit.take(1).unwrap().remaining, left);
        }
        let Err(AppError::TooManyRequests { retry_after }) = limit.take(1) else {
            panic!("the seventh is too many");
        };
        assert_eq!(retry_after, 10);
        clock.advance(i64::from(retry_after) - 1);
        assert!(limit.take(1).is_err(), "a second too early");
        clock.advance(1);
        assert!(limit.take(1).is_ok());
        assert!(limit.take(1).is_err(), "one, and no more");
    }

    #[test]
    fn what_is_refused_costs_nothing() {
        let (limit, clock) = limit(6);
        for _ in 0..1_000 {
            let _ = limit.take(1);
        }
        clock.advance(10);
        assert!(limit.take(1).is_ok());
    }

    #[test]
    fn each_key_has_a_count_of_its_own() {
        let (limit, _) = limit(1);
        assert!(limit.take(1).is_ok());
        assert!(limit.take(1).is_err());
        assert!(limit.take(2).is_ok());
    }

    #[test]
    fn a_clock_set_back_opens_nothing_and_shuts_nothing_out_for_long() {
        let (limit, clock) = limit(1);
        assert!(limit.take(1).is_ok());
        clock.advance(-3600);
        assert!(limit.take(1).is_err());
        clock.advance(3600 + 60);
        assert!(limit.take(1).is_ok());
    }

    #[test]
    fn the_memory_is_bounded_and_newcomers_then_share_one_count() {
        let (limit, clock) = limit(2);
        for key in 0..MAX_KEYS as u64 {
            assert!(limit.take(key).is_ok());
        }
        for key in 0..2 {
            assert!(limit.take(u64::MAX - key).is_ok());
        }
        assert!(limit.take(u64::MAX - 2).is_err());
        assert_eq!(limit.cells.len(), MAX_KEYS);
        clock.advance(120);
        assert!(limit.take(u64::MAX).is_ok(), "the others are forgotten");
        assert!(limit.cells.len() < MAX_KEYS);
    }
}
