//! The address of a PostgreSQL server, read as libpq reads it
//! (<https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS>).
//!
//! The driver has a reading of its own: it takes `[::1]` for a name, lets a certificate be named that it then does not look
//! at, and logs a parameter that it does not know with its value: a mistyped `password`, say. So an address is taken apart
//! and checked here, and the driver gets it in the one form that it reads in the same way: all of it as parameters.

use std::{collections::BTreeMap, env};

use percent_encoding::percent_decode_str;
use url::Url;

use super::settings;

mod tls;

/// What an address may say, with the variable of libpq that says it where the address does not. The driver itself reads
/// `PGPASSWORD`, `PGPASSFILE`, `PGOPTIONS` and `PGAPPNAME`; libpq's other variables are not read.
const PARAMETERS: [(&str, &str); 15] = [
    ("host", "PGHOST"),
    ("port", "PGPORT"),
    ("user", "PGUSER"),
    ("dbname", "PGDATABASE"),
    ("password", ""),
    ("sslmode", "PGSSLMODE"),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("sslcert", "PGSSLCERT"),
    ("sslkey", "PGSSLKEY"),
    ("application_name", ""),
    ("options", ""),
    // What providers put into addresses, and what nothing depends on here: connections have a time limit of their own, the
    // driver binds no channels, and each statement sees to it that the server is one that writes.
    ("connect_timeout", "PGCONNECT_TIMEOUT"),
    ("channel_binding", "PGCHANNELBINDING"),
    ("target_session_attrs", "PGTARGETSESSIONATTRS"),
    // As Java's driver writes `sslmode=require`; libpq takes it, too.
    ("ssl", ""),
];
const NOT_THE_DRIVERS: [&str; 3] = ["connect_timeout", "channel_binding", "target_session_attrs"];

/// What is said, by the name of the parameter, with the name to call it by in a refusal.
type Parts = BTreeMap<&'static str, Part>;

struct Part {
    value: String,
    said_in: &'static str,
}

