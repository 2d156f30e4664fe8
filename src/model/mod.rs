//! Plain values, built for the browser and for the server: no I/O, no clock.

pub mod activity;
pub mod address;
pub mod client;
pub mod contact;
pub mod country;
pub mod device;
pub mod email;
pub mod error;
pub mod field;
pub mod number;
pub mod secret;
pub mod session;
pub mod text;
pub mod timestamp;
pub mod token;
pub mod usage;
pub mod words;
