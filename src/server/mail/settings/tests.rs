use super::*;

fn read(settings: &[(&str, &str)]) -> Result<Option<MailSettings>, String> {
    let get = |name: &str| settings.iter().find(|(known, _)| *known == name);
    let read = Settings::new(|name: &str| get(name).map(|(_, value)| (*value).to_owned()));
    MailSettings::read(&read).map_err(|error| error.to_string())
}

fn server(url: &str) -> Result<MailServer, String> {
    let read = read(&[(SMTP_URL, url), (MAIL_FROM, "portal@example.com")])?;
    match read.unwrap().to {
        Destination::Server(server) => Ok(server),
        Destination::Folder(_) => panic!("a folder"),
    }
}

#[test]
fn a_server_is_reached_encrypted_unless_it_is_on_this_machine() {
    for (url, host, port, encryption) in [
        (
            "smtp://mail.example.com",
            "mail.example.com",
            587,
            Encryption::StartTls,
        ),
        (
            "smtp://mail.example.com:25/",
            "mail.example.com",
            25,
            Encryption::StartTls,
        ),
        (
            "smtps://mail.example.com",
            "mail.example.com",
            465,
            Encryption::Tls,
        ),
        ("smtp://192.0.2.1", "192.0.2.1", 587, Encryption::StartTls),
        ("smtp://localhost", "localhost", 25, Encryption::Loopback),
        (
            "smtp://127.0.0.1:2525",
            "127.0.0.1",
            2525,
            Encryption::Loopback,
        ),
        ("smtp://[::1]", "::1", 25, Encryption::Loopback),
        ("smtps://localhost", "localhost", 465, Encryption::Tls),
        (
            "smtp://localhost.example.com",
            "localhost.example.com",
            587,
            Encryption::StartTls,
        ),
    ] {
        let server = server(url).unwrap();
        assert_eq!((server.host.as_str(), server.port), (host, port), "{url}");
        assert_eq!(server.encryption, encryption, "{url}");
        assert!(server.user.is_none() && server.password.is_none(), "{url}");
    }
}

#[test]
fn user_and_password_are_decoded_and_never_printed() {
    let server = server("smtps://me%40example.com:p%3Ass%2Fw%25rd@mail.example.com").unwrap();
    assert_eq!(server.user.as_deref(), Some("me@example.com"));
    assert_eq!(server.password.as_deref(), Some("p:ss/w%rd"));
    assert_eq!(
        format!("{server:?}"),
        "MailServer(mail.example.com:465, Tls)"
    );
}

#[test]
fn what_is_not_valid_is_refused_without_being_quoted() {
    for url in [
        "mail.example.com",
        "http://mail.example.com",
        "smtp:",
        "smtp://",
        "smtp://:hunter2@mail.example.com",
        "smtp://hunter2@mail.example.com",
        "smtp://u:hunter2@mail.example.com/path",
        "smtp://u:hunter2@mail.example.com?tls=off",
        "smtp://u:hunter2@mail.example.com:99999",
        "smtp://u:hunter2%0d%0aQUIT@mail.example.com",
        "smtp://u:hunter2%ff@mail.example.com",
    ] {
        let refused = server(url).unwrap_err();
        assert!(refused.starts_with(SMTP_URL), "{url}: {refused}");
        assert!(!refused.contains("hunter2"), "{url}: {refused}");
    }
    for from in [
        "portal",
        "Portal <portal@example.com>",
        "a@b@c",
        "a b@example.com",
    ] {
        let all = [(SMTP_URL, "smtp://localhost"), (MAIL_FROM, from)];
        assert!(read(&all).unwrap_err().starts_with(MAIL_FROM), "{from}");
    }
}

#[test]
fn one_without_the_other_is_a_mistake() {
    assert!(read(&[]).unwrap().is_none());
    let refused = read(&[(SMTP_URL, "smtp://localhost")]).unwrap_err();
    assert!(refused.starts_with(MAIL_FROM), "{refused}");
    let refused = read(&[(MAIL_FROM, "portal@example.com")]).unwrap_err();
    assert!(refused.starts_with(SMTP_URL), "{refused}");
}
