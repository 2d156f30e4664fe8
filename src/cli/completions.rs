//! `opentill completions`

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::{arguments::Arguments, print};

/// Prints the completions for a shell.
pub fn execute(shell: Shell) {
    let mut script = Vec::new();
    generate(shell, &mut Arguments::command(), "opentill", &mut script);
    print::done(String::from_utf8_lossy(&script).trim_end());
}
