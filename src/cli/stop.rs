//! Which signal stops the process, how far its command has come, and who handles the signal.

use std::{
    process::ExitCode,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

/// How long a command that listens may take to stop after the first signal. The server promises less, so that the thread of
/// [`signals`](super::signals) does not cut it off.
pub const TIMEOUT: Duration = Duration::from_millis(9_800);
/// A signal that stops the process.
#[derive(Clone, Copy, Debug)]
pub enum Stop {
    /// SIGTERM.
    Terminate,
    /// SIGINT.
    Interrupt,
}

impl Stop {
    /// The exit code, by convention: 128 plus the number of the signal.
    pub fn code(self) -> u8 {
        128 + match self {
            Self::Terminate => 15,
            Self::Interrupt => 2,
        }
    }

    /// Its name, for the error message.
    pub fn name(self) -> &'static str {
        match self {
            Self::Terminate => "SIGTERM",
            Self::Interrupt => "SIGINT",
        }
    }
}

impl From<Stop> for ExitCode {
    fn from(stop: Stop) -> Self {
        stop.code().into()
    }
}

/// How far the command has come, for the message when a signal stops it.
#[derive(Clone, Copy, Debug)]
pub enum Stage {
    /// Nothing was changed yet.
    Before,
    /// Changes are being made.
    During,
    /// It has succeeded, but its result may not be printed yet.
    After,
    /// A first signal was handled, and the command is stopping.
    Leaving,
}

impl Stage {
    /// The end of the message: "stopped by SIGTERM …".
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Before => "before it had begun",
            Self::During => "in the middle: it may have been done, and may be tried again",
            Self::After => "after it was done",
            Self::Leaving => "at once",
        }
    }
}

struct Shared {
    stage: Stage,
    /// Receives the signals, with the time it may take to stop.
    listener: Option<(UnboundedSender<Stop>, Duration)>,
}

/// For the whole process, because signals are.
static SHARED: Mutex<Shared> = Mutex::new(Shared {
    stage: Stage::Before,
    listener: None,
});

fn shared() -> MutexGuard<'static, Shared> {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The stage of the command.
pub fn stage() -> Stage {
    shared().stage
}

/// Sets the stage of the command.
pub fn set_stage(stage: Stage) {
    shared().stage = stage;
}

/// Receives the signals from now on, which then do not exit the process: the first, after which stopping may take `timeout`,
/// and the second. When the receiver is dropped, signals exit the process again.
pub fn listen(timeout: Duration) -> UnboundedReceiver<Stop> {
    let (sender, receiver) = mpsc::unbounded_channel();
    shared().listener = Some((sender, timeout));
    receiver
}

/// Sends the signal to the listener. Returns how long it may take to stop; `None` if there is no listener.
pub fn notify(stop: Stop) -> Option<Duration> {
    let shared = shared();
    let (listener, timeout) = shared.listener.as_ref()?;
    listener.send(stop).is_ok().then_some(*timeout)
}
