//! Who may read what the program makes.

use std::{
    ffi::OsStr,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use super::names_in;
use crate::support::{EMAIL, PASSWORD, eventually, process::Workplace};

fn mode(file: &Path) -> u32 {
    fs::metadata(file).unwrap().permissions().mode() & 0o777
}

fn set_mode(file: &Path, mode: u32) {
    fs::set_permissions(file, Permissions::from_mode(mode)).unwrap();
}

/// Becomes the program, with nothing taken away from the modes of new files.
fn carelessly(umask: &'static str) -> [&'static OsStr; 3] {
    ["sh", "-c", umask].map(OsStr::new)
}

#[tokio::test]
async fn every_file_is_its_owners_alone_whatever_the_umask() {
    for umask in [
        "umask 000; exec \"$0\" \"$@\"",
        "umask 022; exec \"$0\" \"$@\"",
        "umask 077; exec \"$0\" \"$@\"",
    ] {
        let operator = Workplace::on_file();
        let words = carelessly(umask);
        let server = operator.serve_under(&words);
        let add = ["client", "add", "--name", "Jane", "--email", EMAIL];
        assert_eq!(operator.run_under(&words, &add).code, Some(0));
        assert_eq!(
            operator.run_under(&words, &["backup", "backup.db"]).code,
            Some(0)
        );
        let names = names_in(operator.dir());
        let expected = [
            "backup.db",
            "opentill.db",
            "opentill.db-lock",
            "opentill.db-shm",
            "opentill.db-wal",
        ];
        assert_eq!(names, expected);
        drop(server);
        let restore = ["restore", "backup.db", "--revoke", "all"];
        let restored = operator.run_under(&words, &restore);
        assert_eq!(restored.code, Some(0), "{restored:?}");
        // With one that was put aside.
        let names = names_in(operator.dir());
        assert!(names.len() >= 4, "{names:?}");
        for name in names {
            assert_eq!(mode(&operator.dir().join(&name)), 0o600, "{umask} {name:?}");
        }
    }
}

#[tokio::test]
async fn so_are_those_of_the_demo() {
    let visitor = Workplace::on_file();
    let demo: Vec<_> = carelessly("umask 000; exec \"$0\" \"$@\" --demo").into();
    let server = visitor.serve_under(&demo);
    assert_eq!(server.browser().log_in(EMAIL, PASSWORD).await.status, 303);
    for name in names_in(visitor.dir()) {
        assert_eq!(mode(&visitor.dir().join(&name)), 0o600, "{name:?}");
    }
}

#[tokio::test]
async fn what_is_open_to_others_is_left_so_and_mentioned_once() {
    let operator = Workplace::on_file();
    operator.add_client(EMAIL);
    let database = operator.dir().join("opentill.db");
    let server = operator.serve();
    eventually("it says nothing", async || server.stderr().is_empty()).await;
    drop(server);

    set_mode(&database, 0o644);
    set_mode(operator.dir(), 0o777);
    let second = operator.dir().join("second.db");
    fs::hard_link(&database, &second).unwrap();
    let server = operator.serve();
    eventually("it is said", async || {
        let log = server.stderr();
        ["chmod o= ", "chmod o-w ", "(hard links)"]
            .iter()
            .all(|words| log.matches(words).count() == 1)
    })
    .await;
    fs::remove_file(second).unwrap();
    assert_eq!(mode(&database), 0o644);
    assert_eq!(mode(&operator.dir().join("opentill.db-wal")), 0o644);

    // What is put aside by a restore is nobody's to share.
    operator.say(&["backup", "backup.db"], "");
    drop(server);
    operator.say(&["restore", "backup.db", "--revoke", "all"], "");
    for name in names_in(operator.dir()) {
        if name.to_str().unwrap().contains(".before-restore-") {
            assert_eq!(mode(&operator.dir().join(&name)), 0o600, "{name:?}");
        }
    }
}

#[test]
fn whoever_may_write_the_database_may_lock_it() {
    let operator = Workplace::on_file();
    operator.add_client(EMAIL);
    set_mode(&operator.dir().join("opentill.db"), 0o660);
    let lock = operator.dir().join("opentill.db-lock");
    fs::remove_file(&lock).unwrap();
    operator.say(&["client", "list"], "");
    assert_eq!(mode(&lock), 0o660);
}
