//! What Opentill knows how to do, and for whom.
//!
//! Every door (server functions, portal forms, API, command line) calls these; none of them sees SQL.

pub mod caller;
pub mod clients;
pub mod clock;
pub mod config;
pub mod error;
pub mod last_used;
pub mod password;
pub mod session;
pub mod state;
pub mod store;
pub mod token_secret;
pub mod tokens;
