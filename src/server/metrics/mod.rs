//! What this process counts, for whoever watches it: `http::metrics` prints it.
//!
//! The counts are static, like the log: they are of the process, and whatever counts needs no handle. To count is one to
//! three relaxed additions to atomics, which no request waits for. Labels are words of this program and routes of its routers,
//! so nothing that a client sends makes the counts more.

mod counts;
mod requests;

use std::time::Instant;

pub use self::{
    counts::{Counter, Histogram},
    requests::{CLASSES, Route, route, routes},
};

/// Upper bounds of times, in microseconds.
const TIMES: [u64; 13] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000,
    5_000_000,
];
/// Upper bounds of the number of lookups in a batch.
const SIZES: [u64; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/// A histogram of times, in microseconds.
pub type Times = Histogram<13>;
/// A histogram of batch sizes.
pub type Sizes = Histogram<9>;

impl Times {
    /// None yet.
    pub const fn of_time() -> Self {
        Self::new(TIMES)
    }

    /// Counts the time since `began`.
    pub fn since(&self, began: Instant) {
        self.add(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
}

/// Counters by a word each.
pub type Words<const N: usize> = [(&'static str, Counter); N];

/// Counts one of `word`, which has to be among the counters.
pub fn count(counters: &[(&'static str, Counter)], word: &str) {
    let found = counters.iter().find(|(name, _)| *name == word);
    debug_assert!(found.is_some(), "nothing counts {word}");
    if let Some((_, counter)) = found {
        counter.add_one();
    }
}

/// Presented tokens, by what was found.
pub struct Verified {
    /// Valid, and known to be from an earlier request.
    pub remembered: Counter,
    /// Valid, and read from the database.
    pub read: Counter,
    /// Well-formed, and not valid.
    pub unknown: Counter,
    /// Not well-formed, so that nothing was looked up.
    pub malformed: Counter,
}

/// See [`Verified`].
pub static VERIFIED: Verified = Verified {
    remembered: Counter::new(),
    read: Counter::new(),
    unknown: Counter::new(),
    malformed: Counter::new(),
};

/// Lookups that share a transaction of SQLite, or a statement of PostgreSQL.
pub struct Batch {
    /// What reads them.
    pub reader: &'static str,
    /// Lookups in a batch.
    pub size: Sizes,
    /// Its time.
    pub time: Times,
}

impl Batch {
    const fn new(reader: &'static str) -> Self {
        Self {
            reader,
            size: Sizes::new(SIZES),
            time: Times::of_time(),
        }
    }

    /// Counts a batch that began at `began`.
    pub fn count(&self, lookups: usize, began: Instant) {
        self.size.add(lookups as u64);
        self.time.since(began);
    }
}

/// Every kind of batch: SQLite has a reader of tokens and sessions and one of lists, PostgreSQL the others.
pub static BATCHES: [Batch; 5] = [
    Batch::new("tokens_and_sessions"),
    Batch::new("lists"),
    Batch::new("tokens"),
    Batch::new("sessions"),
    Batch::new("overviews"),
];
/// SQLite's reader of tokens and sessions.
pub static VERIFIER: &Batch = &BATCHES[0];
/// SQLite's reader of everything else.
pub static LISTS: &Batch = &BATCHES[1];
/// PostgreSQL's lookups of tokens.
pub static TOKENS: &Batch = &BATCHES[2];
/// PostgreSQL's lookups of sessions.
pub static SESSIONS: &Batch = &BATCHES[3];
/// PostgreSQL's lookups of overviews.
pub static OVERVIEWS: &Batch = &BATCHES[4];

/// Statements by what they do, with the wait for a connection where they have one of their own.
pub static STATEMENTS: [(&str, Times); 5] = [
    ("read", Times::of_time()),
    ("write", Times::of_time()),
    ("begin", Times::of_time()),
    ("statement", Times::of_time()),
    ("commit", Times::of_time()),
];
/// One statement that reads.
pub static READ: &Times = &STATEMENTS[0].1;
/// One statement that writes, with its commit.
pub static WRITE: &Times = &STATEMENTS[1].1;
/// The beginning of a transaction: it waits for a connection, and in SQLite for the writer.
pub static BEGIN: &Times = &STATEMENTS[2].1;
/// A statement of a transaction.
pub static STATEMENT: &Times = &STATEMENTS[3].1;
/// The end of a transaction.
pub static COMMIT: &Times = &STATEMENTS[4].1;

/// Log-ins by outcome.
pub static LOGINS: Words<5> = [
    ("logged_in", Counter::new()),
    ("wrong", Counter::new()),
    ("limited", Counter::new()),
    ("busy", Counter::new()),
    ("failed", Counter::new()),
];

/// Requests that were refused because of a rate limit, by the limit.
pub static LIMITED: Words<15> = [
    ("login", Counter::new()),
    ("login_address", Counter::new()),
    ("login_subscriber", Counter::new()),
    ("login_site", Counter::new()),
    ("login_account", Counter::new()),
    ("login_newcomer", Counter::new()),
    ("login_browser", Counter::new()),
    ("link", Counter::new()),
    ("link_address", Counter::new()),
    ("link_subscriber", Counter::new()),
    ("link_site", Counter::new()),
    ("password", Counter::new()),
    ("token", Counter::new()),
    ("bad_token", Counter::new()),
    ("change", Counter::new()),
];

/// Waiting and work of the threads that hash passwords.
pub static PASSWORDS: Times = Times::of_time();
