//! A disk without room: reads go on, what cannot be written is refused, and nothing is lost or torn.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use crate::support::{
    Browser, EMAIL, PASSWORD,
    changes::{change_everything, tokens},
    eventually, find_token,
    process::{Server, Workplace, python},
    rounds,
};

/// Becomes the server, in a world of its own where `data` is a small disk that is gone with it.
const ON_A_SMALL_DISK: &str = "mkdir -p data && mount -t tmpfs -o size=8m,mode=755 none data && \
    cp opentill.db data && DATABASE_URL=sqlite://data/opentill.db exec \"$0\" \"$@\"";

/// A server whose database is on a disk of eight mebibytes, twice what its log may grow to.
struct SmallDisk {
    _operator: Workplace,
    server: Server,
    /// The disk, as it is seen from here.
    disk: PathBuf,
}

impl SmallDisk {
    fn start() -> Self {
        let operator = Workplace::new().set("OPENTILL_MAX_TOKENS", "10000");
        operator.add_client(EMAIL);
        let mut words: Vec<&OsStr> = ["unshare", "--mount"].map(OsStr::new).into();
        if !may_mount(&words) {
            // Whoever is not root may be it in a world of their own.
            words.push("--map-root-user".as_ref());
            assert!(
                may_mount(&words),
                "this test mounts a small disk: run it as root, or where `unshare --mount --map-root-user` works"
            );
        }
        words.extend(["sh", "-c", ON_A_SMALL_DISK].map(OsStr::new));
        let server = operator.serve_under(&words);
        let folder = operator.dir().canonicalize().unwrap();
        let disk = Path::new("/proc")
            .join(server.pid().to_string())
            .join("root")
            .join(folder.strip_prefix("/").unwrap())
            .join("data");
        assert!(disk.join("opentill.db").exists(), "the disk is seen");
        Self {
            _operator: operator,
            server,
            disk,
        }
    }

    fn filler(&self) -> PathBuf {
        self.disk.join("filler")
    }

    /// Leaves less than one page of room.
    fn fill(&self) {
        let mut filler = File::options()
            .create(true)
            .append(true)
            .open(self.filler())
            .unwrap();
        while filler.write_all(&[0; 4096]).is_ok() {}
    }

    fn free(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    fn verdict(&self) -> String {
        python(
            "import sqlite3, sys; \
             print(sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check').fetchall())",
            &[self.disk.join("opentill.db").as_os_str()],
        )
    }
}

fn may_mount(words: &[&OsStr]) -> bool {
    let mut command = Command::new(words[0]);
    command
        .args(&words[1..])
        .args(["mount", "-t", "tmpfs", "none", "/mnt"]);
    command.output().is_ok_and(|output| output.status.success())
}

/// Creates tokens until the disk has no room for another, and returns those that were acknowledged.
async fn create_until_refused(jane: &mut Browser, name: &str) -> Vec<String> {
    let mut created = Vec::new();
    loop {
        let name = format!("{name} {}", created.len());
        let answer = jane.post("/profile/tokens", &[("name", &name)]).await;
        match answer.status {
            200 => created.push(find_token(&answer.body).expect("the answer shows the token")),
            503 => return created,
            _ => panic!("{answer:?}"),
        }
        assert!(created.len() < 2000, "the disk is never full");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_changes_serves_reads_and_works_again_once_there_is_room() {
    let small = SmallDisk::start();
    let server = &small.server;
    let mut jane = server.logged_in().await;
    let token = jane.create_token("Reader").await;
    let mut kept = vec![token.clone()];
    for round in 0..rounds("DISK_FULL_ROUNDS", 3) {
        // Each round the disk is full at another place in the log.
        for n in 0..=round % 5 {
            kept.push(jane.create_token(&format!("Round {round}.{n}")).await);
        }
        let victims = [
            jane.create_token(&format!("Round {round}, one victim"))
                .await,
            jane.create_token(&format!("Round {round}, another")).await,
        ];
        let before = tokens(&mut jane).await;

        small.fill();
        let name = format!("Round {round}, full");
        kept.extend(create_until_refused(&mut jane, &name).await);
        let ids = [before[1].0, before[0].0];
        let changes = change_everything(server, &jane, ids, &name).await;
        for change in &changes {
            let is_done = [200, 303].contains(&change.answer.status);
            assert!(is_done || change.is_unavailable(), "{change:?}");
        }
        let [log_in, by_form, by_call, revoke_by_form, revoke_by_call, _] = changes;
        for change in [&log_in, &by_form, &by_call] {
            assert!(change.is_unavailable(), "there was room: {change:?}");
        }
        for path in ["/", "/profile", "/docs/api", "/readyz"] {
            assert_eq!(jane.get(path).await.status, 200, "{path}");
        }
        assert_eq!(server.me(&token).await.status, 200);
        assert_eq!(small.verdict(), "[('ok',)]");

        small.free();
        let freed = Instant::now();
        eventually("it writes again", async || {
            let answer = jane
                .post(
                    "/profile/tokens",
                    &[("name", &format!("Round {round}, freed"))],
                )
                .await;
            kept.extend(find_token(&answer.body));
            answer.status == 200
        })
        .await;
        println!("writes again after {:?}", freed.elapsed());
        let mut elsewhere = server.browser();
        assert_eq!(elsewhere.log_in(EMAIL, PASSWORD).await.status, 303);

        // What was acknowledged is there, and what was refused is not.
        for token in &kept {
            assert_eq!(server.me(token).await.status, 200, "a token was lost");
        }
        for (revocation, victim) in [revoke_by_form, revoke_by_call].iter().zip(&victims) {
            let me = server.me(victim).await;
            if revocation.is_unavailable() {
                assert_eq!(me.status, 200, "nothing was changed, it was said");
            } else {
                assert!(me.is_exact_401(), "a revocation was lost");
            }
        }
        let names = tokens(&mut jane).await.into_iter().map(|(_, name)| name);
        for name in names {
            assert!(
                !name.ends_with("by form") && !name.ends_with("by call"),
                "{name}"
            );
        }
        assert_eq!(small.verdict(), "[('ok',)]");
    }
}
