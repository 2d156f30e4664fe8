//! The thread that handles SIGTERM and SIGINT, from the first moment on.
//!
//! Process 1, as in a container, is not stopped by a signal that it does not handle. So a thread that does nothing else
//! exits the process, whatever the other threads wait for: a password, a lock, a pipe that nobody reads. A command that has to
//! clean up [listens](super::stop::listen) itself, and is then cut off by the second signal.

use std::{io, process, thread, time::Duration};

use tokio::{
    runtime,
    signal::unix::{Signal, SignalKind, signal},
    time::{sleep, timeout},
};

use super::{
    print,
    stop::{self, Stage, Stop},
    terminal,
};

/// How long a command that listens may take to stop after the second signal.
const SECOND_TIMEOUT: Duration = Duration::from_secs(2);

/// Starts the thread: from now on either signal exits the process.
///
/// # Errors
/// The system does not allow it.
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
        .spawn(move || runtime.block_on(signals.handle()))?;
    Ok(())
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    async fn handle(mut self) {
        let first = self.next().await;
        let timeout_of_first = stop::notify(first).unwrap_or_else(|| exit(first));
        let second = timeout(timeout_of_first, self.next())
            .await
            .unwrap_or(first);
        stop::set_stage(Stage::Leaving);
        if stop::notify(second).is_some() {
            sleep(SECOND_TIMEOUT).await;
        }
        exit(second);
    }

    async fn next(&mut self) -> Stop {
        tokio::select! {
            _ = self.terminate.recv() => Stop::Terminate,
            _ = self.interrupt.recv() => Stop::Interrupt,
        }
    }
}

/// Exits the process with a message that says how far the command had come.
fn exit(signal: Stop) -> ! {
    terminal::restore_echo();
    let (name, how) = (signal.name(), stop::stage().sentence());
    print::error(&format!("stopped by {name} {how}"));
    process::exit(signal.code().into())
}
