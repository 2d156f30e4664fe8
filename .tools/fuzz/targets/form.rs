//! The body of a form: each field reads as the one value that was sent for it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use opentill::http::form::Form;

fuzz_target!(|body: &[u8]| {
    let Ok(mut form) = Form::parse(body) else {
        return;
    };
    for (field, value) in form_urlencoded::parse(body) {
        assert_eq!(form.get(&field), value);
        assert_eq!(form.take(&field), value);
        assert_eq!(form.get(&field), "");
    }
});
