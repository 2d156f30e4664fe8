//! Connections to PostgreSQL, which is at the other end of a network: it may be stopped, cut off or silent, or may no longer
//! be the primary.
//!
//! The pool is sqlx's. This folder decides which connections are used again: none that was left in the middle of a
//! statement, and none that is older than the last sign of a problem with the server or the network.

pub mod connect;
pub mod connection;
mod identity;
mod idle;
pub mod pool;
mod trust;

/// A condition for statements that decide who is let in: the server has to be the primary, or the statement fails.
///
/// A primary that was demoted still answers from what it had then, without any revocation since. A read-only transaction, as
/// in recovery, refuses to lock rows, whether there is a row to be locked or not. None is here, so nothing is locked or
/// written.
pub const ONLY_ON_PRIMARY: &str = " AND NOT EXISTS (SELECT 1 FROM tokens WHERE false FOR SHARE)";
