//! Where nothing tells what was revoked since the backup, somebody has to say what to revoke.

use std::{ffi::OsString, fs, path::Path};

use super::{assert_dead, database, kept, names_in, stop};
use crate::support::{
    EMAIL,
    process::{Finished, Workplace, python},
};

/// A backup with one token of 2020 and one of today.
struct Backup {
    operator: Workplace,
    old: String,
    new: String,
}

async fn backup() -> Backup {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    let old = jane.create_token("Of 2020").await;
    let new = jane.create_token("Of today").await;
    stop(server);
    let age = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
               db.execute('UPDATE tokens SET created_at = 1577836800 WHERE id = 1'); db.commit()";
    python(age, &[database(&operator).as_os_str()]);
    operator.say(&["backup", "copy.db"], "");
    Backup { operator, old, new }
}

#[track_caller]
fn assert_asked(finished: &Finished, why: &str) {
    assert!(finished.code.is_some_and(|code| code != 0), "{finished:?}");
    assert_eq!(finished.stdout, "");
    let line = finished.stderr.trim_end();
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(
        line.contains("--revoke all") && line.contains(why),
        "{line}"
    );
}

/// How the database in place can be lost, at the path of its file.
type Loss = fn(&Path);

fn remove(path: &Path) {
    fs::remove_file(path).unwrap();
}

fn overwrite(path: &Path) {
    fs::write(path, "rubbish ".repeat(2000)).unwrap();
}

fn damage(path: &Path) {
    let mut content = fs::read(path).unwrap();
    content[4096..8000].fill(0xff);
    fs::write(path, content).unwrap();
}

fn empty(path: &Path) {
    fs::write(path, "").unwrap();
}

fn age(path: &Path) {
    let script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
                  db.execute(\"INSERT INTO _sqlx_migrations VALUES \
                  (99991231235959, 'later', '2026-01-15 10:30:00', TRUE, x'00', 1)\"); db.commit()";
    python(script, &[path.as_os_str()]);
}

/// As if somebody had started a server after the database was lost.
fn begin_anew(path: &Path) {
    remove(path);
    let newcomer = Workplace::new().set("DATABASE_URL", format!("sqlite://{}", path.display()));
    newcomer.add_client(EMAIL);
}

/// As if an older backup had been restored before this one: the token is not revoked in it.
fn forget_a_revocation(path: &Path) {
    let script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[2]); \
                  db.execute('UPDATE tokens SET revoked_at = 1 WHERE id = 2'); db.commit()";
    let copy = path.with_file_name("copy.db");
    python(script, &[path.as_os_str(), copy.as_os_str()]);
}

/// All but the lock, and what SQLite leaves beside a database that was only looked at: an index, and
/// a log with nothing in it.
fn lasting_files(operator: &Workplace) -> Vec<OsString> {
    let is_lasting = |name: &OsString| {
        let size = fs::metadata(operator.dir().join(name)).unwrap().len();
        let name = name.to_string_lossy();
        let is_beside = name.ends_with("-lock") || name.ends_with("-shm");
        !(is_beside || name.ends_with("-wal") && size == 0)
    };
    let names = names_in(operator).into_iter();
    names.filter(is_lasting).collect()
}

#[tokio::test]
async fn without_an_answer_nothing_is_done_and_one_line_says_why() {
    let Backup { operator, .. } = backup().await;
    let path = database(&operator);
    let whole = fs::read(&path).unwrap();
    let backup = fs::read(operator.dir().join("copy.db")).unwrap();
    let losses: [(Loss, &str); 7] = [
        (remove, "there is none in place"),
        (overwrite, "is no SQLite database"),
        (damage, "is damaged"),
        (empty, "is no database of Opentill"),
        (age, "is newer than this program"),
        (begin_anew, "does not come from this backup"),
        (forget_a_revocation, "does not come from this backup"),
    ];
    for (lose, why) in losses {
        fs::write(&path, &whole).unwrap();
        lose(&path);
        let (before, files) = (fs::read(&path).ok(), lasting_files(&operator));
        assert_asked(&operator.run(&["restore", "copy.db"]), why);
        assert!(fs::read(&path).ok() == before, "it was changed: {why}");
        assert_eq!(lasting_files(&operator), files, "{why}");
        // The answer helps in every one of these cases.
        let said = operator.say(&["restore", "copy.db", "--revoke", "none"], "");
        assert!(said.contains(why), "{said}");
        fs::write(operator.dir().join("copy.db"), &backup).unwrap();
        for old in kept(&operator) {
            fs::remove_file(old).unwrap();
        }
    }
}

