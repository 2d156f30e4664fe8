//! Lines on their way to standard error, written beside the requests.
//!
//! To wake a thread for every line takes longer than to write the line. So whoever has one leaves it
//! here and goes on, and the thread that writes takes all that came within a few milliseconds.
//!
//! Each thread leaves its lines in a place of its own: what threads on several cores write to has to be carried from
//! one core's cache to the next for each line, and that takes longer than to write it, too.
//!
//! Whoever reads the log may stand still: a collector that is stuck, a terminal with Ctrl+S. Then lines are left out, and
//! counted, but nobody waits.

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

/// Lines that come within this time are written together.
const PAUSE: Duration = Duration::from_millis(5);
/// Threads that have a place of their own; more of them share.
const PLACES: usize = 16;
/// Bytes that may wait in each place. When there are as many whoever reads them must be stuck, and what comes then is left
/// out.
const ROOM: usize = 1024 * 1024;
/// How long the end waits for what is still to be written.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where lines are left.
pub struct Lines {
    places: Arc<[Place; PLACES]>,
    /// Wakes who writes. Rung while nobody listens, it is heard later.
    bell: SyncSender<()>,
}

/// As far from the next one as the caches of all processors want it.
#[derive(Default)]
#[repr(align(128))]
struct Place(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    text: Vec<u8>,
    /// Of each line when it came, and where it ends.
    lines: Vec<(Instant, usize)>,
    /// Those that there was no room for.
    left_out: u64,
}

impl Place {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Dropped, it waits until all lines are written.
pub struct Flush {
    bell: SyncSender<()>,
    is_end: Arc<AtomicBool>,
    is_done: Receiver<()>,
}

impl Lines {
    /// Starts the thread that writes. As soon as something could be written again after lines were left out, `left_out` is
    /// told how many, to leave a line about it.
    ///
    /// # Errors
    /// The system has none to give.
    pub fn start(
        writer: impl Write + Send + 'static,
        left_out: impl Fn(u64) + Send + 'static,
    ) -> io::Result<(Arc<Self>, Flush)> {
        let (bell, rung) = mpsc::sync_channel(1);
        let (done, is_done) = mpsc::channel();
        let places: Arc<[Place; PLACES]> = Arc::default();
        let is_end: Arc<AtomicBool> = Arc::default();
        let (of_all, end) = (Arc::clone(&places), Arc::clone(&is_end));
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || {
                write_out(&of_all, writer, &rung, &end, &left_out);
                // An error: nobody waits any more.
                let _ = done.send(());
            })?;
        let flush = Flush {
            bell: bell.clone(),
            is_end,
            is_done,
        };
        Ok((Arc::new(Self { places, bell }), flush))
    }
}

fn write_out(
    places: &[Place; PLACES],
    mut writer: impl Write,
    rung: &Receiver<()>,
    is_end: &AtomicBool,
    say_left_out: &impl Fn(u64),
) {
    let mut taken: [Waiting; PLACES] = Default::default();
    let mut text = Vec::new();
    let mut is_last = false;
    while !is_last && rung.recv().is_ok() {
        is_last = is_end.load(Ordering::Acquire);
        if !is_last {
            thread::sleep(PAUSE);
        }
        // All at one moment: what comes later is later than any of these.
        let held = places.each_ref().map(Place::waiting);
        for (mut waiting, taken) in held.into_iter().zip(&mut taken) {
            mem::swap(&mut *waiting, taken);
        }
        merge(&taken, &mut text);
        // An error: there is nowhere else to say it.
        let _ = writer.write_all(&text);
        text.clear();
        let mut left_out = 0;
        for taken in &mut taken {
            taken.text.clear();
            taken.lines.clear();
            left_out += mem::take(&mut taken.left_out);
        }
        if left_out > 0 {
            // This leaves a line, and rings: at the end it is written, too.
            say_left_out(left_out);
            is_last = false;
        }
    }
}

/// Appends to `text` all lines in the order in which they came.
fn merge(taken: &[Waiting], text: &mut Vec<u8>) {
    let mut lines: Vec<(Instant, &[u8])> = Vec::new();
    for waiting in taken {
        let mut start = 0;
        for &(came_at, end) in &waiting.lines {
            lines.push((came_at, &waiting.text[start..end]));
            start = end;
        }
    }
    // Those of one place are in order already, and stay so.
    lines.sort_by_key(|&(came_at, _)| came_at);
    for (_, line) in lines {
        text.extend_from_slice(line);
    }
}

/// The place of this thread.
fn own_place() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static OWN: usize = NEXT.fetch_add(1, Ordering::Relaxed) % PLACES;
    }
    OWN.with(|own| *own)
}

