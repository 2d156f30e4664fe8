//! Actors and places for the tests.

mod app;
mod browser;

pub use app::{EMAIL, PASSWORD, TestApp};
pub use browser::{Answer, Browser};

/// The first whole token in a text.
pub fn find_token(text: &str) -> Option<String> {
    const LEN: usize = 46;
    text.match_indices("ot_live_")
        .filter_map(|(at, _)| text.get(at..at + LEN))
        .find(|token| token.bytes().skip(8).all(|b| b.is_ascii_alphanumeric()))
        .map(ToOwned::to_owned)
}
