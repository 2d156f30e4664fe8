//! Lines on their way to standard error, written beside the requests.
//!
//! To wake a thread for every line takes longer than to write the line. So whoever has one leaves it
//! here and goes on, and the thread that writes takes all that came within a few milliseconds.

use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// Lines that come within this time are written together.
const PAUSE: Duration = Duration::from_millis(5);
/// Bytes that may wait. When there are as many whoever reads them must be stuck, and all wait for it: none is left out.
const ROOM: usize = 1024 * 1024;
/// How long the end waits for what is still to be written.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where lines are left.
#[derive(Default)]
pub struct Lines {
    waiting: Mutex<Waiting>,
    has_come: Condvar,
    has_gone: Condvar,
}

#[derive(Default)]
struct Waiting {
    text: Vec<u8>,
    is_being_written: bool,
}

/// Dropped, it waits until all lines are written.
pub struct Flush(Arc<Lines>);

impl Lines {
    /// Starts the thread that writes.
    ///
    /// # Errors
    /// The system has none to give.
    pub fn start(writer: impl Write + Send + 'static) -> io::Result<(Arc<Self>, Flush)> {
        let lines = Arc::new(Self::default());
        let flush = Flush(Arc::clone(&lines));
        let taken = Arc::clone(&lines);
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || taken.write_out(writer))?;
        Ok((lines, flush))
    }

    fn write_out(&self, mut writer: impl Write) {
        let mut text = Vec::new();
        let mut waiting = self.waiting();
        loop {
            waiting = wait(&self.has_come, waiting, |waiting| waiting.text.is_empty());
            drop(waiting);
            thread::sleep(PAUSE);
            waiting = self.waiting();
            mem::swap(&mut waiting.text, &mut text);
            waiting.is_being_written = true;
            drop(waiting);
            self.has_gone.notify_all();
            // An error: there is nowhere else to say it.
            let _ = writer.write_all(&text);
            text.clear();
            waiting = self.waiting();
            waiting.is_being_written = false;
            self.has_gone.notify_all();
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait<'a>(
    until: &Condvar,
    waiting: MutexGuard<'a, Waiting>,
    is_not_yet: impl Fn(&Waiting) -> bool,
) -> MutexGuard<'a, Waiting> {
    until
        .wait_while(waiting, |waiting| is_not_yet(waiting))
        .unwrap_or_else(PoisonError::into_inner)
}

impl Write for &Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let waiting = self.waiting();
        let mut waiting = wait(&self.has_gone, waiting, |waiting| waiting.text.len() > ROOM);
        let is_first = waiting.text.is_empty();
        waiting.text.extend_from_slice(line);
        drop(waiting);
        if is_first {
            self.has_come.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Flush {
    fn drop(&mut self) {
        let is_left = |waiting: &mut Waiting| !waiting.text.is_empty() || waiting.is_being_written;
        // Over in either case: what cannot be written by then is lost.
        let _ = self
            .0
            .has_gone
            .wait_timeout_while(self.0.waiting(), PATIENCE, is_left);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::mpsc::{self, Receiver, Sender},
        time::Instant,
    };

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
