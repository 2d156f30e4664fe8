//! The address of a database, checked before anything is opened.
//!
//! A refusal never quotes the address, which may hold a password.

use url::Url;

use super::database_file;

/// Checks the address of either kind of database.
///
/// # Errors
/// What is wrong with it, without a word of it.
pub fn check(url: &str) -> Result<(), String> {
    if is_file(url) {
        database_file::path(url)?;
        Ok(())
    } else if is_server(url) {
        check_server(url)
    } else {
        Err("wants sqlite://FILE or postgres://USER@HOST/DATABASE".to_owned())
    }
}

/// Whether it is the address of a SQLite file.
pub fn is_file(url: &str) -> bool {
    url.starts_with(database_file::SCHEME)
}

/// Whether it is the address of a PostgreSQL server.
pub fn is_server(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}

/// Whether a password stands in the address of a database server.
pub fn has_password(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| {
        url.password().is_some() || url.query_pairs().any(|(name, _)| name == "password")
    })
}

/// The driver would quote a value that it does not understand, and log a parameter that it does not
/// know, with its value: a mistyped `password`, say.
fn check_server(url: &str) -> Result<(), String> {
    const KNOWN: [&str; 9] = [
        "host",
        "port",
        "user",
        "password",
        "dbname",
        "sslmode",
        "sslrootcert",
        "sslcert",
        "sslkey",
    ];
    // https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS
    const MODES: [&str; 6] = [
        "disable",
        "allow",
        "prefer",
        "require",
        "verify-ca",
        "verify-full",
    ];
    let url = Url::parse(url).map_err(|_| "is not an address".to_owned())?;
    let mut host = url.host_str().map(str::to_owned);
    for (name, value) in url.query_pairs() {
        if !KNOWN.contains(&name.as_ref()) {
            return Err(format!("takes only these parameters: {}", KNOWN.join(", ")));
        }
        match name.as_ref() {
            "host" => host = Some(value.into_owned()),
            "port" if value.parse::<u16>().is_err() => {
                return Err("port: wants a number from 0 to 65535".to_owned());
            }
            "sslmode" if !MODES.contains(&value.as_ref()) => {
                return Err(format!("sslmode: wants one of {}", MODES.join(", ")));
            }
            _ => {}
        }
    }
    if host.is_none_or(|host| host.is_empty()) {
        return Err("wants a host, like postgres://opentill@db.example.com/opentill".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_no_database_is_refused_without_being_quoted() {
        for url in [
            "mysql://user:hunter2@host/db",
            "postgres://",
            "postgres:///hunter2",
            "postgres://host/db?pasword=hunter2",
            "postgres://:hunter2@",
            "postgres://host/db?sslmode=hunter2",
            "postgres://host/db?port=hunter2",
            "sqlite::memory:",
            "sqlite:///",
            "hunter2",
            "",
        ] {
            let reason = check(url).unwrap_err();
            assert!(
                !reason.contains("hunter2") && !reason.contains('\n'),
                "{url}: {reason}"
            );
        }
    }

    #[test]
    fn both_kinds_of_database_are_understood() {
        for url in [
            "sqlite://opentill.db",
            "sqlite:///var/lib/opentill/opentill.db",
            "postgres://opentill@db.example.com/opentill",
            "postgresql://opentill:secret@127.0.0.1:5433/opentill?sslmode=verify-full",
            "postgres://opentill@localhost/opentill?host=/run/postgresql",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn a_password_is_seen_wherever_it_stands() {
        assert!(has_password("postgres://u:secret@host/db"));
        assert!(has_password("postgres://u@host/db?password=secret"));
        assert!(!has_password("postgres://u@host:5432/db?sslmode=require"));
    }
}
