//! What remains of a limit.

use std::num::NonZeroU32;

/// Requests per minute.
pub type PerMinute = NonZeroU32;

/// What remains of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Requests per minute.
    pub limit: PerMinute,
    /// Requests that are allowed at once.
    pub remaining: u32,
    /// Seconds until all of them are allowed again.
    pub reset: u32,
}
