//! Keeps the runtime going while a reader blocks one of its threads.

use std::{
    io,
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use tokio::runtime::Handle;

use crate::server::store::deadlines;

/// A turn of a reader. Counted when it begins and when it ends, so the count is odd while one is under way.
pub struct Turn<'t>(&'t AtomicU64);

impl<'t> Turn<'t> {
    pub fn begin(turns: &'t AtomicU64) -> Self {
        turns.fetch_add(1, Ordering::Relaxed);
        Self(turns)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Starts a thread that wakes another thread of the runtime while a turn blocks, for as long as there is a reader.
///
/// One thread of the runtime polls the network and the clock for all. It stops polling when it has a task to run, and the
/// others go on sleeping if there is no task for them. This gives them one.
pub fn start(runtime: Handle, turns: &Arc<AtomicU64>) -> io::Result<()> {
    let turns = Arc::downgrade(turns);
    thread::Builder::new()
        .name("reader-watchdog".to_owned())
        .spawn(move || watch(&runtime, &turns))?;
    Ok(())
}

fn watch(runtime: &Handle, turns: &Weak<AtomicU64>) {
    let mut before = 0;
    while let Some(turns) = turns.upgrade() {
        let now = turns.load(Ordering::Relaxed);
        if now == before && now % 2 == 1 {
            runtime.spawn(async {});
        }
        before = now;
        drop(turns);
        thread::sleep(deadlines::BLOCKED);
    }
}
