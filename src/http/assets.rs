//! The files that browsers load, embedded in this program.
//!
//! A release build serves each file at a path with its hash, compressed at compile time and cacheable forever. A debug
//! build reads them from disk on each request.

use axum::{
    Router,
    http::{HeaderValue, Uri, header},
    middleware,
    response::Response,
};
use memory_serve::CacheControl;

use crate::ui::frame::SiteFiles;

/// Icons that browsers look for where no page refers to one.
const ICONS: [&str; 2] = ["/favicon.ico", "/apple-touch-icon.png"];
/// A day: these paths have no hash.
const ICON_CACHING: HeaderValue = HeaderValue::from_static("public, max-age=86400");

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
        let router = serve
            .into_router()
            .route_layer(middleware::map_response(finish));
        Self { router, files }
    }
}

/// Makes the entity tag a weak one, because it is the same for all encodings of a file (RFC 9110, 8.8.3.3), and lets
/// icons be cached.
async fn finish(uri: Uri, mut response: Response) -> Response {
    let headers = response.headers_mut();
    if let Some(strong) = headers.remove(header::ETAG) {
        let weak = [b"W/", strong.as_bytes()].concat();
        if let Ok(weak) = HeaderValue::from_bytes(&weak) {
            headers.insert(header::ETAG, weak);
        }
    }
    if ICONS.contains(&uri.path()) {
        headers.insert(header::CACHE_CONTROL, ICON_CACHING);
    }
    response
}
