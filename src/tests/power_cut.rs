//! What was acknowledged survives a power cut: the server's own system calls are replayed up to the
//! cut, and what a disk then holds is opened by SQLite.
//!
//! A disk holds what was synced before the cut; of what was written since, it may hold anything. So
//! at the very moment each answer leaves, what is synced alone has to be enough.

mod disk;
mod trace;

pub use self::trace::assert_strace_works;

use std::{
    collections::HashMap,
    ffi::OsStr,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use futures::future::join_all;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

use self::{
    disk::Disk,
    trace::{Call, Step, Trace},
};
use crate::support::{
    Answer, Browser, EMAIL, PASSWORD,
    changes::tokens,
    find_token, hash_of,
    process::{Workplace, python},
    rounds,
};

/// Opens every folder's database and prints the numbers of those that lost something, or are torn.
/// What has to be there are rows: a table, a column, its value, and a condition.
const JUDGE: &str = "
import json, sqlite3, sys
lost = []
for number, cut in enumerate(json.load(open(sys.argv[1]))):
    db = sqlite3.connect(cut['folder'] + '/opentill.db')
    try:
        whole = db.execute('PRAGMA integrity_check').fetchall() == [('ok',)]
        kept = all(
            db.execute(f'SELECT 1 FROM {table} WHERE {column} = {value} AND {condition}').fetchone()
            for table, column, value, condition in cut['rows']
        )
    except sqlite3.DatabaseError:
        whole = kept = False
    if not (whole and kept):
        lost.append(number)
    db.close()
print(json.dumps(lost))
";

/// A row that an acknowledgement promises.
type Row = [String; 4];

/// Promises by the acknowledgement that gave them.
type Promises = HashMap<String, Row>;

/// A place in the trace where the power goes.
struct Cut {
    /// Before this step.
    step: usize,
    /// With what is synced alone, or with some of the rest.
    is_least: bool,
}

/// How many cuts lost something that had been acknowledged, and how many there were: one at every
/// acknowledgement, and `more` anywhere with something of what is not synced.
fn cut_power(
    steps: &[Step],
    mut disk: Disk,
    promises: &Promises,
    acknowledged: impl Fn(&Call) -> Vec<String>,
    more: usize,
) -> (usize, usize) {
    let mut random = StdRng::seed_from_u64(1);
    let mut cuts: Vec<Cut> = (0..more)
        .map(|_| Cut {
            step: random.random_range(0..steps.len()),
            is_least: false,
        })
        .collect();
    let acknowledgements: Vec<Vec<String>> = steps
        .iter()
        .map(|step| match step {
            Step::Begin(_, call) => acknowledged(call),
            Step::End(..) => Vec::new(),
        })
        .collect();
    for (step, acknowledged) in acknowledgements.iter().enumerate() {
        if acknowledged.iter().any(|name| promises.contains_key(name)) {
            cuts.push(Cut {
                step,
                is_least: true,
            });
        }
    }
    cuts.sort_by_key(|cut| cut.step);

    let dir = tempfile::tempdir().unwrap();
    let mut rows: Vec<&Row> = Vec::new();
    let mut cases: Vec<Value> = Vec::new();
    let mut cuts = cuts.into_iter().peekable();
    for (at, step) in steps.iter().enumerate() {
        while let Some(cut) = cuts.next_if(|cut| cut.step == at) {
            let folder = dir.path().join(cases.len().to_string());
            fs::create_dir(&folder).unwrap();
            let mut expected = rows.clone();
            if cut.is_least {
                disk.write_least(&folder);
                // The answer is about to leave, so what it promises has to be there.
                let leaving = acknowledgements[at].iter();
                expected.extend(leaving.filter_map(|name| promises.get(name)));
            } else {
                disk.write_some(&folder, &mut random);
            }
            cases.push(json!({ "folder": folder, "rows": expected }));
        }
        rows.extend(
            acknowledgements[at]
                .iter()
                .filter_map(|name| promises.get(name)),
        );
        disk.follow(step);
    }
    assert_eq!(rows.len(), promises.len(), "every answer is in the trace");
    let file = dir.path().join("cases.json");
    fs::write(&file, serde_json::to_vec(&cases).unwrap()).unwrap();
    let lost: Vec<usize> = serde_json::from_str(&python(JUDGE, &[file.as_os_str()])).unwrap();
    (lost.len(), cases.len())
}

fn row(table: &str, secret: &str, condition: &str) -> Row {
    let column = if table == "tokens" { "hash" } else { "id_hash" };
    let hex = hash_of(secret);
    [table, column, &format!("x'{hex}'"), condition].map(ToOwned::to_owned)
}

/// The number of the request that an answer belongs to.
fn number(answer: &Answer) -> String {
    let number = answer.header("x-request-id").to_owned();
    assert!(!number.is_empty(), "every answer has a number");
    number
}

/// The numbers of the answers that are sent by this call.
fn answers_sent(call: &Call) -> Vec<String> {
    const HEADER: &[u8] = b"x-request-id: ";
    if !["write", "writev", "sendto", "sendmsg"].contains(&call.name.as_str()) {
        return Vec::new();
    }
    let text = call.texts().concat();
    let starts = text.windows(HEADER.len()).enumerate();
    starts
        .filter(|(_, window)| *window == HEADER)
        .map(|(at, _)| {
            let rest = &text[at + HEADER.len()..];
            let end = rest.iter().position(|byte| *byte == b'\r').unwrap();
            String::from_utf8_lossy(&rest[..end]).into_owned()
        })
        .collect()
}

/// One person who creates tokens, in both ways, and revokes every other one of them, in both ways.
async fn create_and_revoke(mut jane: Browser, name: &str, count: usize) -> Vec<(String, Row)> {
    let mut promises = Vec::new();
    for n in 0..count {
        let name = format!("{name} {n}");
        let by_call = [
            ("name", name.as_str()),
            ("idempotency_key", ""),
            ("replace_unseen", "false"),
        ];
        let created = if n % 4 < 2 {
            jane.post("/profile/tokens", &[("name", &name)]).await
        } else {
            jane.rpc("tokens/create", &by_call).await
        };
        let token = find_token(&created.body).expect("the answer shows the token");
        promises.push((number(&created), row("tokens", &token, "true")));
        if n % 2 == 0 {
            continue;
        }
        let listed = tokens(&mut jane).await;
        let id = listed.iter().find(|(_, other)| *other == name).unwrap().0;
        let revoked = if n % 4 < 2 {
            jane.post(&format!("/profile/tokens/{id}/revoke"), &[])
                .await
        } else {
            jane.rpc("tokens/revoke", &[("id", &id.to_string())]).await
        };
        assert!([200, 303].contains(&revoked.status), "{revoked:?}");
        promises.push((
            number(&revoked),
            row("tokens", &token, "revoked_at IS NOT NULL"),
        ));
    }
    promises
}

async fn log_in(mut browser: Browser, count: usize) -> Vec<(String, Row)> {
    let mut promises = Vec::new();
    for _ in 0..count {
        browser.cookie = None;
        let answer = browser.log_in(EMAIL, PASSWORD).await;
        assert_eq!(answer.status, 303);
        let cookie = browser.cookie.clone().unwrap();
        let (_, secret) = cookie.split_once('=').unwrap();
        promises.push((number(&answer), row("sessions", secret, "true")));
    }
    promises
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_leaves_when_what_it_promises_is_on_the_disk_and_not_before() {
    assert_strace_works();
    let operator = Workplace::new()
        .set("OPENTILL_MAX_TOKENS", "10000")
        .set("OPENTILL_LOG", "warn");
    operator.add_client(EMAIL);
    let database = operator.dir().canonicalize().unwrap().join("opentill.db");
    let disk = Disk::new(&database);
    let trace = Trace::new();
    let words = trace.words();
    let words: Vec<&OsStr> = words.iter().map(OsStr::new).collect();
    let server = operator.serve_under(&words);

    // So many that the log is folded into the database and begun anew on the way.
    let count = rounds("POWER_CUT_CHANGES", 60);
    let work = ["One", "Two", "Three"].map(async |name| {
        let jane = server.logged_in().await;
        create_and_revoke(jane, name, count).await
    });
    let (worked, logged_in) = tokio::join!(join_all(work), log_in(server.browser(), count / 4));
    server.kill();
    let promises: Promises = worked.into_iter().flatten().chain(logged_in).collect();

    let steps = trace.steps().await;
    let is_folded = |step: &Step| match step {
        Step::Begin(_, call) => {
            let mut files = call.files().map(|file| Path::new(&file) == database);
            call.name == "pwrite64" && files.next() == Some(true)
        }
        Step::End(..) => false,
    };
    assert!(steps.iter().any(is_folded), "the log was folded in");
    let more = rounds("POWER_CUTS", 20);
    let (lost, cuts) = cut_power(&steps, disk, &promises, answers_sent, more);
    println!(
        "{cuts} power cuts, {} acknowledged changes, {lost} cuts lost some",
        promises.len()
    );
    assert_eq!(lost, 0);
    assert!(cuts > promises.len(), "the power was cut at every answer");
}

/// Adds rows with as much care as it is told, and acknowledges each.
const WRITER: &str = "
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute('PRAGMA synchronous=' + sys.argv[2])
for number in range(20):
    db.execute('INSERT INTO numbers VALUES (?)', (number,))
    db.commit()
    print(f'[{number}]', flush=True)
";

/// The checker has to find what a program loses that does not sync, or it proves nothing.
#[tokio::test]
async fn a_program_that_does_not_sync_is_found_to_lose_what_it_acknowledged() {
    assert_strace_works();
    for (synchronous, is_careful) in [("OFF", false), ("NORMAL", false), ("FULL", true)] {
        let dir = tempfile::tempdir().unwrap();
        let database = dir.path().canonicalize().unwrap().join("opentill.db");
        let make = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
                    db.execute('PRAGMA journal_mode=WAL'); db.execute('CREATE TABLE numbers (n)')";
        python(make, &[database.as_os_str()]);
        let disk = Disk::new(&database);
        let trace = Trace::new();
        let words = trace.words();
        let mut command = Command::new(&words[0]);
        command
            .args(&words[1..])
            .args(["python3", "-c", WRITER])
            .args([database.as_os_str(), synchronous.as_ref()])
            .stdout(Stdio::null());
        assert!(command.status().unwrap().success());

        let promises: Promises = (0..20)
            .map(|number| {
                let row = ["numbers", "n", &number.to_string(), "true"];
                (format!("[{number}]"), row.map(ToOwned::to_owned))
            })
            .collect();
        let acknowledged = |call: &Call| match call.name.as_str() {
            "write" => vec![String::from_utf8_lossy(&call.texts().concat()).into_owned()],
            _ => Vec::new(),
        };
        let steps = trace.steps().await;
        let (lost, cuts) = cut_power(&steps, disk, &promises, acknowledged, 0);
        println!("synchronous={synchronous}: {lost} of {cuts} power cuts lost something");
        assert_eq!(cuts, promises.len());
        assert_eq!(lost == 0, is_careful, "synchronous={synchronous}");
    }
}
