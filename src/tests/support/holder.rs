//! Another program that is in the way for a while.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use super::process::{PATIENCE, wait};

/// A program beside the server that holds something until it is told to let go, or is dropped.
pub struct Holder {
    child: Child,
}

impl Holder {
    /// Starts a command and waits for its first line, which says that it holds. It lets go when its
    /// standard input ends.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert!(!line.is_empty(), "{command:?} holds nothing");
        Self { child }
    }

    /// A Python script as such a command.
    pub fn python(script: &str, arguments: &[&OsStr]) -> Self {
        Self::start(
            Command::new("python3")
                .arg("-c")
                .arg(script)
                .args(arguments),
        )
    }

    /// Lets go.
    pub fn release(mut self) {
        drop(self.child.stdin.take());
        let status = wait(&mut self.child, PATIENCE).expect("it lets go");
        assert!(status.success(), "{status:?}");
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        // Either fails if it has ended already, and that is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
