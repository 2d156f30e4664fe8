//! API tokens without WebAssembly.

pub mod all;
pub mod create;
pub mod revoke;
pub mod token;
