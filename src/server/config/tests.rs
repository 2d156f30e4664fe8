use super::*;

fn read(settings: &[(&str, &str)]) -> Result<Config, String> {
    Config::read(|name| {
        settings
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, v)| (*v).to_owned())
    })
    .map_err(|error| error.to_string())
}

#[test]
fn nothing_needs_to_be_set() {
    let config = read(&[]).unwrap();
    assert_eq!(config.database_url, "sqlite://opentill.db");
    assert_eq!(config.public_url.origin(), "http://127.0.0.1:3000");
    assert_eq!(config.max_tokens, 50);
    assert_eq!(config.connections.most, None);
    assert_eq!(config.connections.wait, Connections::default().wait);
}

#[test]
fn a_wrong_value_is_refused_by_the_settings_name_without_being_quoted() {
    for (setting, value) in [
        ("DATABASE_URL", "mysql://user:hunter2@host/db"),
        ("DATABASE_URL", ""),
        ("OPENTILL_DATABASE_CONNECTIONS", "0"),
        ("OPENTILL_DATABASE_CONNECTIONS", "hunter2"),
        ("OPENTILL_DATABASE_CONNECTIONS", "1001"),
        ("OPENTILL_DATABASE_WAIT_SECONDS", "0"),
        ("OPENTILL_DATABASE_WAIT_SECONDS", "61"),
        ("LEPTOS_SITE_ADDR", "hunter2"),
        ("LEPTOS_SITE_ADDR", "127.0.0.1:99999"),
        ("OPENTILL_PUBLIC_URL", "hunter2"),
        ("OPENTILL_PUBLIC_URL", "ftp://hunter2.example"),
        ("OPENTILL_PUBLIC_URL", "https://u:hunter2@portal.example"),
        ("OPENTILL_PUBLIC_URL", "https://portal.example/hunter2"),
        ("OPENTILL_PUBLIC_URL", "http://hunter2.example"),
        ("OPENTILL_INSECURE_HTTP", "hunter2"),
        ("OPENTILL_TRUSTED_PROXIES", "hunter2"),
        ("OPENTILL_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("OPENTILL_ADDRESS_CONNECTIONS", "0"),
        ("OPENTILL_LOGIN_LIMIT", "0"),
        ("OPENTILL_TOKEN_LIMIT", "hunter2"),
        ("OPENTILL_MAX_TOKENS", "0"),
        ("OPENTILL_MAX_TOKENS", "-1"),
        ("OPENTILL_MAX_TOKENS", "10001"),
        ("OPENTILL_SESSION_IDLE_MINUTES", "hunter2"),
        ("OPENTILL_SESSION_MAX_HOURS", "1e3"),
    ] {
        let error = read(&[(setting, value)]).unwrap_err();
        assert!(error.starts_with(&format!("{setting}: ")), "{error}");
        assert!(
            !error.contains("hunter2") && !error.contains('\n'),
            "{error}"
        );
    }
}

#[test]
fn the_demo_stays_on_loopback_and_off_the_real_database() {
    let demo = read(&[("DATABASE_URL", "sqlite://real.db")])
        .unwrap()
        .into_demo()
        .unwrap();
    assert_eq!(demo.database_url, DEMO_DATABASE_URL);
    for open in [
        &[
            ("LEPTOS_SITE_ADDR", "0.0.0.0:3000"),
            ("OPENTILL_INSECURE_HTTP", "true"),
        ][..],
        &[("OPENTILL_PUBLIC_URL", "https://portal.example")],
        &[
            ("OPENTILL_PUBLIC_URL", "http://portal.example"),
            ("OPENTILL_INSECURE_HTTP", "true"),
        ],
    ] {
        assert!(read(open).unwrap().into_demo().is_err(), "{open:?}");
    }
}
