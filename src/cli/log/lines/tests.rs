use std::sync::{OnceLock, mpsc::Sender};

use super::*;

/// Sends what is written to a channel, and blocks while it is held.
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
    // The number of dropped lines is logged as a line, too.
    let own: Arc<OnceLock<Arc<Lines>>> = Arc::default();
    let say = Arc::clone(&own);
    let log_dropped = move |count| log(say.get().unwrap(), &format!("{count} dropped\n"));
    let (lines, flush) = Lines::start(Terminal { written, held }, log_dropped).unwrap();
    own.set(Arc::clone(&lines)).ok().unwrap();
    (lines, flush, read)
}

fn log(lines: &Lines, line: &str) {
    let mut lines = lines;
    lines.write_all(line.as_bytes()).unwrap();
}

#[test]
fn lines_are_written_whole_and_in_order_and_none_is_missing_at_the_end() {
    let (lines, flush, written) = start(&Arc::default());
    let all: Vec<String> = (0..10_000).map(|n| format!("line {n}\n")).collect();
    for line in &all {
        log(&lines, line);
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
                    log(lines, &line);
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
        log(&lines, line);
        let text = written.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(text, line.as_bytes());
    }
}

#[test]
fn where_nobody_reads_lines_are_dropped_and_counted_and_nobody_waits() {
    let held = Arc::default();
    let (lines, flush, written) = start(&held);
    let standing = held.lock().unwrap();
    let line = format!("{}\n", "x".repeat(64 * 1024));
    let many = 5 * SHARD_BYTES / line.len();
    // Would not return if it waited.
    (0..many).for_each(|_| log(&lines, &line));
    drop(standing);
    drop(flush);
    let text: Vec<u8> = written.try_iter().flatten().collect();
    let text = String::from_utf8(text).unwrap();
    let count_of = |line: &str| line.strip_suffix(" dropped")?.parse::<usize>().ok();
    let dropped: usize = text.lines().filter_map(count_of).sum();
    let whole = text.lines().filter(|text| *text == line.trim_end()).count();
    assert!(dropped > 0 && whole > 0);
    assert_eq!(dropped + whole, many);
}

#[test]
fn the_end_does_not_wait_for_ever() {
    let held = Arc::default();
    let (lines, flush, _written) = start(&held);
    let _standing = held.lock().unwrap();
    log(&lines, "nobody reads this\n");
    let began = Instant::now();
    drop(flush);
    assert!(began.elapsed() >= FLUSH_TIMEOUT, "{:?}", began.elapsed());
}
