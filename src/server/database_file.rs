//! The URL of a SQLite database, which names one file, and the same file for all programs that open it.
//!
//! SQLite and its driver accept forms that lead elsewhere: to memory, to a file that is never locked or never written, or to
//! two files, where one of them takes the URL for a URI and the other does not. All of these are refused.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// The scheme of these URLs.
pub(super) const SCHEME: &str = "sqlite:";

/// The ends of the names of files that belong to a database.
const SIDE_FILE_ENDS: [&str; 4] = ["-wal", "-shm", "-journal", "-lock"];

/// The path of the file, absolute or relative to the working directory. `%3F` stands for `?`, and so on.
///
/// # Errors
/// Why the URL is invalid, without any part of it.
pub fn path(url: &str) -> Result<PathBuf, &'static str> {
    const EXAMPLE: &str = "name a file, like sqlite://opentill.db";
    const FOLDER: &str = "names a folder, not a file";
    let address = url.strip_prefix(SCHEME).ok_or(EXAMPLE)?;
    let address = address.strip_prefix("//").unwrap_or(address);
    if address.contains('?') {
        return Err("takes no parameters; a `?` in the name of a file is %3F");
    }
    let name = percent_decode_str(address)
        .decode_utf8()
        .map_err(|_| "is not Unicode")?;
    if name.is_empty() || ["file:", SCHEME].iter().any(|s| name.starts_with(s)) {
        return Err(EXAMPLE);
    }
    if name.trim() != name || name.chars().any(is_invisible) {
        return Err("has a space at an end, or a character that cannot be seen");
    }
    let path = Path::new(&*name);
    let last = name.rsplit('/').next().unwrap_or_default();
    if ["", ".", ".."].contains(&last) || path.is_dir() {
        return Err(FOLDER);
    }
    if last == ":memory:" {
        return Err(EXAMPLE);
    }
    if SIDE_FILE_ENDS.iter().any(|end| last.ends_with(end)) {
        return Err(
            "names what is kept beside a database: it may not end in -wal, -shm, -journal or -lock",
        );
    }
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        return Err("names something that is not a regular file");
    }
    Ok(path.to_owned())
}

fn is_invisible(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Other
        || ['\u{2028}', '\u{2029}'].contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keeps_nothing_or_more_than_one_file_is_refused_without_being_quoted() {
        for url in [
            "sqlite:",
            "sqlite://",
            "sqlite:///",
            "sqlite::memory:",
            "sqlite://:memory:",
            "sqlite://%3Amemory%3A",
            "sqlite://hunter2/:memory:",
            "sqlite:file:hunter2.db",
            "sqlite://file:hunter2.db%3Fmode=memory",
            "sqlite://file::memory:",
            "sqlite:sqlite://hunter2.db",
            "sqlite://?mode=memory",
            "sqlite://hunter2.db?",
            "sqlite://hunter2.db?mode=memory",
            "sqlite://hunter2.db?mode=ro",
            "sqlite://hunter2.db?mode=rw",
            "sqlite://hunter2.db?mode=rwc",
            "sqlite://hunter2.db?vfs=unix-none",
            "sqlite://hunter2.db?cache=shared",
            "sqlite://hunter2.db?immutable=1",
            "sqlite://hunter2.db?nolock=1&psow=0",
            "sqlite://hunter2.db ",
            "sqlite:// hunter2.db",
            "sqlite://hunter2.db%20",
            "sqlite://hunter2.db%0A",
            "sqlite://hunter2%00.db",
            "sqlite://hunter2.db\u{200b}",
            "sqlite://\u{feff}hunter2.db",
            "sqlite://hunter2%ff.db",
            "sqlite://hunter2.db/",
            "sqlite://hunter2/.",
            "sqlite://hunter2/..",
            "sqlite://.",
            "sqlite:///tmp",
            "sqlite:///dev/null",
            "sqlite://hunter2.db-wal",
            "sqlite://hunter2.db-shm",
            "sqlite://hunter2.db-journal",
            "sqlite://hunter2.db-lock",
        ] {
            let reason = path(url).expect_err(url);
            assert!(!reason.contains("hunter2"), "{url}: {reason}");
        }
    }

    #[test]
    fn one_file_is_named_by_its_path_alone() {
        for (url, file) in [
            ("sqlite://opentill.db", "opentill.db"),
            ("sqlite:opentill.db", "opentill.db"),
            ("sqlite://./opentill.db", "./opentill.db"),
            ("sqlite:///var/lib/opentill.db", "/var/lib/opentill.db"),
            ("sqlite:/var/lib/opentill.db", "/var/lib/opentill.db"),
            ("sqlite://my%20till%3F%23.db", "my till?#.db"),
            ("sqlite://50%.db", "50%.db"),
            ("sqlite://caf\u{e9}.db", "caf\u{e9}.db"),
        ] {
            assert_eq!(path(url), Ok(PathBuf::from(file)), "{url}");
        }
    }
}
