//! Actors and places for the tests.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use opentill::server::token_secret::SecretHash;
use tokio::time::sleep;

mod app;
mod browser;
pub mod changes;
pub mod chaos;
pub mod database;
mod holder;
mod line;
pub mod loopback;
pub mod mail;
pub mod mariadb;
pub mod mirror;
pub mod mutations;
pub mod postgres;
pub mod process;
mod raw;
mod routes;
pub mod streams;

pub use app::{EMAIL, PASSWORD, TestApp, WITHOUT_MAIL};
pub use browser::{Answer, Browser};
pub use holder::Holder;
pub use line::{Line, Reply};
pub use raw::{UnderWay, raw, raw_cut_off};
pub use routes::routes;

/// All tests come from one address; those that are about a limit set it.
pub const UNLIMITED: [(&str, &str); 7] = [
    ("OPENTILL_ADDRESS_CONNECTIONS", "100000"),
    ("OPENTILL_LOGIN_LIMIT", "1000000"),
    ("OPENTILL_LOGIN_ADDRESS_LIMIT", "1000000"),
    ("OPENTILL_LOGIN_ACCOUNT_LIMIT", "1000000"),
    ("OPENTILL_TOKEN_LIMIT", "10000000"),
    ("OPENTILL_BAD_TOKEN_LIMIT", "10000000"),
    ("OPENTILL_CHANGE_LIMIT", "1000000"),
];

/// The first whole token in a text.
pub fn find_token(text: &str) -> Option<String> {
    const LEN: usize = 46;
    text.match_indices("ot_live_")
        .filter_map(|(at, _)| text.get(at..at + LEN))
        .find(|token| token.bytes().skip(8).all(|b| b.is_ascii_alphanumeric()))
        .map(ToOwned::to_owned)
}

/// What the database knows a secret by, in hexadecimal.
pub fn hash_of(secret: &str) -> String {
    let SecretHash(hash) = SecretHash::of(secret);
    hash.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a text can be written to");
        hex
    })
}

/// Waits until something holds, and fails if it still does not after ten seconds.
pub async fn eventually(what: &str, holds: impl AsyncFnMut() -> bool) {
    within(Duration::from_secs(10), what, holds).await;
}

/// Waits until something holds, and fails if it still does not after this time.
pub async fn within(patience: Duration, what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + patience;
    while !holds().await {
        assert!(Instant::now() < deadline, "in {patience:?}: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// How often or how long something is tried: the value of an environment variable, for long runs.
pub fn rounds(name: &str, default: usize) -> usize {
    match std::env::var(name) {
        Ok(value) => value
            .parse()
            .unwrap_or_else(|_| panic!("{name} wants a whole number")),
        Err(_) => default,
    }
}

/// Whether this is a long run on a machine that does nothing else, where times can be judged.
pub fn is_soak() -> bool {
    std::env::var_os("OPENTILL_SOAK").is_some()
}
