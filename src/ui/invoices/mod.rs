//! Invoices and credit notes: their list, and each as a document that people print.

mod lines;
mod page;
mod parties;
mod payments;
pub mod rows;
mod totals;
