//! Opentill: the client portal of a billing system.
//!
//! A tower of seven floors, and every arrow points down:
//!
//! ```text
//! main ► cli ► http ► ui ► server_fns ► server ► model
//! ```
//!
//! - [`cli`]: the commands: serve, client, token, backup, restore.
//! - [`http`]: the front door: portal pages and forms, server functions, the API, embedded files.
//! - [`ui`]: what people see; built twice, for the server and for the browser.
//! - [`server_fns`]: the staircase from a page to the server; a guard and one call each.
//! - [`server`]: what can be done, and for whom; all SQL is in `server::store` and, for whole
//!   databases, in `server::operations`.
//! - [`model`]: plain values, built for both sides; nothing of ours above it.
//!
//! Each noun (client, session, token) has a place on each floor, under the same name. This file is
//! the only one that knows the two crate features: `ssr` is the server, `hydrate` the browser.

#![deny(clippy::print_stdout, clippy::print_stderr)]
#![recursion_limit = "512"]

#[cfg(feature = "ssr")]
#[warn(missing_docs)]
pub mod cli;
#[cfg(feature = "ssr")]
#[warn(missing_docs)]
pub mod http;
#[warn(missing_docs)]
pub mod model;
#[cfg(feature = "ssr")]
#[warn(missing_docs)]
pub mod server;
pub mod server_fns;
pub mod ui;

/// Starts the browser's side; `boot.js` then hydrates each island.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
