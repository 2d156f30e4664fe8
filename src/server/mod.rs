//! What Opentill does, one module per noun.
//!
//! Server functions, portal forms, the API and the command line all call these functions, and none of them contains SQL.
//! A function takes the caller as its first argument after the state: a `SessionClient`, a `TokenClient`, or for the
//! operator none.

pub mod activity;
pub mod actor;
pub mod admission;
pub mod allowed_networks;
pub mod brand;
pub mod cached_body;
pub mod clients;
pub mod clock;
pub mod config;
pub mod database_file;
pub mod database_url;
pub mod device_cookie;
pub mod error;
pub mod expiry;
pub mod failed_logins;
pub mod limits;
pub mod links;
pub mod mail;
pub mod metrics;
pub mod mirror;
pub mod operations;
pub mod overview;
pub mod password;
pub mod postgres_url;
pub mod public_url;
pub mod security_contact;
pub mod session;
pub mod settings;
pub mod state;
pub mod store;
pub mod time_zone;
pub mod token_secret;
pub mod tokens;
pub mod trusted_proxies;
pub mod usage;
pub mod workers;
