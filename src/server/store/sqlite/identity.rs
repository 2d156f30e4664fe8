//! The identity of a file, whatever its path.

use std::{
    fs::{self, Metadata},
    io,
    os::unix::fs::MetadataExt,
    path::Path,
    time::SystemTime,
};

/// Distinguishes a file from all others. An inode number is reused once the file is deleted and closed, but hardly within the
/// resolution of the creation time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    device: u64,
    inode: u64,
    created_at: Option<SystemTime>,
}

impl Identity {
    /// Of the file at this path.
    pub fn of(path: &Path) -> io::Result<Self> {
        Ok(Self::from(&fs::metadata(path)?))
    }
}

impl From<&Metadata> for Identity {
    fn from(found: &Metadata) -> Self {
        Self {
            device: found.dev(),
            inode: found.ino(),
            // Some file systems do not know it.
            created_at: found.created().ok(),
        }
    }
}
