//! The files of a running server's database are moved, replaced or removed.

use std::{fs, path::PathBuf, time::Duration};

use super::sqlite;
use crate::support::{
    Answer, Browser, EMAIL, eventually, find_token,
    process::{Server, Workplace, python},
};

/// A server whose database is in a folder of its own, and what it has acknowledged.
struct Place {
    operator: Workplace,
    server: Server,
    jane: Browser,
    token: String,
}

impl Place {
    async fn new() -> Self {
        let operator = Workplace::on_file().set("DATABASE_URL", "sqlite://data/opentill.db");
        fs::create_dir(operator.dir().join("data")).unwrap();
        operator.add_client(EMAIL);
        let server = operator.serve();
        let mut jane = server.logged_in().await;
        let token = jane.create_token("Kept").await;
        assert_eq!(server.me(&token).await.status, 200);
        Self {
            operator,
            server,
            jane,
            token,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.operator.dir().join("data").join(name)
    }

    /// A copy that is whole, as other tools make one.
    fn copy(&self) -> PathBuf {
        let copy = self.path("copy.db");
        let sql = format!("VACUUM INTO '{}'", copy.display());
        sqlite(&self.path("opentill.db"), &sql);
        copy
    }

    /// Nothing that needs the database is answered, from the first request on.
    async fn assert_unavailable(&mut self, what: &str) {
        let is_unavailable = |answer: &Answer| answer.status == 503;
        let ready = self.server.browser().get("/readyz").await;
        assert!(is_unavailable(&ready), "{what}: {ready:?}");
        assert!(is_unavailable(&self.server.me(&self.token).await), "{what}");
        let made = self.jane.post("/profile/tokens", &[("name", what)]).await;
        assert!(is_unavailable(&made), "{what}: {made:?}");
        assert_eq!(find_token(&made.body), None, "{what}");
        let revoked = self.jane.post("/profile/tokens/1/revoke", &[]).await;
        assert!(is_unavailable(&revoked), "{what}: {revoked:?}");
        let page = self.jane.get("/profile").await;
        assert!(is_unavailable(&page), "{what}: {page:?}");
        let health = self.server.browser().get("/healthz").await;
        assert_eq!(health.status, 200, "{what}");
    }

    async fn assert_well(&mut self, what: &str) {
        let ready = self.server.browser().get("/readyz").await;
        assert_eq!(ready.status, 200, "{what}");
        assert_eq!(self.server.me(&self.token).await.status, 200, "{what}");
        self.jane.create_token(&format!("After {what}")).await;
    }
}

/// How often the server has said that it lost a file, and that all are back.
async fn said(server: &Server, lost: usize, back: usize) {
    eventually("it is logged once", async || {
        let log = server.stderr();
        let count = |words: &str| log.matches(words).count();
        (count("was moved, replaced or removed"), count("are back")) == (lost, back)
    })
    .await;
}

#[tokio::test]
async fn nothing_is_answered_until_the_file_that_was_opened_is_back() {
    let mut place = Place::new().await;
    let mut times = 0;
    for name in [
        "opentill.db",
        "opentill.db-wal",
        "opentill.db-shm",
        "opentill.db-lock",
    ] {
        let (file, aside) = (place.path(name), place.path("aside"));
        fs::rename(&file, &aside).unwrap();
        place.assert_unavailable(&format!("{name} moved")).await;
        // Another file of the same content is another file.
        fs::copy(&aside, &file).unwrap();
        place.assert_unavailable(&format!("{name} replaced")).await;
        fs::rename(&aside, &file).unwrap();
        place.assert_well(name).await;
        times += 1;
        said(&place.server, times, times).await;
    }

    let data = place.operator.dir().join("data");
    let aside = data.with_extension("aside");
    fs::rename(&data, &aside).unwrap();
    place.assert_unavailable("folder moved").await;
    fs::create_dir(&data).unwrap();
    for name in ["opentill.db", "opentill.db-wal", "opentill.db-lock"] {
        fs::copy(aside.join(name), data.join(name)).unwrap();
    }
    place.assert_unavailable("folder replaced").await;
    fs::remove_dir_all(&data).unwrap();
    fs::rename(&aside, &data).unwrap();
    place.assert_well("folder").await;
    said(&place.server, times + 1, times + 1).await;
}

#[tokio::test]
async fn a_server_that_has_been_quiet_for_long_notices_at_once() {
    let mut place = Place::new().await;
    // Until the folder's own time alone is looked at.
    tokio::time::sleep(Duration::from_secs(3)).await;
    place.assert_well("quiet").await;
    fs::remove_file(place.path("opentill.db")).unwrap();
    place.assert_unavailable("removed").await;
}

#[tokio::test]
async fn what_is_done_in_a_file_that_took_the_place_is_not_contradicted() {
    let mut place = Place::new().await;
    let copy = place.copy();
    for name in ["opentill.db-wal", "opentill.db-shm"] {
        fs::remove_file(place.path(name)).unwrap();
    }
    fs::rename(copy, place.path("opentill.db")).unwrap();
    let said = place.operator.say(&["token", "revoke", "1"], "");
    assert_eq!(said, "Token “Kept” was revoked.\n");
    place.assert_unavailable("replaced").await;
    let mut server = place.server;
    server.signal("TERM");
    assert!(server.exit_within(Duration::from_secs(15)).is_some());

    // A server that has stopped has done nothing to the other file.
    let server = place.operator.serve();
    assert!(server.me(&place.token).await.is_exact_401());
    let new = server.logged_in().await.create_token("New").await;
    assert_eq!(server.me(&new).await.status, 200);
}

#[tokio::test]
async fn a_server_that_stops_leaves_the_log_of_another_database_alone() {
    let place = Place::new().await;
    let copy = place.copy();
    fs::remove_file(place.path("opentill.db-shm")).unwrap();
    fs::rename(copy, place.path("opentill.db")).unwrap();
    let log = place.path("opentill.db-wal");
    fs::write(&log, "another one's").unwrap();
    let mut server = place.server;
    server.signal("TERM");
    assert!(server.exit_within(Duration::from_secs(15)).is_some());
    assert_eq!(fs::read_to_string(log).unwrap(), "another one's");
}

#[tokio::test]
async fn all_that_was_acknowledged_is_there_after_a_restart_with_the_file_that_was_opened() {
    let mut place = Place::new().await;
    let aside = place.operator.dir().join("aside");
    fs::create_dir(&aside).unwrap();
    let names = ["opentill.db", "opentill.db-wal", "opentill.db-shm"];
    let mut acknowledged = vec![place.token.clone()];
    for n in 0..5 {
        acknowledged.push(place.jane.create_token(&format!("Token {n}")).await);
    }
    for name in names {
        fs::rename(place.path(name), aside.join(name)).unwrap();
    }
    place.assert_unavailable("all moved").await;
    place.server.kill();
    for name in names {
        let path = place.operator.dir().join("data").join(name);
        fs::rename(aside.join(name), path).unwrap();
    }
    let server = place.operator.serve();
    for token in acknowledged {
        assert_eq!(server.me(&token).await.status, 200);
    }
}

#[tokio::test]
async fn nobody_takes_a_lock_that_does_not_count_for_the_server() {
    let mut place = Place::new().await;
    place.operator.say(&["backup", "backup.db"], "");
    fs::remove_file(place.path("opentill.db-lock")).unwrap();
    place.assert_unavailable("no lock").await;
    // What holds it back are SQLite's own locks.
    let refused = place
        .operator
        .run(&["restore", "backup.db", "--revoke", "all"]);
    assert_ne!(refused.code, Some(0), "{refused:?}");
    drop(place.server);
    let server = place.operator.serve();
    assert_eq!(server.me(&place.token).await.status, 200);
    let verdict = python(
        "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check').fetchall())",
        &[place.operator.dir().join("data/opentill.db").as_os_str()],
    );
    assert_eq!(verdict, "[('ok',)]");
}
