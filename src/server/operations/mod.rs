//! The operator's tools for a whole database. They serve no request.

mod backup;
mod carry_over;
mod check;
mod copy;
mod export;
mod file;
mod import;
mod replace;
mod restore;

pub use self::{
    backup::backup,
    carry_over::{CarriedOver, Revoke},
    check::{Finding, Level, check},
    copy::{Copied, CopyError, copy},
    export::{ExportError, ExportOptions, export},
    file::{FileError, Unfit},
    import::{Counts, ImportError, ImportOptions, MAX_LISTED, Refused, Report, import},
    restore::{Gap, Restore, Restored},
};
