//! Opentill from outside: over real HTTP and as a real process. Files are named after what they knock at.

mod activity;
mod api;
mod architecture;
mod cli;
mod colours;
mod faults;
mod forms;
mod kill;
mod limits;
mod load;
mod preferences;
mod release;
mod repository;
mod revocation;
mod samples;
mod secrets;
mod server_fns;
mod session;
mod start;
mod stop;
mod store;
mod support;
