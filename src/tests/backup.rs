//! `opentill backup`: a whole copy of one moment, while the server writes.

use std::{
    ffi::OsString,
    fs,
    io::Read,
    os::unix::fs::PermissionsExt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::support::{
    Browser, EMAIL, Holder,
    changes::tokens,
    find_token, hash_of,
    process::{Finished, Workplace, python, send, wait},
    rounds,
};

/// Counts the tokens of a database whose hashes and revocations are as told, one a line.
const COUNT: &str = "
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
assert db.execute('PRAGMA integrity_check').fetchall() == [('ok',)]
found = 0
for line in open(sys.argv[2]):
    hash, revoked = line.split()
    row = db.execute('SELECT revoked_at IS NOT NULL FROM tokens WHERE hash = ?', (bytes.fromhex(hash),)).fetchone()
    found += row is not None and (row[0] or revoked == 'false')
print(found)
";

/// What was acknowledged: tokens, and whether they were revoked.
type Journal = Arc<Mutex<Vec<(String, bool)>>>;

/// Creates tokens and revokes half of them, until it is over.
async fn write(mut jane: Browser, name: &str, journal: Journal, is_over: Arc<AtomicBool>) {
    for n in 0.. {
        if is_over.load(Ordering::Relaxed) {
            return;
        }
        let name = format!("{name} {n}");
        let answer = jane.post("/profile/tokens", &[("name", &name)]).await;
        let token = find_token(&answer.body).unwrap_or_else(|| panic!("{answer:?}"));
        let entry = {
            let mut journal = journal.lock().unwrap();
            journal.push((token, false));
            journal.len() - 1
        };
        if n % 2 == 0 {
            let id = tokens(&mut jane).await;
            let id = id.iter().find(|(_, other)| *other == name).unwrap().0;
            let answer = jane.rpc("tokens/revoke", &[("id", &id.to_string())]).await;
            assert_eq!(answer.status, 200);
            journal.lock().unwrap()[entry].1 = true;
        }
    }
}

fn names_in(operator: &Workplace) -> Vec<OsString> {
    let entries = fs::read_dir(operator.dir()).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_under_load_holds_all_that_was_acknowledged_before_it_began() {
    let operator = Workplace::new()
        .set("OPENTILL_MAX_TOKENS", "10000")
        .set("OPENTILL_LOG", "warn");
    operator.add_client(EMAIL);
    let server = operator.serve();
    let journal = Journal::default();
    let is_over = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for name in ["One", "Two", "Three"] {
        let (jane, journal, is_over) = (server.logged_in().await, journal.clone(), is_over.clone());
        writers.push(tokio::spawn(write(jane, name, journal, is_over)));
    }

    let mut written_meanwhile = 0;
    for round in 0..rounds("BACKUP_ROUNDS", 5) {
        let before = journal.lock().unwrap().clone();
        let file = format!("copy-{round}.db");
        let said = operator.say(&["backup", &file], "");
        written_meanwhile += journal.lock().unwrap().len() - before.len();

        let path = operator.dir().join(&file);
        let metadata = fs::metadata(&path).unwrap();
        assert_eq!(said, format!("{file}: {} bytes\n", metadata.len()));
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
        let lines = before.iter().map(|(token, is_revoked)| {
            let hash = hash_of(token);
            format!("{hash} {is_revoked}\n")
        });
        let list = operator.dir().join("acknowledged");
        fs::write(&list, lines.collect::<String>()).unwrap();
        let found = python(COUNT, &[path.as_os_str(), list.as_os_str()]);
        assert_eq!(found, before.len().to_string(), "all is in the copy");
        // Nothing of the copy is beside it, and nothing of another try.
        for name in names_in(&operator) {
            let name = name.to_str().unwrap();
            assert!(
                !name.starts_with('.') && !name.starts_with(&format!("{file}-")),
                "{name}"
            );
        }
    }
    is_over.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(written_meanwhile > 0, "there was load during the backups");
}

#[track_caller]
fn assert_refused(finished: &Finished, words: &str) {
    assert!(finished.code.is_some_and(|code| code != 0), "{finished:?}");
    assert_eq!(finished.stdout, "");
    let line = finished.stderr.trim_end();
    assert!(!line.contains("hunter2"), "{line}");
    assert!(
        line.starts_with("opentill: ") && line.contains(words),
        "{line}"
    );
    assert_eq!(line.lines().count(), 1, "{line}");
}

#[test]
fn a_backup_that_cannot_be_made_is_refused_and_leaves_nothing_behind() {
    let operator = Workplace::new();
    assert_refused(&operator.run(&["backup", "copy.db"]), "no such file");
    assert!(names_in(&operator).is_empty(), "no database is made for it");

    operator.add_client(EMAIL);
    fs::write(operator.dir().join("there"), "precious").unwrap();
    fs::create_dir(operator.dir().join("folder")).unwrap();
    std::os::unix::fs::symlink("nowhere", operator.dir().join("link")).unwrap();
    let before = names_in(&operator);
    for (file, words) in [
        ("there", "exists"),
        ("folder", "exists"),
        ("link", "exists"),
        ("opentill.db", "exists"),
        ("no/such/folder/copy.db", "No such file"),
        ("there/copy.db", "Not a directory"),
    ] {
        assert_refused(&operator.run(&["backup", file]), words);
    }
    assert_eq!(names_in(&operator), before);
    assert_eq!(fs::read(operator.dir().join("there")).unwrap(), b"precious");

    let database = operator.dir().join("opentill.db");
    let whole = fs::read(&database).unwrap();
    let mut torn = whole.clone();
    torn[4096..6000].fill(0xff);
    for (content, words) in [
        (
            &b"not a database, whatever it is called".repeat(500),
            "is no SQLite database",
        ),
        (&torn, "is damaged"),
        (&Vec::new(), "is no database of Opentill"),
    ] {
        fs::write(&database, content).unwrap();
        assert_refused(&operator.run(&["backup", "copy.db"]), words);
        assert_eq!(names_in(&operator), before);
    }
    fs::write(&database, whole).unwrap();
    operator.say(&["backup", "copy.db"], "");
}

#[test]
fn for_a_database_server_its_own_tools_are_named() {
    let url = "postgres://opentill:hunter2@127.0.0.1:1/opentill";
    let operator = Workplace::new().set("DATABASE_URL", url);
    assert_refused(&operator.run(&["backup", "copy.db"]), "pg_dump");
    fs::write(operator.dir().join("copy.db"), "").unwrap();
    let finished = operator.run(&["restore", "copy.db", "--revoke", "all"]);
    assert_refused(&finished, "pg_restore");
}

#[test]
fn a_backup_that_is_stopped_half_way_leaves_nothing_behind() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    // Held exclusively, so that the backup has to wait and can be stopped.
    let hold = "
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute('PRAGMA locking_mode=EXCLUSIVE')
db.execute('BEGIN EXCLUSIVE')
print('held', flush=True)
sys.stdin.read()
";
    let database = operator.dir().join("opentill.db");
    let holder = Holder::python(hold, &[database.as_os_str()]);
    let before = names_in(&operator);
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut child = operator.start(&["backup", "copy.db"]);
        let deadline = Instant::now() + Duration::from_secs(20);
        while names_in(&operator) == before {
            assert!(Instant::now() < deadline, "a backup begins");
            thread::sleep(Duration::from_millis(5));
        }
        assert!(send(signal, child.id()));
        let status = wait(&mut child, Duration::from_secs(20));
        let mut said = String::new();
        child.stderr.unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(said, "opentill: stopped: there is no backup\n");
        assert_eq!(status.and_then(|status| status.code()), Some(code));
        assert_eq!(names_in(&operator), before);
    }
    // Left alone it gives up by itself.
    assert_refused(&operator.run(&["backup", "copy.db"]), "is in use");
    assert_eq!(names_in(&operator), before);
    holder.release();
}
