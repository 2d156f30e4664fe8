//! Opentill
#![recursion_limit = "256"]
pub mod domain;
#[cfg(feature = "ssr")]
pub mod server;
