//! What the pages of services, domains, invoices and orders have in common.

pub mod choice;
pub mod details;
pub mod list;
pub mod parts;
pub mod words;
