//! How often something may be tried, from outside.

mod api;
mod changes;
mod costly;
mod forwarded;
mod login;
mod owner;

use opentill::server::clock::Clock;

use crate::support::{Answer, TestApp};

/// Limits as they are when nothing is set.
const DEFAULTS: [(&str, &str); 6] = [
    ("OPENTILL_LOGIN_LIMIT", "10"),
    ("OPENTILL_LOGIN_ADDRESS_LIMIT", "30"),
    ("OPENTILL_LOGIN_ACCOUNT_LIMIT", "60"),
    ("OPENTILL_TOKEN_LIMIT", "6000"),
    ("OPENTILL_BAD_TOKEN_LIMIT", "120"),
    ("OPENTILL_CHANGE_LIMIT", "60"),
];

/// An app behind a proxy, which is the test: it says where each request comes from. Time passes only
/// when the test lets it.
async fn behind_a_proxy(settings: &[(&str, &str)]) -> TestApp {
    let proxy = ("OPENTILL_TRUSTED_PROXIES", "127.0.0.1");
    let settings: Vec<_> = settings
        .iter()
        .chain(&DEFAULTS)
        .chain([&proxy])
        .copied()
        .collect();
    TestApp::start_at(Clock::stopped(), &settings).await
}

/// Logs in from an address, and forgets the session.
async fn log_in_from(app: &TestApp, address: &str, email: &str, password: &str) -> Answer {
    let fields = [("email", email), ("password", password)];
    let headers = [
        ("sec-fetch-site", "same-origin"),
        ("x-forwarded-for", address),
    ];
    app.anonymous().post_with("/login", &fields, &headers).await
}

/// Seconds as people are told them.
fn in_words(seconds: &str) -> String {
    let plural = if seconds == "1" { "" } else { "s" };
    format!("{seconds} second{plural}")
}

/// The seconds that a refusal asks to wait, told alike in the header and to the person.
fn retry_after(refused: &Answer) -> i64 {
    assert_eq!(refused.status, 429, "{refused:?}");
    let seconds = refused.header("retry-after");
    let wait = format!("Try again in {}.", in_words(seconds));
    for told in ["Too many attempts.", &wait] {
        assert!(refused.body.contains(told), "{}", refused.body);
    }
    seconds.parse().unwrap()
}
