//! API tokens.

mod authenticate;
mod create;
mod itself;
mod name;
mod operator;
mod read;
mod refused;
mod rename;
mod revoke;

pub use self::{
    authenticate::{TokenClient, authenticate, note_refusal, note_use},
    create::{CreateTokenRequest, Creation, create},
    itself::{revoke_itself, show_itself},
    operator::{list_of, revoke_all_of, revoke_any},
    read::{busiest, calls, count, get, last_call, list, refused_calls, usage},
    rename::{Renamed, rename},
    revoke::{revoke, revoke_all},
};
