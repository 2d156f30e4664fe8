use super::*;

fn names(settings: &[(&str, &str)]) -> Names {
    let config = Config::read(|name| {
        let all = [
            ("OPENTILL_INSECURE_HTTP", "true"),
            ("LEPTOS_SITE_ADDR", "127.0.0.1:3000"),
        ];
        let mut all = settings.iter().chain(&all);
        all.find(|(known, _)| *known == name)
            .map(|(_, value)| (*value).to_owned())
    });
    Names::of(&config.unwrap())
}

#[track_caller]
fn assert_names(settings: &[(&str, &str)], ours: &[&str], foreign: &[&str]) {
    let names = names(settings);
    for name in ours {
        assert!(names.include(name.as_bytes()), "{name}: {names:?}");
    }
    for name in foreign
        .iter()
        .chain(&["", "evil.example", "evil.example:3000", ":", ":3000"])
    {
        assert!(!names.include(name.as_bytes()), "{name}: {names:?}");
    }
}

#[test]
fn the_portal_goes_by_the_name_of_its_public_address_and_no_other() {
    let url = |url| [("OPENTILL_PUBLIC_URL", url)];
    assert_names(
        &url("https://portal.example"),
        &["portal.example", "portal.example:443", "PORTAL.Example"],
        &[
            "portal.example:80",
            "portal.example:3000",
            "portal.example.",
            "x.portal.example",
            "u@portal.example",
            "portal.example.evil.example",
            "127.0.0.1:3000",
            "localhost:3000",
            "localhost",
            "[::1]:3000",
            "\u{e9}",
        ],
    );
    assert_names(
        &url("http://portal.example:8080"),
        &["portal.example:8080", "portal.example"],
        &["portal.example:80", "127.0.0.1:8080", "localhost:3000"],
    );
}

#[test]
fn on_this_machine_it_goes_by_the_names_of_this_machine() {
    assert_names(
        &[],
        &[
            "127.0.0.1:3000",
            "localhost:3000",
            "LOCALHOST:3000",
            "[::1]:3000",
        ],
        &[
            "127.0.0.1:3001",
            "localhost",
            "localhost:80",
            "192.0.2.1:3000",
            "localhost.evil.example:3000",
        ],
    );
    assert_names(
        &[
            ("OPENTILL_PUBLIC_URL", "http://localhost:8080"),
            ("LEPTOS_SITE_ADDR", "0.0.0.0:3000"),
        ],
        &["localhost:8080", "127.0.0.1:8080", "127.0.0.1:3000"],
        &["192.0.2.1:3000"],
    );
    assert_names(
        &[("LEPTOS_SITE_ADDR", "127.0.0.1:80")],
        &["localhost", "127.0.0.1:80"],
        &["localhost:3000"],
    );
}

#[test]
fn where_nobody_knows_the_address_any_address_is_ours_and_no_name() {
    let open = ["0.0.0.0:3000", "[::]:3000"];
    for addr in open {
        assert_names(
            &[("LEPTOS_SITE_ADDR", addr)],
            &[
                "192.0.2.1:3000",
                "192.0.2.1:8080",
                "192.0.2.1",
                "[2001:db8::1]:3000",
                "[2001:db8::1]",
                "localhost:8080",
            ],
            &[
                "nas.local:3000",
                "192.0.2.1.evil.example",
                "192.0.2.1:3000:1",
                "2001:db8::zz",
            ],
        );
    }
    assert_names(
        &[("LEPTOS_SITE_ADDR", "192.0.2.1:3000")],
        &["192.0.2.1:3000"],
        &["192.0.2.2:3000", "localhost:3000"],
    );
}
