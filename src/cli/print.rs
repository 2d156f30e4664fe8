//! Output of the commands, on standard output and standard error. Apart from this only [`listing`](super::listing) prints.
//!
//! Either may be closed, full, or not read. That must not panic, block forever, or make a command that succeeded fail.

use std::{
    io::{self, Write},
    sync::mpsc,
    thread,
    time::Duration,
};

use super::stop::{self, Stage};

/// How long to wait for standard error to accept a line.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Prints the result of a command that has succeeded, even if it cannot be printed.
pub fn done(text: &str) {
    stop::set_stage(Stage::After);
    line(text);
}

/// Prints a line on standard output, or on standard error if that fails.
pub fn line(text: &str) {
    if let Err(error) = write(text) {
        self::error(&format!(
            "standard output cannot be written to: {error}; what it should say is: {text}"
        ));
    }
}

/// Prints why the command failed, on standard error.
pub fn error(text: &str) {
    note(&format!("opentill: {text}"));
}

/// Prints a line on standard error, and gives up after [`TIMEOUT`] if nobody reads it.
pub fn note(text: &str) {
    let line = format!("{text}\n");
    let (done, is_done) = mpsc::channel();
    let write = move || {
        // An error has nowhere else to go.
        let _ = io::stderr().write_all(line.as_bytes());
        let _ = done.send(());
    };
    if thread::Builder::new().spawn(write).is_ok() {
        let _ = is_done.recv_timeout(TIMEOUT);
    }
}

fn write(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{text}")?;
    output.flush()
}
