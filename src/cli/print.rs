//! What commands say, on standard output and standard error. Nothing else here prints, but lists.
//!
//! Either may be closed, full, or read by nobody. None of that is a reason to panic, to go on for ever, or to call
//! undone what was done.

use std::{
    io::{self, Write},
    sync::mpsc,
    thread,
    time::Duration,
};

use super::signals::{self, Stage};

/// How long standard error may take to take a line.
const PATIENCE: Duration = Duration::from_secs(1);

/// What was done. It was done whether or not that can be said there.
pub fn done(text: &str) {
    signals::at(Stage::After);
    told(text);
}

/// What has to be known: where it cannot be said on standard output it is said on standard error.
pub fn told(text: &str) {
    if let Err(error) = write(text) {
        self::error(&format!(
            "standard output cannot be written to: {error}; what it should say is: {text}"
        ));
    }
}

/// Why it was not done, or not told.
pub fn error(text: &str) {
    note(&format!("opentill: {text}"));
}

/// A line on standard error. Where nobody reads that, it is given up.
pub fn note(text: &str) {
    let line = format!("{text}\n");
    let (done, is_done) = mpsc::channel();
    let write = move || {
        // There is nowhere else to say that it failed.
        let _ = io::stderr().write_all(line.as_bytes());
        let _ = done.send(());
    };
    if thread::Builder::new().spawn(write).is_ok() {
        let _ = is_done.recv_timeout(PATIENCE);
    }
}

fn write(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{text}")?;
    output.flush()
}
