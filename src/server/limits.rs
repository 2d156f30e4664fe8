//! Rate limits.
//!
//! Each limit is the generic cell rate algorithm (ITU-T I.371), one cell per key: `N` requests at once, then one every
//! 60/`N` seconds. A refused request does not count, so the next one is admitted as soon as `Retry-After` says. The counts
//! are in the memory of this process; each node has its own.

mod allowance;
mod counts;
mod limit;

use std::{
    hash::{BuildHasher, RandomState},
    num::NonZeroU32,
};

use governor::Quota;

use self::limit::Limit;
pub use self::{
    allowance::{Allowance, PerMinute},
    limit::Exceeded,
};
use super::clock::Clock;
use crate::model::{
    address::{Address, Network, SITE, SUBSCRIBER},
    client::ClientId,
    error::AppError,
    session::SessionId,
    token::TokenId,
};

/// The settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitSettings {
    /// Logins to one account from one IP address.
    pub login: PerMinute,
    /// Logins from one IP address, whatever the account.
    pub login_address: PerMinute,
    /// Logins to one account from all browsers and IP addresses that are unknown to it.
    pub login_account: PerMinute,
    /// Requests with one token.
    pub token: PerMinute,
    /// Requests with the same invalid token, or without one, from one IP address.
    pub bad_token: PerMinute,
    /// Changes by one client.
    pub change: PerMinute,
}

/// All limits.
#[derive(Clone)]
pub struct Limits {
    /// Hashes email addresses and invalid tokens with a random key, so that no secret is kept.
    hasher: RandomState,
    login: Limit<(u64, Option<Address>)>,
    login_address: Limit<Option<Address>>,
    login_subscriber: Limit<Option<Network>>,
    login_site: Limit<Option<Network>>,
    login_account: Limit<u64>,
    login_newcomer: Limit<Option<Network>>,
    login_browser: Limit<u64>,
    link: Limit<(u64, Option<Address>)>,
    link_address: Limit<Option<Address>>,
    link_subscriber: Limit<Option<Network>>,
    link_site: Limit<Option<Network>>,
    password: Limit<SessionId>,
    token: Limit<TokenId>,
    bad_token: Limit<(Option<Address>, u64)>,
    change: Limit<Changer>,
    refusal: Limit<(TokenId, Option<Address>)>,
    refusal_token: Limit<TokenId>,
}

/// Whose changes share a count.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Changer {
    Client(ClientId),
    Session(SessionId),
}

const TWO: NonZeroU32 = NonZeroU32::new(2).unwrap();
const FOUR: NonZeroU32 = NonZeroU32::new(4).unwrap();
/// Logins per hour that each network has on top when others have used up the shared limit.
const NEWCOMERS: NonZeroU32 = NonZeroU32::new(3).unwrap();

/// Refused uses of a token that are written down within an hour, from however many addresses.
const REFUSALS: NonZeroU32 = NonZeroU32::new(20).unwrap();

