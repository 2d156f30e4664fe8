//! Killed at any moment, a restore leaves the old database or the new one.

use std::{
    ffi::{OsStr, OsString},
    fs,
};

use super::database;
use crate::support::{
    EMAIL,
    process::{Workplace, python},
};

/// The calls that change what a kill could leave: SQLite's own and ours, by all their names.
const CALLS: [&str; 19] = [
    "mkdir",
    "mkdirat",
    "copy_file_range",
    "pwrite64",
    "ftruncate",
    "fdatasync",
    "chmod",
    "fchmodat",
    "chown",
    "fchownat",
    "fsync",
    "link",
    "linkat",
    "unlink",
    "rename",
    "renameat2",
    "rmdir",
    "unlinkat",
    "write",
];

/// Kills what it starts when a thread of it makes the call for the time in `$1`.
const KILL_AT: &str = "at=$1; shift; exec strace -f -qq -o /dev/null -e trace=$CALL \
    -e inject=$CALL:signal=KILL:when=\"$at\" \"$@\"";

#[tokio::test]
async fn killed_at_any_call_it_leaves_the_old_database_or_the_new_one() {
    crate::power_cut::assert_strace_works();
    // The old one has its last change in its log, as a server leaves it that was killed.
    let model = Workplace::new();
    model.add_client(EMAIL);
    model.say(&["backup", "copy.db"], "");
    let server = model.serve();
    let mut jane = server.logged_in().await;
    jane.create_token("In the log").await;
    server.kill();
    let files = ["copy.db", "opentill.db", "opentill.db-wal"];
    let files = files.map(|name| (name, fs::read(model.dir().join(name)).unwrap()));

    let (mut old, mut new) = (0, 0);
    for call in CALLS {
        for time in 1.. {
            let operator = Workplace::new();
            for (name, content) in &files {
                fs::write(operator.dir().join(name), content).unwrap();
            }
            let script = KILL_AT.replace("$CALL", call);
            let words = ["sh", "-c", &script, "sh", &time.to_string()].map(OsString::from);
            let words: Vec<&OsStr> = words.iter().map(OsString::as_os_str).collect();
            let finished = operator.run_under(&words, &["restore", "copy.db"]);
            if finished.code == Some(0) {
                assert_eq!(outcome(&operator), Outcome::New, "{call} {time}");
                break;
            }
            assert_eq!(finished.code, None, "{finished:?}");
            match outcome(&operator) {
                Outcome::Old => old += 1,
                Outcome::New => new += 1,
            }
            let list = operator.say(&["client", "list"], "");
            assert!(list.contains(EMAIL), "{call} {time}: {list}");
            // Whatever was left behind does not keep it from being done again.
            if call == "rename" {
                operator.say(&["restore", "copy.db"], "");
                assert_eq!(outcome(&operator), Outcome::New);
            }
        }
    }
    println!("of {} kills {old} left the old database", old + new);
    assert!(
        old > 20 && new > 0,
        "{old}, {new}: killed before and after the step"
    );
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Old,
    New,
}

/// Which database is there, whole.
fn outcome(operator: &Workplace) -> Outcome {
    let script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
        print(db.execute('PRAGMA integrity_check').fetchone()[0], \
        db.execute('SELECT count(*) FROM tokens').fetchone()[0], \
        db.execute('SELECT count(*) FROM sessions').fetchone()[0])";
    match python(script, &[database(operator).as_os_str()]).as_str() {
        "ok 1 1" => Outcome::Old,
        "ok 0 0" => Outcome::New,
        other => panic!("neither the old database nor the new one: {other}"),
    }
}