#[tokio::test]
async fn the_answer_says_which_tokens_are_revoked() {
    for (answer, old_lives, new_lives) in [
        ("all", false, false),
        ("created-before=2021-06-01T02:00:00+02:00", false, true),
        ("created-before=2019-01-01T00:00:00Z", true, true),
        ("none", true, true),
    ] {
        let Backup { operator, old, new } = backup().await;
        remove(&database(&operator));
        let said = operator.say(&["restore", "copy.db", "--revoke", answer], "");
        let revoked = 2 - i32::from(old_lives) - i32::from(new_lives);
        assert!(
            said.contains(&format!("Revoked as told: tokens {revoked}")),
            "{said}"
        );
        let server = operator.serve();
        for (token, lives) in [(&old, old_lives), (&new, new_lives)] {
            let me = server.me(token).await;
            if lives {
                assert_eq!(me.status, 200, "{answer}");
            } else {
                assert_dead(&me);
            }
        }
    }
}

/// Runs a command at a terminal, types the lines of the last argument, and prints what is seen.
const TERMINAL: &str = "
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.chdir(sys.argv[1])
    os.execve(sys.argv[2], [sys.argv[2], 'restore', 'copy.db'], {})
seen = b''
lines = sys.argv[3].split(';')
while True:
    try:
        read = os.read(terminal, 4096)
    except OSError:
        break
    seen += read
    if lines and seen.count(b'or none.') > len(sys.argv[3].split(';')) - len(lines):
        os.write(terminal, lines.pop(0).encode() + b'\\n')
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(seen.decode())
";

#[tokio::test]
async fn at_a_terminal_it_asks_until_it_is_answered() {
    let Backup { operator, old, new } = backup().await;
    remove(&database(&operator));
    let answers = "yes;created-before=2021-06-01T00:00:00Z";
    let arguments = [
        operator.dir().as_os_str(),
        env!("CARGO_BIN_EXE_opentill").as_ref(),
        answers.as_ref(),
    ];
    let seen = python(TERMINAL, &arguments);
    assert!(seen.starts_with("0\n"), "{seen}");
    assert!(seen.contains("Please answer: all"), "{seen}");
    assert!(seen.contains("Revoked as told: tokens 1"), "{seen}");
    let server = operator.serve();
    assert_dead(&server.me(&old).await);
    assert_eq!(server.me(&new).await.status, 200);
}

#[tokio::test]
async fn the_log_of_an_old_database_never_becomes_the_new_ones() {
    let Backup { operator, old, .. } = backup().await;
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    jane.create_token("In the log").await;
    jane.rpc("tokens/revoke", &[("id", "1")]).await;
    server.kill();
    // The log is whole, but what it belongs to cannot be read any more.
    let path = database(&operator);
    let log = path.with_file_name("opentill.db-wal");
    let log_content = fs::read(&log).unwrap();
    assert!(log_content.len() > 4096);
    overwrite(&path);
    assert_asked(
        &operator.run(&["restore", "copy.db"]),
        "is no SQLite database",
    );
    assert!(fs::read(&log).unwrap() == log_content);

    operator.say(&["restore", "copy.db", "--revoke", "none"], "");
    let server = operator.serve();
    assert_eq!(server.me(&old).await.status, 200);
    let listed = super::tokens(&mut server.logged_in().await).await;
    let names: Vec<_> = listed.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["Of today", "Of 2020"]);
    // Kept with all that belongs to it.
    let kept = kept(&operator);
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(fs::read(&kept[1]).unwrap() == log_content);
}
