//! Where to go after logging in: never anywhere but on the own origin, and never more than a header holds.
#![no_main]

use axum::http::HeaderValue;
use libfuzzer_sys::fuzz_target;
use opentill::http::portal::next::Next;
use url::Url;

fuzz_target!(|asked: &str| {
    let next = Next::parse(asked);
    let base = Url::parse("https://portal.example").unwrap();
    let url = base.join(next.as_str()).unwrap();
    assert_eq!(url.origin(), base.origin());
    assert!(HeaderValue::from_str(next.as_str()).is_ok());
    // Read a second time, as the login page sends it back, it leads to the same place.
    assert_eq!(Next::parse(next.as_str()), next);
});
