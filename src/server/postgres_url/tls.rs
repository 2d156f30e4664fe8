//! What an address says of TLS: nothing that is said may mean nothing.

use std::fs;

use super::{Part, Parts};

/// <https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS>
pub const MODES: [&str; 6] = [
    "disable",
    "allow",
    "prefer",
    "require",
    "verify-ca",
    "verify-full",
];
/// For `sslrootcert`: no file, but the certificates of the system.
const SYSTEM: &str = "system";

/// Brings the parts into what the driver does as libpq would, and refuses what neither would look at.
pub fn settle(parts: &mut Parts) -> Result<(), String> {
    if parts.remove("ssl").is_some() && !parts.contains_key("sslmode") {
        set(parts, "sslmode", "require");
    }
    // Nobody listens on the way to a socket of this machine, and the server has no TLS there.
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
        let said_in = parts.get(name).map_or(name, |part| part.said_in);
        Err(format!("{said_in}: {reason}"))
    };
    let mode = match (root.as_deref(), mode.as_deref()) {
        (Some(SYSTEM), None | Some("verify-full")) => "verify-full",
        (Some(SYSTEM), Some(_)) => {
            return refuse("sslrootcert", "system wants sslmode=verify-full");
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
            return refuse(name, &format!("wants {other} beside it"));
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
            check_file(&part.value, what)
                .map_err(|reason| format!("{}: {reason}", part.said_in))?;
        }
    }
    Ok(())
}

fn value<'p>(parts: &'p Parts, name: &str) -> Option<&'p str> {
    parts.get(name).map(|part| part.value.as_str())
}

fn set(parts: &mut Parts, name: &'static str, value: &str) {
    let said_in = parts.get(name).map_or(name, |part| part.said_in);
    let value = value.to_owned();
    parts.insert(name, Part { value, said_in });
}

/// Whether the file is there, and is what it should be (RFC 7468).
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