impl Limits {
    /// All counts at their start.
    pub fn new(settings: LimitSettings, clock: &Clock) -> Self {
        let LimitSettings {
            login,
            login_address,
            ..
        } = settings;
        // A home has many IPv6 addresses and a site even more, but not as many more people.
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
            link: Limit::new("link", login, clock),
            link_address: Limit::new("link_address", login_address, clock),
            link_subscriber: Limit::new("link_subscriber", twice, clock),
            link_site: Limit::new("link_site", four_times, clock),
            password: Limit::new("password", login, clock),
            token: Limit::new("token", settings.token, clock),
            bad_token: Limit::new("bad_token", settings.bad_token, clock),
            change: Limit::new("change", settings.change, clock),
            refusal: Limit::with_quota("refusal", Quota::per_hour(NonZeroU32::MIN), clock),
            refusal_token: Limit::with_quota("refusal_token", Quota::per_hour(REFUSALS), clock),
        }
    }

    /// Counts a login to the account `email` from `address`.
    ///
    /// # Errors
    /// The limit is exceeded.
    pub fn login(&self, email: &str, address: Option<Address>) -> Result<(), Exceeded> {
        self.login_address.take(address)?;
        self.login.take((self.hasher.hash_one(email), address))?;
        Ok(())
    }

    /// Counts a login of a stranger to the account `email`: together with those of the networks around `address`, and
    /// with those of all other strangers to the same account.
    ///
    /// # Errors
    /// The limit is exceeded.
    pub fn login_by_anybody(&self, email: &str, address: Option<Address>) -> Result<(), Exceeded> {
        let within = |bits| address.map(|address| address.network(bits));
        self.login_subscriber.take(within(SUBSCRIBER))?;
        self.login_site.take(within(SITE))?;
        self.login_account.take(self.hasher.hash_one(email))?;
        Ok(())
    }

    /// Counts one of the few logins that each network has for itself. Whoever guesses from many networks uses up theirs,
    /// and never that of the owner's network.
    ///
    /// # Errors
    /// The limit is exceeded.
    pub fn login_by_newcomer(&self, address: Option<Address>) -> Result<(), Exceeded> {
        let network = address.map(|address| address.network(SUBSCRIBER));
        self.login_newcomer.take(network)?;
        Ok(())
    }

    /// Counts a login to the account `email` with a browser that has logged in to it before.
    ///
    /// # Errors
    /// The limit is exceeded.
    pub fn login_by_browser(&self, email: &str) -> Result<(), Exceeded> {
        self.login_browser.take(self.hasher.hash_one(email))?;
        Ok(())
    }

    /// Counts a request for a link to the account `email`, or a use of one: as logins are counted, and apart from them.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`].
    pub fn link(&self, email: &str, address: Option<Address>) -> Result<(), AppError> {
        let within = |bits| address.map(|address| address.network(bits));
        unless_exceeded(self.link_address.take(address))?;
        unless_exceeded(self.link_subscriber.take(within(SUBSCRIBER)))?;
        unless_exceeded(self.link_site.take(within(SITE)))?;
        unless_exceeded(self.link.take((self.hasher.hash_one(email), address)))
    }

    /// Counts a try to change the password. Apart from logins: otherwise whoever guesses from the same IP address would
    /// keep the client from changing it.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`].
    pub fn password(&self, session: SessionId) -> Result<(), AppError> {
        unless_exceeded(self.password.take(session))
    }

    /// Counts a request with a valid token, and returns what remains.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`].
    pub fn token(&self, token: TokenId) -> (Allowance, Result<(), AppError>) {
        match self.token.take(token) {
            Ok(allowance) => (allowance, Ok(())),
            Err(exceeded) => (exceeded.allowance(), Err(exceeded.report())),
        }
    }

    /// Counts a request with `presented`, which is not a valid token. Requests with other tokens from the same IP address
    /// have their own count and get the right response.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`].
    pub fn bad_token(&self, address: Option<Address>, presented: &[u8]) -> Result<(), AppError> {
        let key = (address, self.hasher.hash_one(presented));
        unless_exceeded(self.bad_token.take(key))
    }

    /// Counts a use of a valid token from an IP address that it does not work from; whether it is to be written down. One an
    /// hour is for each address, and a few are for each token.
    pub fn refusal(&self, token: TokenId, address: Option<Address>) -> bool {
        self.refusal.take((token, address)).is_ok() && self.refusal_token.take(token).is_ok()
    }

    /// Counts a change by a client.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`].
    pub fn change(&self, client: ClientId) -> Result<(), AppError> {
        unless_exceeded(self.change.take(Changer::Client(client)))
    }

    /// Counts a revocation, or another change that takes access away. Counted per session: whoever uses up the limit of a
    /// stolen session must not keep the owner from ending it.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`].
    pub fn withdrawal(&self, session: SessionId) -> Result<(), AppError> {
        unless_exceeded(self.change.take(Changer::Session(session)))
    }
}

fn unless_exceeded(taken: Result<Allowance, Exceeded>) -> Result<(), AppError> {
    taken.map(|_| ()).map_err(Exceeded::report)
}
