//! Opentill: the client portal of a billing system.
//!
//! Seven layers; every arrow points down, and a test reads the imports:
//!
//! ```text
//! main ► cli ► http ► ui ► server_fns ► server ► model
//! ```
//!
//! - [`cli`]: the commands: serve, client, session, token, activity, mail, migrate, import, export, copy, backup,
//!   restore, completions.
//! - [`http`]: routes: pages and forms of the portal, server functions, the API, embedded files.
//! - [`ui`]: components of the pages; built for the server and for the browser.
//! - [`server_fns`]: server functions, which islands call: a guard and one call each.
//! - [`server`]: operations on each noun, and who may run them; all SQL is in `server::store` and, for
//!   whole databases, in `server::operations`.
//! - [`model`]: plain values, built for the server and for the browser.
//!
//! Each noun (client, session, token) has one place in each layer, under the same name. Only this file knows the two
//! crate features: `ssr` is the server, `hydrate` the browser. More: `docs/architecture.md`.

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
