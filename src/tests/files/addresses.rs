//! The address of a SQLite database means one file, for whatever opens it, or it is refused.

use std::{ffi::OsString, fs, os::unix::fs::symlink};

use super::{assert_refused, names_in};
use crate::support::{EMAIL, process::Workplace};

#[test]
fn one_that_keeps_nothing_or_means_several_files_is_refused() {
    for address in [
        "sqlite::memory:",
        "sqlite://%3Amemory%3A",
        "sqlite://?mode=memory",
        "sqlite:file:opentill.db",
        "sqlite://file:opentill.db%3Fmode=memory",
        "sqlite://file:opentill.db%3Fvfs=unix-none",
        "sqlite://opentill.db?mode=memory",
        "sqlite://opentill.db?mode=ro",
        "sqlite://opentill.db?cache=shared",
        "sqlite://opentill.db?immutable=1",
        "sqlite://opentill.db?vfs=unix-dotfile",
        "sqlite://opentill.db?opentill=1",
        "sqlite://opentill.db%20",
        "sqlite://opentill.db%0a",
        "sqlite://opentill.db/",
        "sqlite://",
        "sqlite:///dev/null",
        "sqlite://opentill.db-wal",
    ] {
        let operator = Workplace::on_file().set("DATABASE_URL", address);
        let add = ["client", "add", "--name", "Jane", "--email", EMAIL];
        for command in [&add[..], &["serve"], &["migrate"], &["backup", "copy.db"]] {
            assert_refused(&operator.run(command), &["DATABASE_URL: "]);
            assert!(names_in(operator.dir()).is_empty(), "{address}");
        }
    }
}

#[tokio::test]
async fn any_spelling_of_one_file_is_the_same_database_and_the_same_lock() {
    let operator = Workplace::on_file();
    let folder = operator.dir().canonicalize().unwrap();
    fs::create_dir(folder.join("real")).unwrap();
    symlink("real/my till.db", folder.join("link.db")).unwrap();
    symlink("real", folder.join("folder")).unwrap();
    // The first one leads to a file that is not there yet.
    let operator = operator.set("DATABASE_URL", "sqlite://link.db");
    operator.add_client(EMAIL);
    let server = operator.serve();
    let token = server.logged_in().await.create_token("One").await;
    let absolute = format!("sqlite://{}/real/my%20till.db", folder.display());
    let mut operator = operator;
    for address in [
        "sqlite:link.db",
        "sqlite://./link.db",
        "sqlite://real/my till.db",
        "sqlite://real/../folder/my%20till.db",
        &absolute,
    ] {
        operator = operator.set("DATABASE_URL", address);
        let listed = operator.say(&["token", "list", "--client", EMAIL], "");
        assert!(listed.contains("One"), "{address}: {listed}");
        operator.say(&["backup", "copy.db"], "");
        let restored = operator.run(&["restore", "copy.db", "--revoke", "all"]);
        assert_refused(&restored, &["is in use"]);
        let copied = operator.run(&["copy", "--to", "postgres://opentill@127.0.0.1:1/opentill"]);
        assert_refused(&copied, &["the source is in use"]);
        fs::remove_file(folder.join("copy.db")).unwrap();
    }
    operator.say(&["token", "revoke", "1"], "");
    assert!(server.me(&token).await.is_exact_401());
    let names = names_in(&folder.join("real"));
    let expected = ["", "-lock", "-shm", "-wal"].map(|end| format!("my till.db{end}"));
    assert_eq!(names, expected.map(OsString::from));
    assert_eq!(names_in(&folder).len(), 3, "{:?}", names_in(&folder));
}
