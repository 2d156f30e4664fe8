//! What a restore refuses, and that it leaves everything as it is.

use std::{fs, path::Path};

use super::{database, names_in};
use crate::support::{
    EMAIL, Holder,
    process::{Finished, Workplace, python},
};

#[track_caller]
fn assert_refused(finished: &Finished, words: &str) {
    assert!(finished.code.is_some_and(|code| code != 0), "{finished:?}");
    assert_eq!(finished.stdout, "");
    let line = finished.stderr.trim_end();
    assert!(line.contains(words), "{words}: {line}");
    assert!(
        line.starts_with("opentill: ") && line.lines().count() == 1,
        "{line}"
    );
}

#[test]
fn a_file_that_is_no_backup_is_refused_and_the_database_stays() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    operator.say(&["backup", "copy.db"], "");
    let dir = operator.dir();
    let copy = fs::read(dir.join("copy.db")).unwrap();
    let mut torn = copy.clone();
    torn[4096..6000].fill(0xff);
    let write = |name: &str, content: &[u8]| fs::write(dir.join(name), content).unwrap();
    write("rubbish.db", &b"rubbish ".repeat(1000));
    write("torn.db", &torn);
    write("cut.db", &copy[..copy.len() - 4096]);
    write("empty.db", b"");
    write("newer.db", &copy);
    write("changed.db", &copy);
    write("dangling.db", &copy);
    fs::create_dir(dir.join("folder")).unwrap();
    let edit = |name: &str, sql: &str| {
        let script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
                      db.execute(sys.argv[2]); db.commit()";
        python(script, &[dir.join(name).as_os_str(), sql.as_ref()]);
    };
    edit("other.db", "CREATE TABLE clients (hunter2)");
    edit(
        "newer.db",
        "INSERT INTO _sqlx_migrations VALUES (99991231235959, 'later', '', TRUE, x'00', 1)",
    );
    edit("changed.db", "UPDATE _sqlx_migrations SET checksum = x'00'");
    edit(
        "dangling.db",
        "INSERT INTO sessions (id_hash, client_id, user_agent, created_at, last_seen_at) \
         VALUES (x'00', 99, '', 0, 0)",
    );

    let before = (fs::read(database(&operator)).unwrap(), names_in(&operator));
    for (file, words) in [
        ("no.db", "no such file"),
        ("folder", "no such file"),
        ("opentill.db", "is the database itself"),
        ("./folder/../opentill.db", "is the database itself"),
        ("rubbish.db", "is no SQLite database"),
        ("torn.db", "is damaged"),
        ("cut.db", "is damaged"),
        ("dangling.db", "is damaged"),
        ("empty.db", "is no database of Opentill"),
        ("other.db", "is no database of Opentill"),
        ("changed.db", "is no database of Opentill"),
        ("newer.db", "newer than this program"),
    ] {
        // However it is answered what to revoke.
        for more in [&[][..], &["--revoke", "all"]] {
            let finished = operator.run(&[&["restore", file], more].concat());
            assert_refused(&finished, words);
            assert!(finished.stderr.contains(file), "{}", finished.stderr);
        }
        let after = (fs::read(database(&operator)).unwrap(), names_in(&operator));
        assert!(before == after, "{file}: {:?}", after.1);
    }
}

#[test]
fn what_to_revoke_is_one_of_three_answers() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    operator.say(&["backup", "copy.db"], "");
    for answer in [
        "",
        "some",
        "ALL",
        "created-before=",
        "created-before=2026-01-15",
        "2026",
    ] {
        let finished = operator.run(&["restore", "copy.db", "--revoke", answer]);
        assert!(finished.code.is_some_and(|code| code != 0));
        assert!(finished.stderr.contains("--revoke"), "{}", finished.stderr);
        assert_eq!(finished.stdout, "");
    }
}

