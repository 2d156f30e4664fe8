//! The operator's tools for a whole database. They serve no request.

mod backup;
mod carry_over;
mod copy;
mod file;
mod replace;
mod restore;

pub use self::{
    backup::backup,
    carry_over::{CarriedOver, Revoke},
    copy::{Copied, CopyError, copy},
    file::{FileError, Unfit},
    restore::{Gap, Restore, Restored},
};
