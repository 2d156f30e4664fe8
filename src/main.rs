//! The program: everything is in the library.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Much is allocated on one thread and freed on another: the rows of the database, the tasks of connections. Where the
/// system's allocator makes threads wait for each other then, this one does not.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    opentill::cli::run()
}