#[tokio::test]
async fn while_somebody_has_the_database_open_nothing_is_restored() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    operator.say(&["backup", "copy.db"], "");
    let server = operator.serve();
    let token = server.logged_in().await.create_token("Made since").await;
    let restore = ["restore", "copy.db", "--revoke", "none"];
    assert_refused(&operator.run(&restore), "is in use");
    // By whatever name it goes.
    std::os::unix::fs::symlink("opentill.db", operator.dir().join("link.db")).unwrap();
    let operator = operator.set("DATABASE_URL", "sqlite://link.db");
    assert_refused(&operator.run(&restore), "is in use");
    let operator = operator.set("DATABASE_URL", "sqlite://opentill.db");
    assert_eq!(server.me(&token).await.status, 200);
    server.kill();

    // Other programs do not take part in our lock, but in SQLite's.
    let hold = "
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute('SELECT count(*) FROM clients').fetchone()
print('held', flush=True)
sys.stdin.read()
";
    let shell = Holder::python(hold, &[database(&operator).as_os_str()]);
    assert_refused(&operator.run(&restore), "is in use");
    shell.release();
    operator.say(&restore, "");
    assert!(operator.serve().me(&token).await.is_exact_401());
}

/// Takes the lock beside a database, in the way that the second argument says.
const LOCK: &str = "
import fcntl, sys
lock = open(sys.argv[1] + '-lock')
fcntl.flock(lock, getattr(fcntl, sys.argv[2]))
print('held', flush=True)
sys.stdin.read()
";

#[test]
fn a_server_that_has_no_connection_open_at_the_moment_is_in_the_way_too() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    operator.say(&["backup", "copy.db"], "");
    let arguments = [database(&operator).into_os_string(), "LOCK_SH".into()];
    let server = Holder::python(LOCK, &arguments.each_ref().map(AsRef::as_ref));
    assert_refused(&operator.run(&["restore", "copy.db"]), "is in use");
    // Beside it, everything else goes on.
    assert!(operator.say(&["client", "list"], "").contains(EMAIL));
    server.release();
    operator.say(&["restore", "copy.db"], "");
}

#[test]
fn while_a_restore_is_under_way_no_server_starts() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let arguments = [database(&operator).into_os_string(), "LOCK_EX".into()];
    let restore = Holder::python(LOCK, &arguments.each_ref().map(AsRef::as_ref));
    for command in [&["serve"][..], &["client", "list"]] {
        assert_refused(&operator.run(command), "it is being restored or copied");
    }
    restore.release();
    assert!(operator.say(&["client", "list"], "").contains(EMAIL));
}

/// As a version of this program that had all migrations but the last would have made it.
fn make_older(path: &Path) {
    let script = "
import hashlib, pathlib, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute('CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, \
checksum BLOB NOT NULL, execution_time BIGINT NOT NULL)')
for file in sorted(pathlib.Path(sys.argv[2]).iterdir())[:-1]:
    sql = file.read_bytes()
    db.executescript(sql.decode())
    version, description = file.stem.split('_', 1)
    db.execute('INSERT INTO _sqlx_migrations VALUES (?, ?, ?, TRUE, ?, 1)',
        (int(version), description, '2026-01-15 10:30:00', hashlib.sha384(sql).digest()))
db.execute(\"INSERT INTO clients (email, email_key, name, address1, city, state, postcode, country, \
currency_code, status, created_at) VALUES ('old@example.com', 'old@example.com', 'Old', '', '', '', \
'', 'US', 'USD', 'active', 1577836800)\")
db.commit()
";
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    python(script, &[path.as_os_str(), migrations.as_os_str()]);
}

#[test]
fn a_backup_of_an_older_version_is_brought_up_to_date() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let copy = operator.dir().join("older.db");
    make_older(&copy);
    let content = fs::read(&copy).unwrap();
    operator.say(&["restore", "older.db", "--revoke", "none"], "");
    let list = operator.say(&["client", "list"], "");
    assert!(
        list.contains("old@example.com") && !list.contains(EMAIL),
        "{list}"
    );
    assert!(
        fs::read(&copy).unwrap() == content,
        "the backup stays as it was"
    );
}
