//! Verification, the hot path: from the hash of a bearer token or a session cookie to its client.
//!
//! A request costs little more than its own work, because most of a lookup is shared or skipped:
//!
//! - Shared: looked up one by one, most of the time would go into the way to the server and back, and into beginning and
//!   ending a read. So requests that arrive while others are being looked up wait together and are looked up together; a
//!   single request is looked up at once. In SQLite they share a transaction ([`sqlite`]), in PostgreSQL a statement
//!   ([`postgres`], by way of [`batches`](super::batches)).
//! - Skipped: the database first says its version. A token that was read at that version is in the [`cache`], and is not
//!   read again.
//!
//! # Why a revocation is immediate
//!
//! A request that begins after a revocation was acknowledged, on whichever node, finds no token:
//!
//! - The revocation is acknowledged after the database has confirmed its COMMIT.
//! - The transaction that looks a request's token up begins after the request arrived, so after that acknowledgment. It sees
//!   everything committed before it began: in SQLite a read sees the last commit of the file, whichever process made it; in
//!   PostgreSQL (READ COMMITTED) the snapshot is taken when the statement has arrived.
//! - Both go to the same database. No replica is read; a primary that was demoted refuses
//!   ([`ONLY_ON_PRIMARY`](super::postgres::ONLY_ON_PRIMARY)), and one that was replaced without knowing it must be made
//!   unreachable by the operator, for us as for every other client.
//! - A cached token counts only in transactions that see the same version of the database as the one in which it was read.
//!   The database itself says the version, inside the transaction, whichever process made a change. So no notification of a
//!   revocation is necessary. SQLite numbers its versions (<https://sqlite.org/pragma.html#pragma_data_version>), and its
//!   own page cache depends on the same condition. PostgreSQL says which transactions a statement sees ([`postgres`]).
//!
//! Conversely, a request that was let in began before the revocation was acknowledged.

mod cache;
mod postgres;
mod session;
mod token;

pub mod sqlite;

pub use self::{
    session::FoundSessionRow,
    token::{ValidLimits, ValidToken},
};
