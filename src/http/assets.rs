//! The browser's side, embedded into this program.
//!
//! A release serves every file under a name with its hash, compressed when it was built, to be
//! cached for ever. A debug build reads the files when they are asked for.

use axum::Router;
use memory_serve::CacheControl;

use crate::ui::frame::SiteFiles;

/// The files' routes and their addresses.
pub struct Assets {
    /// Serves the files.
    pub router: Router,
    /// Where pages find them.
    pub files: SiteFiles,
}

impl Assets {
    /// Unpacks the embedded files.
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
        };
        Self {
            router: serve.into_router(),
            files,
        }
    }
}
