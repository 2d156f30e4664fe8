//! The disk turns read-only under a running server, as a system does to a disk with errors.

use std::{
    ffi::OsString,
    fs,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    power_cut::assert_strace_works,
    support::{
        EMAIL,
        changes::{change_everything, tokens},
        eventually,
        process::{Server, Workplace, python},
        rounds,
    },
};

/// Every write to the database's files fails as on a read-only disk, until this is dropped.
struct ReadOnly {
    strace: Child,
}

impl ReadOnly {
    fn start(server: &Server, operator: &Workplace) -> Self {
        let folder = operator.dir().canonicalize().unwrap();
        let path = |name: &str| OsString::from(folder.join(name));
        let pid = server.pid().to_string();
        let strace = Command::new("strace")
            .args(["-f", "-qq", "-o", "/dev/null", "-p", &pid])
            .args(["-e", "trace=pwrite64,ftruncate"])
            .args(["-e", "inject=pwrite64,ftruncate:error=EROFS"])
            .args(["-P".into(), path("opentill.db")])
            .args(["-P".into(), path("opentill.db-wal")])
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let began = Instant::now();
        while !is_traced(&pid) {
            assert!(
                began.elapsed() < Duration::from_secs(10),
                "it is not traced"
            );
            thread::sleep(Duration::from_millis(10));
        }
        Self { strace }
    }
}

impl Drop for ReadOnly {
    fn drop(&mut self) {
        // Told so, and not killed, it lets go in good order.
        let pid = self.strace.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let _ = self.strace.wait();
    }
}

/// Whether somebody traces all threads of the process.
fn is_traced(pid: &str) -> bool {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    threads.flatten().all(|thread| {
        let status = fs::read_to_string(thread.path().join("status")).unwrap_or_default();
        !status.contains("TracerPid:\t0\n")
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_read_only_disk_reads_go_on_changes_are_refused_and_nothing_stays_broken() {
    assert_strace_works();
    let operator = Workplace::new().set("OPENTILL_MAX_TOKENS", "10000");
    operator.add_client(EMAIL);
    let server = operator.serve();
    let mut jane = server.logged_in().await;
    let token = jane.create_token("Reader").await;
    for round in 0..rounds("READ_ONLY_ROUNDS", 2) {
        jane.create_token(&format!("Victim {round} by form")).await;
        jane.create_token(&format!("Victim {round} by call")).await;
        // A session that could be ended.
        server.logged_in().await;
        let before = tokens(&mut jane).await;
        let ids = [before[0].0, before[1].0];
        let name = format!("Round {round}");

        let disk = ReadOnly::start(&server, &operator);
        // More than once: no try may spoil the next.
        for _ in 0..3 {
            let changes = change_everything(&server, &jane, ids, &name).await;
            for change in &changes {
                assert!(change.is_unavailable(), "{change:?}");
            }
            assert_eq!(server.me(&token).await.status, 200);
            for path in ["/", "/profile", "/docs/api", "/readyz"] {
                assert_eq!(jane.get(path).await.status, 200, "{path}");
            }
        }
        drop(disk);

        assert_eq!(tokens(&mut jane).await, before, "nothing was changed");
        eventually("it writes again", async || {
            let name = format!("Round {round}, again");
            jane.post("/profile/tokens", &[("name", &name)])
                .await
                .status
                == 200
        })
        .await;
        for change in change_everything(&server, &jane, ids, &name).await {
            assert!([200, 303].contains(&change.answer.status), "{change:?}");
        }
        let verdict = python(
            "import sqlite3, sys; \
             print(sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check').fetchall())",
            &[operator.dir().join("opentill.db").as_os_str()],
        );
        assert_eq!(verdict, "[('ok',)]");
    }
}
