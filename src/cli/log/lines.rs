//! Lines on their way to standard error, written beside the requests.
//!
//! To wake a thread for every line takes longer than to write the line. So whoever has one leaves it
//! here and goes on, and the thread that writes takes all that came within a few milliseconds.
//!
//! Each thread leaves its lines in a place of its own: what threads on several cores write to has to be carried from
//! one core's cache to the next for each line, and that takes longer than to write it, too.

use std::{
    io::{self, Write},
    mem,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{self, Receiver, Sender, SyncSender},
    },
    thread,
    time::{Duration, Instant},
};

/// Lines that come within this time are written together.
const PAUSE: Duration = Duration::from_millis(5);
/// Threads that have a place of their own; more of them share.
const PLACES: usize = 16;
/// Bytes that may wait in each place. When there are as many whoever reads them must be stuck, and all wait for it: none
/// is left out.
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
struct Place {
    waiting: Mutex<Waiting>,
    has_gone: Condvar,
}

#[derive(Default)]
struct Waiting {
    text: Vec<u8>,
    /// Of each line when it came, and where it ends.
    lines: Vec<(Instant, usize)>,
}

impl Place {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Dropped, it waits until all lines are written.
pub struct Flush {
    bell: SyncSender<()>,
    is_end: Arc<AtomicBool>,
    is_done: Receiver<()>,
}

impl Lines {
    /// Starts the thread that writes.
    ///
    /// # Errors
    /// The system has none to give.
    pub fn start(writer: impl Write + Send + 'static) -> io::Result<(Arc<Self>, Flush)> {
        let (bell, rung) = mpsc::sync_channel(1);
        let (done, is_done) = mpsc::channel();
        let places: Arc<[Place; PLACES]> = Arc::default();
        let is_end: Arc<AtomicBool> = Arc::default();
        let (of_all, end) = (Arc::clone(&places), Arc::clone(&is_end));
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || write_out(&of_all, writer, &rung, &end, &done))?;
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
    done: &Sender<()>,
) {
    let mut taken: [Waiting; PLACES] = Default::default();
    let mut text = Vec::new();
    while rung.recv().is_ok() {
        let is_end = is_end.load(Ordering::Acquire);
        if !is_end {
            thread::sleep(PAUSE);
        }
        // All at one moment: what comes later is later than any of these.
        let held = places.each_ref().map(Place::waiting);
        for (mut waiting, taken) in held.into_iter().zip(&mut taken) {
            mem::swap(&mut *waiting, taken);
        }
        for (place, taken) in places.iter().zip(&taken) {
            if taken.text.len() > ROOM {
                place.has_gone.notify_all();
            }
        }
        merge(&taken, &mut text);
        // An error: there is nowhere else to say it.
        let _ = writer.write_all(&text);
        text.clear();
        for taken in &mut taken {
            taken.text.clear();
            taken.lines.clear();
        }
        if is_end {
            // An error: nobody waits any more.
            let _ = done.send(());
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
        let place = &self.places[own_place()];
        let mut waiting = place
            .has_gone
            .wait_while(place.waiting(), |waiting| waiting.text.len() > ROOM)
            .unwrap_or_else(PoisonError::into_inner);
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
        let (lines, flush) = Lines::start(Terminal { written, held }).unwrap();
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
    fn where_nobody_reads_lines_wait_and_none_is_left_out() {
        let held = Arc::default();
        let (lines, flush, written) = start(&held);
        let standing = held.lock().unwrap();
        let line = "x".repeat(64 * 1024);
        let many = 3 * ROOM / line.len();
        let left = thread::spawn({
            let lines = Arc::clone(&lines);
            move || (0..many).for_each(|_| leave(&lines, &line))
        });
        thread::sleep(PAUSE * 20);
        assert!(!left.is_finished(), "there is room for less than that");
        drop(standing);
        left.join().unwrap();
        drop(flush);
        let length: usize = written.try_iter().map(|text| text.len()).sum();
        assert_eq!(length, many * 64 * 1024);
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
