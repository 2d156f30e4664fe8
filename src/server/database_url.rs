//! The URL of a database, checked before anything is opened.
//!
//! An error message never quotes the URL, which may contain a password.

use super::{database_file, postgres_url};

/// Checks the URL of either kind of database.
///
/// # Errors
/// Why it is invalid, without any part of it.
pub fn check(url: &str) -> Result<(), String> {
    if is_file(url) {
        database_file::path(url)?;
        Ok(())
    } else if is_server(url) {
        postgres_url::for_driver(url).map(drop)
    } else {
        Err("must be sqlite://FILE or postgres://USER@HOST/DATABASE".to_owned())
    }
}

/// Whether it is the URL of a SQLite file.
pub fn is_file(url: &str) -> bool {
    url.starts_with(database_file::SCHEME)
}

/// Whether it is the URL of a PostgreSQL server.
pub fn is_server(url: &str) -> bool {
    postgres_url::is_postgres(url)
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
