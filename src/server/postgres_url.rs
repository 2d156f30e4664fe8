//! The URL of a PostgreSQL server, read as libpq reads it
//! (<https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS>).
//!
//! The driver reads URLs differently: it takes `[::1]` for a host name, ignores a certificate that the URL names in some modes,
//! and logs an unknown parameter with its value, such as a mistyped `password`. So a URL is parsed and checked here, and passed
//! on to the driver in the one form that both read alike: with all parts as parameters.

mod parts;
mod tls;

use std::env;

use url::Url;

pub use self::parts::is_postgres;
use self::parts::{PARAMETERS, Part};
use super::settings;

/// Parameters that the driver does not know.
const UNKNOWN_TO_DRIVER: [&str; 3] = ["connect_timeout", "channel_binding", "target_session_attrs"];

/// Whether the URL contains a password.
pub fn has_password(text: &str) -> bool {
    parts::parse(text).is_ok_and(|parts| parts.contains_key("password"))
}

/// The URL for the driver.
///
/// # Errors
/// Which part is invalid and why, without its value.
pub fn for_driver(text: &str) -> Result<Url, String> {
    read(text, |name| env::var(name).ok())
}

fn read(text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Url, String> {
    let mut parts = parts::parse(text)?;
    for (name, source) in PARAMETERS {
        let value = variable(source).filter(|value| !value.is_empty());
        if let Some(value) = value.filter(|_| !parts.contains_key(name)) {
            let value = settings::meant(&value).map_err(|reason| format!("{source}: {reason}"))?;
            parts.insert(name, Part { value, source });
        }
    }
    for (name, part) in &parts {
        check(name, &part.value).map_err(|reason| format!("{}: {reason}", part.source))?;
    }
    if !parts.contains_key("host") {
        return Err("host: none is named, as in postgres://opentill@db.example.com/opentill or, by the folder of its \
             socket, postgres://opentill@/opentill?host=/run/postgresql"
            .to_owned());
    }
    tls::normalize(&mut parts)?;
    let mut url = Url::parse("postgres:///").map_err(|error| error.to_string())?;
    let ours = parts
        .iter()
        .filter(|(name, _)| !UNKNOWN_TO_DRIVER.contains(*name));
    url.query_pairs_mut()
        .extend_pairs(ours.map(|(name, part)| (*name, &part.value)));
    Ok(url)
}

fn check(name: &str, value: &str) -> Result<(), String> {
    let one_of = |known: &[&str]| {
        let is_one = known.contains(&value).then_some(());
        is_one.ok_or_else(|| format!("must be one of {}", known.join(", ")))
    };
    match name {
        "host" if value.contains(',') => Err("names several servers; name one".to_owned()),
        "host" if value.starts_with('@') => Err("abstract sockets are not supported".to_owned()),
        "port" if !value.parse::<u16>().is_ok_and(|port| port > 0) => Err(
            "must be a number from 1 to 65535; if that was to be a part of the password, write %2F there for / and %40 for @"
                .to_owned(),
        ),
        "connect_timeout" if value.parse::<i32>().is_err() => {
            Err("must be a number of seconds".to_owned())
        }
        "ssl" => one_of(&["true"]),
        "sslmode" => one_of(&tls::MODES),
        "channel_binding" => one_of(&["disable", "prefer", "require"]),
        "target_session_attrs" => one_of(&["read-write", "primary", "any"]),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
