//! The file of a SQLite database: which one it is, whose, who may read it, and what becomes of a server that loses it.

mod addresses;
mod foreign;
mod missing;
mod modes;
mod moved;
mod together;

use std::{ffi::OsString, fs, path::Path};

use crate::support::process::{Finished, python};

/// What is in a folder.
fn names_in(folder: &Path) -> Vec<OsString> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names
}

/// Does something to a database file behind Opentill's back.
fn sqlite(file: &Path, sql: &str) {
    let script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); \
                  c.executescript(sys.argv[2])";
    python(script, &[file.as_os_str(), sql.as_ref()]);
}

/// Refused with exit code 1, in one line that says this.
#[track_caller]
fn assert_refused(finished: &Finished, words: &[&str]) {
    let Finished {
        code,
        stdout,
        stderr,
        ..
    } = finished;
    assert_eq!(*code, Some(1), "{words:?}: {finished:?}");
    assert_eq!(stdout, "", "{words:?}");
    assert_eq!(stderr.trim_end().lines().count(), 1, "{stderr}");
    assert!(stderr.starts_with("opentill: "), "{stderr}");
    for word in words {
        assert!(stderr.contains(word), "{word}: {stderr}");
    }
}
