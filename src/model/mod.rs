//! The ground everyone stands on: plain values, built for the browser and for the server.
//!
//! No I/O, no clock, nothing from another floor.

pub mod activity;
pub mod address;
pub mod client;
pub mod contact;
pub mod device;
pub mod error;
pub mod number;
pub mod secret;
pub mod session;
pub mod timestamp;
pub mod token;
pub mod usage;
