//! Another program holds the database: what only reads goes on, what cannot be done is a 503 soon.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use futures::future::join_all;
use tokio::time::sleep;

use crate::support::{
    EMAIL, Holder,
    changes::{change_everything, tokens},
    eventually,
    process::{Server, Workplace},
    rounds,
};

/// What is promised on an idle machine; one that is late with everything is late with this, too.
const REFUSED: Duration = Duration::from_secs(3);
/// Takes the writer's lock, as a transaction of any other program does.
const WRITER: &str = "
import sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute('BEGIN IMMEDIATE')
print('held', flush=True)
sys.stdin.read()
c.execute('ROLLBACK')
";

/// Takes the bytes of the index of the log on which every transaction takes a lock before it reads:
/// 123 to 127, <https://sqlite.org/walformat.html#wal_locks>. Whoever begins one waits.
const READERS: &str = "
import fcntl, sys
index = open(sys.argv[1] + '-shm', 'r+b')
fcntl.lockf(index, fcntl.LOCK_EX, 5, 123)
print('held', flush=True)
sys.stdin.read()
";

/// Integrations that never stop asking.
struct Readers {
    is_over: Arc<AtomicBool>,
    slowest: Arc<Mutex<Duration>>,
    workers: Vec<tokio::task::JoinHandle<usize>>,
}

impl Readers {
    fn start(server: &Server, token: &str) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let slowest: Arc<Mutex<Duration>> = Arc::default();
        let workers = (0..3).map(|_| {
            let (is_over, slowest) = (Arc::clone(&is_over), Arc::clone(&slowest));
            let (mut browser, bearer) = (server.browser(), format!("Bearer {token}"));
            tokio::spawn(async move {
                let mut asked = 0;
                while !is_over.load(Ordering::Relaxed) {
                    let began = Instant::now();
                    let headers = [("authorization", bearer.as_str())];
                    let answer = browser.get_with("/api/v1/me", &headers).await;
                    assert_eq!(answer.status, 200, "{}", answer.body);
                    let mut slowest = slowest.lock().unwrap();
                    *slowest = began.elapsed().max(*slowest);
                    asked += 1;
                }
                asked
            })
        });
        Self {
            workers: workers.collect(),
            is_over,
            slowest,
        }
    }

    /// How many answers there were, every one a 200, and what the slowest took.
    async fn stop(self) -> (usize, Duration) {
        self.is_over.store(true, Ordering::Relaxed);
        let asked = join_all(self.workers).await;
        let asked = asked.into_iter().map(Result::unwrap).sum();
        (asked, *self.slowest.lock().unwrap())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_another_program_writes_reads_go_on_and_changes_are_refused_soon() {
    let operator = Workplace::new().set("OPENTILL_MAX_TOKENS", "10000");
    operator.add_client(EMAIL);
    let server = operator.serve();
    let database = operator.dir().join("opentill.db");
    let mut jane = server.logged_in().await;
    let token = jane.create_token("Reader").await;
    for round in 0..rounds("HELD_ROUNDS", 2) {
        jane.create_token(&format!("Victim {round} by form")).await;
        jane.create_token(&format!("Victim {round} by call")).await;
        let before = tokens(&mut jane).await;
        let ids = [before[0].0, before[1].0];
        let name = format!("Round {round}");

        let writer = Holder::python(WRITER, &[database.as_os_str()]);
        let readers = Readers::start(&server, &token);
        let changes = change_everything(&server, &jane, ids, &name).await;
        for path in ["/", "/profile", "/login", "/docs/api", "/readyz"] {
            let status = jane.get(path).await.status;
            assert!([200, 303].contains(&status), "{path}: {status}");
        }
        let (asked, slowest) = readers.stop().await;
        assert_eq!(tokens(&mut jane).await, before, "nothing was changed");
        assert!(asked > 0);
        for change in changes {
            println!(
                "{} {:?}, reads {slowest:?} at most",
                change.path, change.took
            );
            assert!(change.is_unavailable(), "{change:?}");
            assert!(change.took < REFUSED + slowest, "{change:?}");
        }

        writer.release();
        let changes = change_everything(&server, &jane, ids, &name).await;
        for change in changes {
            assert!([200, 303].contains(&change.answer.status), "{change:?}");
        }
        let after = tokens(&mut jane).await;
        assert_eq!(after.len(), before.len(), "two created, two revoked");
        assert!(after.iter().all(|(id, _)| !ids.contains(id)));
        assert!(server.me(&token).await.status == 200);
        // The client's own session is the one that was kept.
        assert_eq!(jane.get("/profile").await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_nobody_can_read_everybody_hears_so_soon_and_all_is_well_right_after() {
    let operator = Workplace::new();
    operator.add_client(EMAIL);
    let server = operator.serve();
    let database = operator.dir().join("opentill.db");
    let mut jane = server.logged_in().await;
    let token = jane.create_token("Reader").await;
    let ids = [1, 1];

    let index = Holder::python(READERS, &[database.as_os_str()]);
    // Many more than there are connections.
    let bearer = format!("Bearer {token}");
    let asking = (0..40).map(async |_| {
        let began = Instant::now();
        let headers = [("authorization", bearer.as_str())];
        let answer = server.browser().get_with("/api/v1/me", &headers).await;
        (answer, began.elapsed())
    });
    let pings = async {
        let mut slowest = Duration::ZERO;
        for _ in 0..20 {
            let began = Instant::now();
            assert_eq!(server.browser().get("/healthz").await.status, 200);
            slowest = slowest.max(began.elapsed());
            sleep(Duration::from_millis(100)).await;
        }
        slowest
    };
    let (answers, changes, slowest) = tokio::join!(
        join_all(asking),
        change_everything(&server, &jane, ids, "Nobody reads"),
        pings
    );
    for (answer, took) in answers {
        assert_eq!(answer.status, 503, "{}", answer.body);
        assert_eq!(answer.header("content-type"), "application/json");
        assert!(answer.header("retry-after").parse::<u32>().is_ok());
        assert!(took < REFUSED + slowest, "{took:?}, {slowest:?}");
    }
    assert!(slowest < REFUSED, "no thread of the requests stands still");
    for change in changes {
        assert!(change.is_unavailable(), "{change:?}");
        assert!(change.took < REFUSED + slowest, "{change:?}");
    }
    assert_eq!(server.browser().get("/readyz").await.status, 503);

    index.release();
    let freed = Instant::now();
    eventually("it reads again", async || {
        server.me(&token).await.status == 200
    })
    .await;
    println!("well again after {:?}", freed.elapsed());
    assert_eq!(jane.get("/profile").await.status, 200);
    jane.create_token("Afterwards").await;
    let listed = tokens(&mut jane).await;
    let names: Vec<_> = listed.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["Afterwards", "Reader"]);
}