/// Whether it is meant for a PostgreSQL server.
pub fn is_one(text: &str) -> bool {
    ["postgres:", "postgresql:"].iter().any(|scheme| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

/// Whether a password stands in it.
pub fn has_password(text: &str) -> bool {
    take_apart(text).is_ok_and(|parts| parts.contains_key("password"))
}

/// The address as the driver takes it.
///
/// # Errors
/// What is wrong with which part of it, without a value.
pub fn for_driver(text: &str) -> Result<Url, String> {
    read(text, |name| env::var(name).ok())
}

fn read(text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Url, String> {
    let mut parts = take_apart(text)?;
    for (name, said_in) in PARAMETERS {
        let value = variable(said_in).filter(|value| !value.is_empty());
        if let Some(value) = value.filter(|_| !parts.contains_key(name)) {
            let value = settings::meant(&value).map_err(|reason| format!("{said_in}: {reason}"))?;
            parts.insert(name, Part { value, said_in });
        }
    }
    for (name, part) in &parts {
        check(name, &part.value).map_err(|reason| format!("{}: {reason}", part.said_in))?;
    }
    if !parts.contains_key("host") {
        return Err("host: none is named, as in postgres://opentill@db.example.com/opentill or, by the folder of its \
             socket, postgres://opentill@/opentill?host=/run/postgresql"
            .to_owned());
    }
    tls::settle(&mut parts)?;
    let mut url = Url::parse("postgres:///").map_err(|error| error.to_string())?;
    let said = parts
        .iter()
        .filter(|(name, _)| !NOT_THE_DRIVERS.contains(*name));
    url.query_pairs_mut()
        .extend_pairs(said.map(|(name, part)| (*name, &part.value)));
    Ok(url)
}

fn take_apart(text: &str) -> Result<Parts, String> {
    let (_, rest) = text
        .split_once("://")
        .filter(|_| is_one(text))
        .ok_or("wants postgres://USER@HOST/DATABASE")?;
    let mut parts = Parts::new();
    let slash = rest.find('/').unwrap_or(rest.len());
    let rest = match rest[..slash].rfind('@') {
        None => rest,
        Some(at) => {
            let (user, password) = rest[..at].split_once(':').unwrap_or((&rest[..at], ""));
            say(&mut parts, "user", user)?;
            say(&mut parts, "password", password)?;
            &rest[at + 1..]
        }
    };
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let (place, database) = place.split_once('/').unwrap_or((place, ""));
    let (host, port) = host_and_port(place)?;
    say(&mut parts, "host", host)?;
    say(&mut parts, "port", port)?;
    say(&mut parts, "dbname", database)?;
    for parameter in parameters
        .split('&')
        .filter(|parameter| !parameter.is_empty())
    {
        let (name, value) = parameter
            .split_once('=')
            .ok_or("one of its parameters has no value")?;
        let name = decoded(name).ok_or("the name of a parameter is not right")?;
        match PARAMETERS.iter().find(|(known, _)| *known == name) {
            Some((known, _)) => say(&mut parts, known, value)?,
            None => return Err(unknown(&name)),
        }
    }
    Ok(parts)
}

/// Where the server is. What comes after a slash or a colon in a password that is not encoded is taken for it, so a refusal
/// says how to write those.
fn host_and_port(place: &str) -> Result<(&str, &str), String> {
    let (host, port) = match place.strip_prefix('[') {
        None => place.split_once(':').unwrap_or((place, "")),
        Some(rest) => {
            let (address, port) = rest
                .split_once(']')
                .ok_or("host: a bracket is not closed")?;
            let port = port.strip_prefix(':').or(port.is_empty().then_some(""));
            (
                address,
                port.ok_or("host: something stands after the bracket")?,
            )
        }
    };
    if place.contains(',') {
        return Err(
            "host: names several servers; name one, or an address that leads to the primary"
                .to_owned(),
        );
    }
    if port.contains(':') {
        return Err("host: an IPv6 address stands in brackets, like [::1]".to_owned());
    }
    Ok((host, port))
}

fn say(parts: &mut Parts, name: &'static str, encoded: &str) -> Result<(), String> {
    let value = decoded(encoded).ok_or_else(|| {
        format!(
            "{name}: a % stands for a character's code, as in %2F for a slash; write %25 for itself"
        )
    })?;
    // As if it was not there, as libpq has it.
    if !value.is_empty() {
        let part = Part {
            value,
            said_in: name,
        };
        parts.insert(name, part);
    }
    Ok(())
}

/// Without percent encoding, if it is right.
fn decoded(text: &str) -> Option<String> {
    let is_code = |rest: &str| {
        rest.get(..2)
            .is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let text = text
        .split('%')
        .skip(1)
        .all(is_code)
        .then(|| percent_decode_str(text))?;
    let text = text.decode_utf8().ok()?.into_owned();
    (!text.contains('\0')).then_some(text)
}

/// A piece of a password that is not encoded may end up where a name should be: what does not look like one is not said.
fn unknown(name: &str) -> String {
    const LONGEST: usize = 40;
    let known: Vec<_> = PARAMETERS.iter().map(|(known, _)| *known).collect();
    let known = known.join(", ");
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if name.len() <= LONGEST && name.chars().all(is_name) {
        format!("{name}: is no parameter that is taken here; those are {known}")
    } else {
        format!("takes these parameters and no others: {known}")
    }
}

fn check(name: &str, value: &str) -> Result<(), String> {
    let one_of = |known: &[&str]| {
        let is_one = known.contains(&value).then_some(());
        is_one.ok_or_else(|| format!("wants one of {}", known.join(", ")))
    };
    match name {
        "host" if value.contains(',') => Err("names several servers; name one".to_owned()),
        "host" if value.starts_with('@') => Err("abstract sockets are not supported".to_owned()),
        "port" if !value.parse::<u16>().is_ok_and(|port| port > 0) => Err(
            "wants a number from 1 to 65535; if that was to be a part of the password, write %2F there for / and %40 for @"
                .to_owned(),
        ),
        "connect_timeout" if value.parse::<i32>().is_err() => {
            Err("wants a number of seconds".to_owned())
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
