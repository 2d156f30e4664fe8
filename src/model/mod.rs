//! Plain values, built for the browser and for the server: no I/O, no clock.

pub mod activity;
pub mod address;
pub mod brand;
pub mod client;
pub mod contact;
pub mod date;
pub mod decimal;
pub mod device;
pub mod domain;
pub mod error;
pub mod field;
pub mod invoice;
pub mod mirror;
pub mod money;
pub mod number;
pub mod order;
pub mod scopes;
pub mod secret;
pub mod service;
pub mod session;
pub mod timestamp;
pub mod token;
pub mod usage;
pub mod words;
