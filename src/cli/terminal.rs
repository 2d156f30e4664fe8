//! Reading a password from standard input: typed without echo at a terminal, or piped.

use std::{
    fs::File,
    io::{self, ErrorKind, IsTerminal, Read, Write},
    sync::{
        Mutex, PoisonError,
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::{error::CommandError, print};

/// Maximum number of bytes to read.
const MAX_BYTES: u64 = 64 * 1024;
/// How long a pipe may stay open before a note says that the command waits for its end.
const NOTE_AFTER: Duration = Duration::from_secs(1);

/// The terminal's modes to restore, while echo is off.
static SAVED: Mutex<Option<Termios>> = Mutex::new(None);

/// Reads a new password: prompts twice at a terminal; otherwise reads to the end, without one line end.
pub fn new_password() -> Result<String, CommandError> {
    let failed = |error| CommandError::Io("the password could not be read", error);
    if !io::stdin().is_terminal() {
        return piped().map_err(failed);
    }
    let _echo_off = EchoOff::begin().map_err(failed)?;
    let password = prompt("New password: ").map_err(failed)?;
    if prompt("New password again: ").map_err(failed)? == password {
        return Ok(password);
    }
    Err(CommandError::Refused(
        "the two passwords differ: nothing was changed".to_owned(),
    ))
}

/// Turns echo on again, if it is off.
pub fn restore_echo() {
    let mut saved = SAVED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(modes) = saved.take() {
        // An error: the terminal is gone.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &modes);
    }
}

/// Keeps echo off until it is dropped.
struct EchoOff;

impl EchoOff {
    fn begin() -> io::Result<Self> {
        let mut modes = tcgetattr(io::stdin())?;
        // The lock is held across the change, so a signal finds either the saved modes or unchanged ones.
        let mut saved = SAVED.lock().unwrap_or_else(PoisonError::into_inner);
        *saved = Some(modes.clone());
        modes.local_modes.remove(LocalModes::ECHO);
        modes.local_modes.insert(LocalModes::ECHONL);
        // Discards what was typed before the prompt: it was echoed.
        tcsetattr(io::stdin(), OptionalActions::Flush, &modes)?;
        Ok(Self)
    }
}

impl Drop for EchoOff {
    fn drop(&mut self) {
        restore_echo();
    }
}

fn prompt(question: &str) -> io::Result<String> {
    // To the terminal itself, because standard error may be redirected.
    match File::options().write(true).open("/dev/tty") {
        Ok(mut terminal) => terminal.write_all(question.as_bytes())?,
        Err(_) => io::stderr().write_all(question.as_bytes())?,
    }
    let mut line = String::new();
    if io::stdin().read_line(&mut line)? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(without_line_end(&line).to_owned())
}

fn piped() -> io::Result<String> {
    let (_reading, is_read) = mpsc::channel::<()>();
    if io::stderr().is_terminal() {
        thread::spawn(move || {
            if is_read.recv_timeout(NOTE_AFTER) == Err(RecvTimeoutError::Timeout) {
                print::note("Reading the password from standard input, up to its end …");
            }
        });
    }
    let mut text = String::new();
    io::stdin().take(MAX_BYTES).read_to_string(&mut text)?;
    Ok(without_line_end(&text).to_owned())
}

fn without_line_end(text: &str) -> &str {
    let line = text.strip_suffix('\n').unwrap_or(text);
    line.strip_suffix('\r').unwrap_or(line)
}
