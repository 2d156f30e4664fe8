//! What Opentill knows how to do, and for whom.
//!
//! Every door (server functions, portal forms, API, command line) calls these; none of them sees SQL.

pub mod activity;
pub mod actor;
pub mod admission;
pub mod cached_body;
pub mod clients;
pub mod clock;
pub mod config;
pub mod database_file;
pub mod database_url;
pub mod device_cookie;
pub mod error;
pub mod failed_logins;
pub mod limits;
pub mod operations;
pub mod overview;
pub mod password;
pub mod postgres_url;
pub mod public_url;
pub mod session;
pub mod settings;
pub mod state;
pub mod store;
pub mod token_secret;
pub mod tokens;
pub mod trusted_proxies;
pub mod usage;
pub mod workers;
