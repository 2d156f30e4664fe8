//! How often something may be tried.
//!
//! Each limit is the generic cell rate algorithm (ITU-T I.371), one cell per key: `N` at once, then
//! one every 60/`N` seconds. What is refused costs nothing, so whoever is slowed down gets on as
//! soon as the answer says. The counts live in this process and are gone with it; several nodes
//! each count for themselves.

mod limit;

use std::{
    hash::{BuildHasher, RandomState},
    num::NonZeroU32,
};

use governor::Quota;

use self::limit::Limit;
pub use self::limit::Refusal;
use super::clock::Clock;
use crate::model::{
    address::{Address, Network, SITE, SUBSCRIBER},
    client::ClientId,
    error::AppError,
    session::SessionId,
    token::TokenId,
};

/// So many per minute.
pub type PerMinute = NonZeroU32;

/// The settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitSettings {
    /// Logins to one account from one address.
    pub login: PerMinute,
    /// Logins from one address, whatever the account.
    pub login_address: PerMinute,
    /// Logins to one account by everybody of whom it does not know the browser or the address.
    pub login_account: PerMinute,
    /// Requests with one token.
    pub token: PerMinute,
    /// Requests with the same token that is not valid, or without one, from one address.
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
    login_subscriber: Limit<Option<Network>>,
    login_site: Limit<Option<Network>>,
    login_account: Limit<u64>,
    login_newcomer: Limit<Option<Network>>,
    login_browser: Limit<u64>,
    password: Limit<SessionId>,
    token: Limit<TokenId>,
    bad_token: Limit<(Option<Address>, u64)>,
    change: Limit<Changer>,
}

/// Whose changes are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Changer {
    Client(ClientId),
    Session(SessionId),
}

const TWO: NonZeroU32 = NonZeroU32::new(2).unwrap();
const FOUR: NonZeroU32 = NonZeroU32::new(4).unwrap();
/// Tries to log in that each network has on top, in an hour, where others have used up what all share.
const NEWCOMERS: NonZeroU32 = NonZeroU32::new(3).unwrap();

impl Limits {
    /// With nothing counted yet.
    pub fn new(settings: LimitSettings, clock: &Clock) -> Self {
        let LimitSettings {
            login,
            login_address,
            ..
        } = settings;
        // A home has many addresses of IPv6 and a site even more, but not as many more people.
        let times = |factor| login_address.saturating_mul(factor);
        let (twice, four_times) = (times(TWO), times(FOUR));
        let newcomers = Quota::per_hour(NEWCOMERS);
        Self {
            hasher: RandomState::new(),
            login: Limit::new("login", login, clock),
            login_address: Limit::new("login_address", login_address, clock),
            login_subscriber: Limit::new("login_subscriber", twice, clock),
            login_site: Limit::new("login_site", four_times, clock),
            login_account: Limit::new("login_account", settings.login_account, clock),
            login_newcomer: Limit::with_quota("login_newcomer", newcomers, clock),
            login_browser: Limit::new("login_browser", login, clock),
            password: Limit::new("password", login, clock),
            token: Limit::new("token", settings.token, clock),
            bad_token: Limit::new("bad_token", settings.bad_token, clock),
            change: Limit::new("change", settings.change, clock),
        }
    }

    /// One more try to log in to the account `email` from `address`.
    ///
    /// # Errors
    /// There were too many.
    pub fn login(&self, email: &str, address: Option<Address>) -> Result<(), Refusal> {
        self.login_address.take(address)?;
        self.login.take((self.hasher.hash_one(email), address))?;
        Ok(())
    }

    /// One more try to log in to the account `email`, as everybody may make it: counted with those of the networks
    /// around `address`, and with those of all others to the same account.
    ///
    /// # Errors
    /// There were too many.
    pub fn login_by_anybody(&self, email: &str, address: Option<Address>) -> Result<(), Refusal> {
        let within = |bits| address.map(|address| address.network(bits));
        self.login_subscriber.take(within(SUBSCRIBER))?;
        self.login_site.take(within(SITE))?;
        self.login_account.take(self.hasher.hash_one(email))?;
        Ok(())
    }

    /// One more of the few tries that each network has for itself. Whoever guesses from many networks uses up their
    /// own, and never that of the network where the owner is.
    ///
    /// # Errors
    /// There were too many.
    pub fn login_by_newcomer(&self, address: Option<Address>) -> Result<(), Refusal> {
        let network = address.map(|address| address.network(SUBSCRIBER));
        self.login_newcomer.take(network)?;
        Ok(())
    }

    /// One more try to log in to the account `email` with a browser that has been logged in to it.
    ///
    /// # Errors
    /// There were too many.
    pub fn login_by_browser(&self, email: &str) -> Result<(), Refusal> {
        self.login_browser.take(self.hasher.hash_one(email))?;
        Ok(())
    }

    /// One more try to change the password, by whoever has the session. It has a count of its own: with that of the
    /// logins, whoever guesses at the same address would keep the client from it.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`].
    pub fn password(&self, session: SessionId) -> Result<(), AppError> {
        self.password.take(session)?;
        Ok(())
    }

    /// One more request with a valid token, and what is left then.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`].
    pub fn token(&self, token: TokenId) -> (Allowance, Result<(), AppError>) {
        match self.token.take(token) {
            Ok(allowance) => (allowance, Ok(())),
            Err(refusal) => (refusal.allowance(), Err(refusal.into())),
        }
    }

    /// One more request with `presented`, which is no valid token. Whoever sends something else from the same address
    /// is not counted with it, and gets the answer that is right for them.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`].
    pub fn bad_token(&self, address: Option<Address>, presented: &[u8]) -> Result<(), AppError> {
        self.bad_token
            .take((address, self.hasher.hash_one(presented)))?;
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
