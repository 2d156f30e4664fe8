//! The files that browsers load, embedded in this program.
//!
//! A release build serves each file at a path with its hash, compressed at compile time and cacheable forever. A debug
//! build reads them from disk on each request.

use axum::Router;
use memory_serve::CacheControl;

use crate::ui::frame::SiteFiles;

/// The files' routes and paths.
pub struct Assets {
    /// Serves the files.
    pub router: Router,
    /// Their paths, for pages.
    pub files: SiteFiles,
}

impl Assets {
    /// Loads the embedded files.
    pub fn load() -> Self {
        let is_release = !cfg!(debug_assertions);
        let serve = memory_serve::load!()
            .index_file(None)
            .enable_hashed_routes(is_release)
            .cache_control(CacheControl::NoCache);
        let manifest = serve.manifest();
        let address = |route: &str| manifest.get(route).unwrap_or(route).to_owned();
        let files = SiteFiles {
            css: address("/pkg/opentill.css"),
            js: address("/pkg/opentill.js"),
            wasm: address("/pkg/opentill.wasm"),
            boot: address("/boot.js"),
            icon: address("/icon.svg"),
            accent: None,
            logo: None,
        };
        Self {
            router: serve.into_router(),
            files,
        }
    }
}
