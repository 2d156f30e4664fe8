//! Where a command's output leads to, other than to somebody who reads it.

use std::ffi::OsStr;

/// Words before a command, see [`Workplace::run_under`](super::process::Workplace::run_under).
pub type Words = [&'static OsStr; 5];

/// Becomes the command that follows.
const SCRIPT: &str = "
import os, sys
kind, fd, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
if kind == 'full':
    end = os.open('/dev/full', os.O_WRONLY)
else:
    other, end = os.pipe()
    if kind == 'closed':
        os.close(other)
    else:
        # Held open by the command itself.
        os.set_inheritable(other, True)
    if kind == 'stuck':
        os.set_blocking(end, False)
        try:
            while os.write(end, b'x' * 4096):
                pass
        except BlockingIOError:
            os.set_blocking(end, True)
os.dup2(end, fd)
os.execv(command[0], command)
";

fn words(kind: &'static str, fd: &'static str) -> Words {
    ["python3", "-c", SCRIPT, kind, fd].map(OsStr::new)
}

/// Standard output, to a disk that is full.
pub fn to_full_disk() -> Words {
    words("full", "1")
}

/// Standard output, to somebody who has gone.
pub fn to_nobody() -> Words {
    words("closed", "1")
}

/// Standard output, to somebody who stands still and for whom a lot is waiting.
pub fn stuck_output() -> Words {
    words("stuck", "1")
}

/// Standard error, to somebody who reads nothing of it.
pub fn unread_log() -> Words {
    words("unread", "2")
}
