//! The lists of what a client has, owes and has ordered. All four are read in the same way: as pages, as a feed of changes,
//! or as CSV.

mod body;
pub mod csv;
mod described;
mod feed;
pub mod parameters;
mod read;
mod row;

pub use self::{
    body::{One, body},
    read::{ListBody, list, one},
    row::Row,
};
