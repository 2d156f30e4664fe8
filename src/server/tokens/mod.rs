//! API tokens.

mod authenticate;
mod create;
mod name;
mod operator;
mod read;
mod rename;
mod revoke;

pub use self::{
    authenticate::{TokenClient, authenticate, note_use},
    create::{CreateTokenRequest, Creation, create},
    name::holds_secret,
    operator::{list_of, revoke_any},
    read::{busiest, calls, count, get, last_call, list, usage},
    rename::{Renamed, rename},
    revoke::{revoke, revoke_all},
};
