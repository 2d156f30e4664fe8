//! SIGTERM and SIGINT, listened to from the first moment on.
//!
//! As process 1, as in a container, a program does not end by a signal that it does not listen to. So a thread that does
//! nothing else ends it, whatever the others wait for: a password, a lock, a pipe that nobody reads. What has to be left in
//! good order listens itself, and is then ended by the second signal.

use std::{
    io,
    process::{self, ExitCode},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use tokio::{
    runtime,
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc::{self, UnboundedReceiver, UnboundedSender},
    time::timeout,
};

use super::{print, terminal};

/// How long whoever listens may take to end it after the first signal: what is promised, and a little more, so that it is
/// not ended by this thread.
pub const PATIENCE: Duration = Duration::from_millis(9_800);
/// How long whoever listens may take to end it after the second signal.
const AT_ONCE: Duration = Duration::from_secs(2);

/// One of the two.
#[derive(Clone, Copy, Debug)]
pub enum Stop {
    Terminate,
    Interrupt,
}

impl Stop {
    /// What is usual: 128 and the number of the signal.
    fn code(self) -> u8 {
        128 + match self {
            Self::Terminate => 15,
            Self::Interrupt => 2,
        }
    }

    fn name(self) -> &'static str {
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

/// How far a command has come, for the sentence that a signal ends it with.
#[derive(Clone, Copy, Debug)]
pub enum Stage {
    /// Nothing of what was asked for has begun.
    Before,
    /// It is being done.
    During,
    /// It is done, and perhaps not said.
    After,
    /// It is being left, by whoever has listened to the first signal.
    Leaving,
}

impl Stage {
    fn sentence(self) -> &'static str {
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
    listener: Option<(UnboundedSender<Stop>, Duration)>,
}

/// Of the whole process, as signals are.
static SHARED: Mutex<Shared> = Mutex::new(Shared {
    stage: Stage::Before,
    listener: None,
});

fn shared() -> MutexGuard<'static, Shared> {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on either signal ends the process.
///
/// # Errors
/// The system does not let us listen to signals.
pub fn start() -> io::Result<()> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let signals = {
        let _in_there = runtime.enter();
        Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        }
    };
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || runtime.block_on(signals.obey()))?;
    Ok(())
}

/// How far the command has come.
pub fn at(stage: Stage) {
    shared().stage = stage;
}

/// Tells of signals from now on, instead of ending the process: of the first, after which it may take so long to end it, and
/// of the second. Dropped, it is as it was before.
pub fn listen(patience: Duration) -> UnboundedReceiver<Stop> {
    let (sender, receiver) = mpsc::unbounded_channel();
    shared().listener = Some((sender, patience));
    receiver
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    async fn obey(mut self) {
        let first = self.next().await;
        let patience = told(first).unwrap_or_else(|| end(first));
        let second = timeout(patience, self.next()).await.unwrap_or(first);
        at(Stage::Leaving);
        if told(second).is_some() {
            tokio::time::sleep(AT_ONCE).await;
        }
        end(second);
    }

    async fn next(&mut self) -> Stop {
        tokio::select! {
            _ = self.terminate.recv() => Stop::Terminate,
            _ = self.interrupt.recv() => Stop::Interrupt,
        }
    }
}

/// Tells who listens, and says how long that may take then.
fn told(stop: Stop) -> Option<Duration> {
    let shared = shared();
    let (listener, patience) = shared.listener.as_ref()?;
    listener.send(stop).is_ok().then_some(*patience)
}

fn end(stop: Stop) -> ! {
    terminal::restore();
    let (name, how) = (stop.name(), shared().stage.sentence());
    print::error(&format!("stopped by {name} {how}"));
    process::exit(stop.code().into())
}
