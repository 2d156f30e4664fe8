//! Sessions: logging in, what a session may do, and its end.

mod client;
mod cookie;
mod end;
mod find;
mod guard;
mod log_in;
mod operator;
mod password;

pub use self::{
    client::{SessionClient, Visitor},
    cookie::SessionCookie,
    end::{end, end_others, log_out},
    find::find,
    guard::require_session,
    log_in::log_in,
    operator::{end_all, end_any, list_of},
    password::change_password,
};

/// How often a password is checked if the stored hash changes meanwhile.
const MAX_CHECKS: usize = 3;
