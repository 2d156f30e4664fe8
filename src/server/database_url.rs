//! The address of a database, checked before anything is opened.
//!
//! A refusal never quotes the address, which may hold a password.

use std::path::Path;

use super::postgres_url;

/// Checks the address of either kind of database.
///
/// # Errors
/// What is wrong with it, without a word of it.
pub fn check(url: &str) -> Result<(), String> {
    if is_file(url) {
        check_file(url)
    } else if is_server(url) {
        postgres_url::for_driver(url).map(drop)
    } else {
        Err("wants sqlite://FILE or postgres://USER@HOST/DATABASE".to_owned())
    }
}

/// Whether it is the address of a SQLite file.
pub fn is_file(url: &str) -> bool {
    url.starts_with("sqlite:")
}

/// Whether it is the address of a PostgreSQL server.
pub fn is_server(url: &str) -> bool {
    postgres_url::is_one(url)
}

fn check_file(url: &str) -> Result<(), String> {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let path = path.split('?').next().unwrap_or_default();
    if path.is_empty() || path == ":memory:" {
        return Err("name a file, like sqlite://opentill.db".to_owned());
    }
    if Path::new(path).is_dir() {
        return Err("names a folder, not a file".to_owned());
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
}
