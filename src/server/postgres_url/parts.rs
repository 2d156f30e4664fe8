//! The parts of a URL of PostgreSQL.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

/// The parameters of a URL, each with libpq's variable for it, which is read where the URL leaves the parameter out. The driver
/// itself reads `PGPASSWORD`, `PGPASSFILE`, `PGOPTIONS` and `PGAPPNAME`; libpq's other variables are not read.
pub const PARAMETERS: [(&str, &str); 15] = [
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
    // Providers put these into URLs, and nothing depends on them here: connections have a time limit of their own, the driver
    // binds no channels, and statements check that the server is the primary.
    ("connect_timeout", "PGCONNECT_TIMEOUT"),
    ("channel_binding", "PGCHANNELBINDING"),
    ("target_session_attrs", "PGTARGETSESSIONATTRS"),
    // Java's driver writes `sslmode=require` like this; libpq accepts it, too.
    ("ssl", ""),
];
/// The parameters that are set.
pub type Parts = BTreeMap<&'static str, Part>;

pub struct Part {
    pub value: String,
    /// The parameter or the variable in which it was set, for error messages.
    pub source: &'static str,
}

/// Whether the scheme is PostgreSQL's.
pub fn is_postgres(text: &str) -> bool {
    ["postgres:", "postgresql:"].iter().any(|scheme| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

/// Splits a URL.
pub fn parse(text: &str) -> Result<Parts, String> {
    let (_, rest) = text
        .split_once("://")
        .filter(|_| is_postgres(text))
        .ok_or("must be postgres://USER@HOST/DATABASE")?;
    let mut parts = Parts::new();
    let slash = rest.find('/').unwrap_or(rest.len());
    let rest = match rest[..slash].rfind('@') {
        None => rest,
        Some(at) => {
            let (user, password) = rest[..at].split_once(':').unwrap_or((&rest[..at], ""));
            set(&mut parts, "user", user)?;
            set(&mut parts, "password", password)?;
            &rest[at + 1..]
        }
    };
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let (place, database) = place.split_once('/').unwrap_or((place, ""));
    let (host, port) = host_and_port(place)?;
    set(&mut parts, "host", host)?;
    set(&mut parts, "port", port)?;
    set(&mut parts, "dbname", database)?;
    for parameter in parameters
        .split('&')
        .filter(|parameter| !parameter.is_empty())
    {
        let (name, value) = parameter
            .split_once('=')
            .ok_or("one of its parameters has no value")?;
        let name = decoded(name).ok_or("the name of a parameter is not right")?;
        match PARAMETERS.iter().find(|(known, _)| *known == name) {
            Some((known, _)) => set(&mut parts, known, value)?,
            None => return Err(unknown(&name)),
        }
    }
    Ok(parts)
}

/// The host and the port. In a password that is not encoded, a slash or a colon makes the rest of it look like these, so the
/// error messages say how to encode them.
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

/// Sets a parameter.
fn set(parts: &mut Parts, name: &'static str, encoded: &str) -> Result<(), String> {
    let value = decoded(encoded).ok_or_else(|| {
        format!(
            "{name}: a % stands for a character's code, as in %2F for a slash; write %25 for itself"
        )
    })?;
    // An empty one counts as not set, as in libpq.
    if !value.is_empty() {
        let part = Part {
            value,
            source: name,
        };
        parts.insert(name, part);
    }
    Ok(())
}

/// Without percent encoding; `None` if that is invalid.
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

/// Refuses an unknown parameter. Part of a password that is not encoded may end up in its place, so only what looks like a
/// name is quoted.
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
