//! The name of a token: what is taken is clean, and is taken again as it is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use opentill::model::token::{MAX_NAME_LEN, TokenName};

fuzz_target!(|typed: &str| {
    let Ok(name) = TokenName::parse(typed) else {
        return;
    };
    assert_eq!(TokenName::parse(name.as_str()).as_ref(), Ok(&name));
    assert!((1..=MAX_NAME_LEN).contains(&name.as_str().chars().count()));
    assert!(!name.as_str().chars().any(char::is_control));
    // The database compares keys, so that of an upper-case name must be the same.
    let shouted = TokenName::parse(&name.as_str().to_uppercase());
    if let Ok(shouted) = shouted {
        assert_eq!(shouted.key(), name.key());
    }
});
