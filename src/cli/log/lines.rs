//! Buffered lines of the log, which a thread writes to standard error in the background.
//!
//! Waking a thread for every line takes longer than writing the line, so the thread writes all lines of a few milliseconds
//! together.
//!
//! The buffer has shards, and each thread appends to its own: moving one buffer between the caches of several cores for each
//! line takes longer than writing the line, too.
//!
//! Whatever reads standard error may be stuck: a log collector, a terminal after Ctrl+S. Then lines are dropped and counted,
//! and no caller waits.

use std::{
    io::{self, Write},
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{self, Receiver, SyncSender},
    },
    thread,
    time::{Duration, Instant},
};

/// Lines that arrive within this time are written together.
const BATCH_TIME: Duration = Duration::from_millis(5);
/// Number of shards. If there are more threads, some share one.
const SHARDS: usize = 16;
/// Maximum number of bytes that a shard holds. The reader must be stuck if it is reached, so further lines are dropped.
const SHARD_BYTES: usize = 1024 * 1024;
/// How long dropping [`Flush`] waits for the last lines to be written.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// The buffer, for `tracing_subscriber` to write to.
pub struct Lines {
    shards: Arc<[Shard; SHARDS]>,
    /// Wakes the thread that writes. Holds one message, so that none is missed while the thread is busy.
    wake: SyncSender<()>,
}

/// Aligned so that no two shards share a cache line: 128 bytes on some processors.
#[derive(Default)]
#[repr(align(128))]
struct Shard(Mutex<Pending>);

#[derive(Default)]
struct Pending {
    text: Vec<u8>,
    /// When each line arrived, and where it ends in `text`.
    lines: Vec<(Instant, usize)>,
    /// Lines for which there was no room.
    dropped: u64,
}

impl Shard {
    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits, when dropped, until all lines are written.
pub struct Flush {
    wake: SyncSender<()>,
    is_end: Arc<AtomicBool>,
    is_done: Receiver<()>,
}

impl Lines {
    /// Starts the thread that writes. After lines were dropped it calls `log_dropped` with their number, as soon as lines can
    /// be written again.
    ///
    /// # Errors
    /// The system cannot start a thread.
    pub fn start(
        writer: impl Write + Send + 'static,
        log_dropped: impl Fn(u64) + Send + 'static,
    ) -> io::Result<(Arc<Self>, Flush)> {
        let (wake, woken) = mpsc::sync_channel(1);
        let (done, is_done) = mpsc::channel();
        let shards: Arc<[Shard; SHARDS]> = Arc::default();
        let is_end: Arc<AtomicBool> = Arc::default();
        let (read, end) = (Arc::clone(&shards), Arc::clone(&is_end));
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || {
                write_all(&read, writer, &woken, &end, &log_dropped);
                // An error: `Flush` has given up.
                let _ = done.send(());
            })?;
        let flush = Flush {
            wake: wake.clone(),
            is_end,
            is_done,
        };
        Ok((Arc::new(Self { shards, wake }), flush))
    }
}

fn write_all(
    shards: &[Shard; SHARDS],
    mut writer: impl Write,
    woken: &Receiver<()>,
    is_end: &AtomicBool,
    log_dropped: &impl Fn(u64),
) {
    let mut taken: [Pending; SHARDS] = Default::default();
    let mut text = Vec::new();
    let mut is_last = false;
    while !is_last && woken.recv().is_ok() {
        is_last = is_end.load(Ordering::Acquire);
        if !is_last {
            thread::sleep(BATCH_TIME);
        }
        // All shards are locked at once, so that every later line is later than all of these.
        let locked = shards.each_ref().map(Shard::pending);
        for (mut pending, taken) in locked.into_iter().zip(&mut taken) {
            mem::swap(&mut *pending, taken);
        }
        merge(&taken, &mut text);
        // An error has nowhere else to go.
        let _ = writer.write_all(&text);
        text.clear();
        let mut dropped = 0;
        for taken in &mut taken {
            taken.text.clear();
            taken.lines.clear();
            dropped += mem::take(&mut taken.dropped);
        }
        if dropped > 0 {
            // This adds a line and wakes this thread, so there is another round even at the end.
            log_dropped(dropped);
            is_last = false;
        }
    }
}

/// Appends to `text` all lines in the order in which they arrived.
fn merge(taken: &[Pending], text: &mut Vec<u8>) {
    let mut lines: Vec<(Instant, &[u8])> = Vec::new();
    for pending in taken {
        let mut start = 0;
        for &(arrived_at, end) in &pending.lines {
            lines.push((arrived_at, &pending.text[start..end]));
            start = end;
        }
    }
    // A stable sort: the lines of one shard are in order already.
    lines.sort_by_key(|&(arrived_at, _)| arrived_at);
    for (_, line) in lines {
        text.extend_from_slice(line);
    }
}

/// Index of the shard of this thread.
fn own_shard() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static OWN: usize = NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS;
    }
    OWN.with(|own| *own)
}

impl Write for &Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut pending = self.shards[own_shard()].pending();
        if pending.text.len() > SHARD_BYTES {
            pending.dropped += 1;
            return Ok(line.len());
        }
        let is_first = pending.text.is_empty();
        pending.text.extend_from_slice(line);
        let end = pending.text.len();
        pending.lines.push((Instant::now(), end));
        drop(pending);
        if is_first {
            // An error: it has been woken already.
            let _ = self.wake.try_send(());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Flush {
    fn drop(&mut self) {
        self.is_end.store(true, Ordering::Release);
        let _ = self.wake.try_send(());
        // Lines that are not written by then are lost.
        let _ = self.is_done.recv_timeout(FLUSH_TIMEOUT);
    }
}

#[cfg(test)]
mod tests;