impl Write for &Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut waiting = self.places[own_place()].waiting();
        if waiting.text.len() > ROOM {
            waiting.left_out += 1;
            return Ok(line.len());
        }
        let is_first = waiting.text.is_empty();
        waiting.text.extend_from_slice(line);
        let end = waiting.text.len();
        waiting.lines.push((Instant::now(), end));
        drop(waiting);
        if is_first {
            // An error: it is rung already.
            let _ = self.bell.try_send(());
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
        let _ = self.bell.try_send(());
        // Over in either case: what cannot be written by then is lost.
        let _ = self.is_done.recv_timeout(PATIENCE);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{OnceLock, mpsc::Sender};

    use super::*;

    /// Hands over what is written, one after the other, unless it is held.
    struct Terminal {
        written: Sender<Vec<u8>>,
        held: Arc<Mutex<()>>,
    }

    impl Write for Terminal {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            let _held = self.held.lock();
            let _ = self.written.send(text.to_vec());
            Ok(text.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn start(held: &Arc<Mutex<()>>) -> (Arc<Lines>, Flush, Receiver<Vec<u8>>) {
        let (written, read) = mpsc::channel();
        let held = Arc::clone(held);
        // What is said of lines that were left out is a line, too.
        let own: Arc<OnceLock<Arc<Lines>>> = Arc::default();
        let say = Arc::clone(&own);
        let left_out = move |count| leave(say.get().unwrap(), &format!("{count} left out\n"));
        let (lines, flush) = Lines::start(Terminal { written, held }, left_out).unwrap();
        own.set(Arc::clone(&lines)).ok().unwrap();
        (lines, flush, read)
    }

    fn leave(lines: &Lines, line: &str) {
        let mut lines = lines;
        lines.write_all(line.as_bytes()).unwrap();
    }

    #[test]
    fn lines_are_written_whole_and_in_order_and_none_is_missing_at_the_end() {
        let (lines, flush, written) = start(&Arc::default());
        let all: Vec<String> = (0..10_000).map(|n| format!("line {n}\n")).collect();
        for line in &all {
            leave(&lines, line);
        }
        drop(flush);
        let text: Vec<u8> = written.try_iter().flatten().collect();
        assert_eq!(String::from_utf8(text).unwrap(), all.concat());
    }

    #[test]
    fn lines_of_several_threads_are_written_in_the_order_in_which_they_came() {
        let (lines, flush, written) = start(&Arc::default());
        let came: Mutex<Vec<String>> = Mutex::default();
        thread::scope(|scope| {
            for name in ["a", "b", "c"] {
                let (lines, came) = (&lines, &came);
                scope.spawn(move || {
                    for n in 0..1_000 {
                        let line = format!("line {n} of {name}\n");
                        let mut came = came.lock().unwrap();
                        leave(lines, &line);
                        came.push(line);
                    }
                });
            }
        });
        drop(flush);
        let text: Vec<u8> = written.try_iter().flatten().collect();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            came.into_inner().unwrap().concat()
        );
    }

    #[test]
    fn a_line_is_written_though_no_other_follows() {
        let (lines, _flush, written) = start(&Arc::default());
        for line in ["one\n", "and a day later another\n"] {
            leave(&lines, line);
            let text = written.recv_timeout(Duration::from_secs(10)).unwrap();
            assert_eq!(text, line.as_bytes());
        }
    }

    #[test]
    fn where_nobody_reads_lines_are_left_out_and_counted_and_nobody_waits() {
        let held = Arc::default();
        let (lines, flush, written) = start(&held);
        let standing = held.lock().unwrap();
        let line = format!("{}\n", "x".repeat(64 * 1024));
        let many = 5 * ROOM / line.len();
        // Would not return if it waited.
        (0..many).for_each(|_| leave(&lines, &line));
        drop(standing);
        drop(flush);
        let text: Vec<u8> = written.try_iter().flatten().collect();
        let text = String::from_utf8(text).unwrap();
        let count_of = |line: &str| line.strip_suffix(" left out")?.parse::<usize>().ok();
        let left_out: usize = text.lines().filter_map(count_of).sum();
        let whole = text.lines().filter(|text| *text == line.trim_end()).count();
        assert!(left_out > 0 && whole > 0);
        assert_eq!(left_out + whole, many);
    }

    #[test]
    fn the_end_does_not_wait_for_ever() {
        let held = Arc::default();
        let (lines, flush, _written) = start(&held);
        let _standing = held.lock().unwrap();
        leave(&lines, "nobody reads this\n");
        let began = Instant::now();
        drop(flush);
        assert!(began.elapsed() >= PATIENCE, "{:?}", began.elapsed());
    }
}
