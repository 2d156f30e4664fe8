//! What people see: rendered on the server; the islands in it are hydrated in the browser.
//!
//! A page is a component whose props are its [`Frame`](frame::Frame) and its data; `http::portal`
//! loads the data and picks the page. Pages are compiled to WebAssembly for nothing but their
//! `#[island]`s. Without WebAssembly every form and link still works.

pub mod account_menu;
pub mod api_docs;
pub mod brand;
pub mod components;
pub mod dashboard;
pub mod document;
pub mod domains;
pub mod forgot_password;
pub mod form;
pub mod frame;
pub mod invoices;
pub mod layout;
pub mod login;
pub mod mirror;
pub mod orders;
pub mod overview;
pub mod pager;
pub mod preferences;
pub mod problem;
pub mod profile;
pub mod samples;
pub mod services;
pub mod session_watch;
pub mod set_password;
