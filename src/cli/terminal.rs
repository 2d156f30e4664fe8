//! Passwords, read from standard input: typed unseen at a terminal, or piped in.

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

use super::{CommandError, print};

/// What comes after that is no password any more, in bytes.
const LONGEST: u64 = 64 * 1024;
/// How long a pipe may take to end before it is said that this is waited for.
const SILENCE: Duration = Duration::from_secs(1);

/// How the terminal was, while what is typed is not shown.
static SHOWN: Mutex<Option<Termios>> = Mutex::new(None);

/// Reads a new password: asked for twice at a terminal, else all that comes, less one line end.
pub fn new_password() -> Result<String, CommandError> {
    let failed = |error| CommandError::Io("the password could not be read", error);
    if !io::stdin().is_terminal() {
        return piped().map_err(failed);
    }
    let _shown_again = Unseen::begin().map_err(failed)?;
    let password = ask("New password: ").map_err(failed)?;
    if ask("New password again: ").map_err(failed)? == password {
        return Ok(password);
    }
    Err(CommandError::Refused(
        "the two passwords differ: nothing was changed".to_owned(),
    ))
}

/// Shows again what is typed, if it is not shown.
pub fn restore() {
    let mut shown = SHOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(shown) = shown.take() {
        // An error: the terminal is gone.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &shown);
    }
}

/// What is typed is not shown until this is dropped.
struct Unseen;

impl Unseen {
    fn begin() -> io::Result<Self> {
        let mut modes = tcgetattr(io::stdin())?;
        // Under the lock: a signal finds what to put right, or nothing was changed.
        let mut shown = SHOWN.lock().unwrap_or_else(PoisonError::into_inner);
        *shown = Some(modes.clone());
        modes.local_modes.remove(LocalModes::ECHO);
        modes.local_modes.insert(LocalModes::ECHONL);
        // What was typed before anything was asked for was shown, and is no answer.
        tcsetattr(io::stdin(), OptionalActions::Flush, &modes)?;
        Ok(Self)
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        restore();
    }
}

fn ask(question: &str) -> io::Result<String> {
    // At the terminal, wherever standard error leads to.
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
            if is_read.recv_timeout(SILENCE) == Err(RecvTimeoutError::Timeout) {
                print::note("Reading the password from standard input, up to its end …");
            }
        });
    }
    let mut text = String::new();
    io::stdin().take(LONGEST).read_to_string(&mut text)?;
    Ok(without_line_end(&text).to_owned())
}

fn without_line_end(text: &str) -> &str {
    let line = text.strip_suffix('\n').unwrap_or(text);
    line.strip_suffix('\r').unwrap_or(line)
}
