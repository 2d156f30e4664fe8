//! The TLS parameters of a URL. None that is set is ignored.

use std::fs;

use super::parts::{Part, Parts};

/// <https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS>
pub const MODES: [&str; 6] = [
    "disable",
    "allow",
    "prefer",
    "require",
    "verify-ca",
    "verify-full",
];
/// The value of `sslrootcert` for the certificates of the system.
const SYSTEM: &str = "system";

/// Changes the parts so that the driver does what libpq would, and refuses combinations in which a part would be ignored.
pub fn normalize(parts: &mut Parts) -> Result<(), String> {
    if parts.remove("ssl").is_some() && !parts.contains_key("sslmode") {
        set(parts, "sslmode", "require");
    }
    // A socket of this machine cannot be eavesdropped on, and the server has no TLS there.
    if value(parts, "host").is_some_and(|host| host.starts_with('/')) {
        for name in ["sslrootcert", "sslcert", "sslkey"] {
            parts.remove(name);
        }
        set(parts, "sslmode", "disable");
        return Ok(());
    }
    let root = value(parts, "sslrootcert").map(str::to_owned);
    let mode = value(parts, "sslmode").map(str::to_owned);
    let refuse = |name: &str, reason: &str| {
        let source = parts.get(name).map_or(name, |part| part.source);
        Err(format!("{source}: {reason}"))
    };
    let mode = match (root.as_deref(), mode.as_deref()) {
        (Some(SYSTEM), None | Some("verify-full")) => "verify-full",
        (Some(SYSTEM), Some(_)) => {
            return refuse("sslrootcert", "system needs sslmode=verify-full");
        }
        (Some(_), Some("require" | "verify-ca")) => "verify-ca",
        (Some(_), Some("verify-full")) => "verify-full",
        (Some(_), _) => {
            return refuse(
                "sslrootcert",
                "is not looked at without sslmode=verify-full or verify-ca; say which",
            );
        }
        // The driver would never encrypt; this connects wherever that does.
        (None, None | Some("allow")) => "prefer",
        (None, Some(mode)) => MODES
            .into_iter()
            .find(|known| *known == mode)
            .unwrap_or("prefer"),
    };
    for (name, other) in [("sslcert", "sslkey"), ("sslkey", "sslcert")] {
        if parts.contains_key(name) && mode == "disable" {
            return refuse(name, "is not used with sslmode=disable");
        }
        if parts.contains_key(name) && !parts.contains_key(other) {
            return refuse(name, &format!("needs {other} beside it"));
        }
    }
    set(parts, "sslmode", mode);
    if root.as_deref() == Some(SYSTEM) {
        parts.remove("sslrootcert");
    }
    for (name, what) in [
        ("sslrootcert", "CERTIFICATE"),
        ("sslcert", "CERTIFICATE"),
        ("sslkey", "PRIVATE KEY"),
    ] {
        if let Some(part) = parts.get(name) {
            check_file(&part.value, what).map_err(|reason| format!("{}: {reason}", part.source))?;
        }
    }
    Ok(())
}

fn value<'p>(parts: &'p Parts, name: &str) -> Option<&'p str> {
    parts.get(name).map(|part| part.value.as_str())
}

fn set(parts: &mut Parts, name: &'static str, value: &str) {
    let source = parts.get(name).map_or(name, |part| part.source);
    let value = value.to_owned();
    parts.insert(name, Part { value, source });
}

/// Checks that a file exists and contains a block of this kind (RFC 7468).
fn check_file(path: &str, what: &str) -> Result<(), String> {
    let text = fs::read(path).map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&text);
    let is_one = text
        .lines()
        .any(|line| line.starts_with("-----BEGIN ") && line.contains(what));
    is_one
        .then_some(())
        .ok_or_else(|| format!("the file holds no {}", what.to_lowercase()))
}
