use super::*;
use crate::server::config::Config;

/// What files from other systems and editors leave at the ends of a value.
const UNSEEN: [&str; 12] = [
    " ",
    "\t",
    "\r",
    "\n",
    "\r\n",
    "\u{FEFF}",
    "\u{A0}",
    "\u{200B}",
    "\u{2060}",
    "\u{202E}",
    "\u{3000}",
    "\u{E0041}",
];

#[test]
fn what_cannot_be_seen_at_the_ends_is_no_part_of_a_value() {
    for unseen in UNSEEN {
        for text in [
            format!("{unseen}value"),
            format!("value{unseen}"),
            format!("{unseen}\"{unseen}value{unseen}\"{unseen}"),
            format!("'value'{unseen}"),
        ] {
            assert_eq!(meant(&text).as_deref(), Ok("value"), "{text:?}");
        }
    }
    assert_eq!(
        meant("info, opentill=debug").unwrap(),
        "info, opentill=debug"
    );
    assert_eq!(
        meant("sqlite://Zoë's data.db").unwrap(),
        "sqlite://Zoë's data.db"
    );
}

#[test]
fn what_cannot_be_seen_within_is_refused_without_being_quoted() {
    for unseen in UNSEEN.into_iter().filter(|unseen| *unseen != " ") {
        let reason = meant(&format!("hun{unseen}ter2")).unwrap_err();
        assert!(
            !reason.contains(unseen) && !reason.contains("ter2"),
            "{reason}"
        );
    }
    for text in [
        "",
        " ",
        "\"\"",
        "'\u{A0}'",
        "\"hunter2",
        "hunter2'",
        "“hunter2”",
        "\"'hunter2'\"",
        "hunter\u{FFFD}2",
    ] {
        let reason = meant(text).unwrap_err();
        assert!(!reason.contains("hunter"), "{text}: {reason}");
    }
}

fn warning(name: &str) -> Option<String> {
    look_through([OsString::from(name)]).unwrap()
}

#[test]
fn a_name_that_is_no_setting_is_told_with_the_one_that_is_meant() {
    for (name, meant) in [
        ("OPENTILL_TRUSTED_PROXY", "OPENTILL_TRUSTED_PROXIES"),
        (
            "OPENTILL_SESSION_IDLE_MINUTE",
            "OPENTILL_SESSION_IDLE_MINUTES",
        ),
        ("OPENTILL_PUBLIC_URI", "OPENTILL_PUBLIC_URL"),
        (
            "OPENTILL_LOGIN_ADRESS_LIMIT",
            "OPENTILL_LOGIN_ADDRESS_LIMIT",
        ),
        ("opentill_max_tokens", "OPENTILL_MAX_TOKENS"),
        ("OPENTILL_DATABASE_URL", "DATABASE_URL"),
    ] {
        let told = warning(name).unwrap();
        assert!(
            told.contains(name) && told.contains(&format!("is {meant} meant")),
            "{told}"
        );
    }
    assert_eq!(
        warning("OPENTILL_SESSION_COLOR").unwrap(),
        "no such setting: OPENTILL_SESSION_COLOR"
    );
    for name in NAMES
        .into_iter()
        .chain(OTHERS)
        .chain(["PATH", "OPEN", "OPENTILLE", "HOME"])
    {
        assert_eq!(warning(name), None, "{name}");
    }
}

#[test]
fn a_name_with_something_unseen_in_it_is_not_passed_over() {
    for name in [
        "\u{FEFF}DATABASE_URL",
        "OPENTILL_LOG\r",
        "OPENTILL_LOG ",
        "OPENTILL\u{200B}_LOG",
    ] {
        let refused = look_through([OsString::from(name)])
            .unwrap_err()
            .to_string();
        assert!(
            refused.starts_with("DATABASE_URL: ") || refused.starts_with("OPENTILL_LOG: "),
            "{refused}"
        );
    }
}

#[test]
fn every_setting_is_read_by_one_function() {
    // The others are read in `cli`, by the same function.
    const ELSEWHERE: [&str; 3] = ["OPENTILL_COPY_TO", "OPENTILL_LOG", "OPENTILL_LOG_FORMAT"];
    let unseen = |name: &str| Config::read(|n| (n == name).then(|| "\u{200B}".to_owned()));
    for name in NAMES.into_iter().filter(|name| !ELSEWHERE.contains(name)) {
        let refused = unseen(name).unwrap_err().to_string();
        assert_eq!(
            refused,
            format!("{name}: has no value; leave it out for its default")
        );
    }
}
