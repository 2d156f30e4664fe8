//! The files of the operator's own look: the logo and the style sheet with their color.
//!
//! Their paths have hashes of their content, so browsers keep them.

use std::fmt::Write;

use axum::{
    Router,
    http::{HeaderValue, header},
    response::IntoResponse,
    routing::get,
};
use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::{
    server::brand::BrandSettings,
    ui::frame::{LogoFile, SiteFiles},
};

const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Whoever opens the picture by itself: nothing in it runs, loads, or belongs to the portal's origin.
const PICTURE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
);

/// Serves the files, and adds their paths to `files`.
pub fn routes(brand: &BrandSettings, files: &mut SiteFiles) -> Router {
    let mut router = Router::new();
    if let Some(accent) = &brand.accent {
        let css = Bytes::from(accent.css());
        let path = path("accent", &css, "css");
        let headers = [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/css; charset=utf-8"),
            ),
            (header::CACHE_CONTROL, CACHE_CONTROL),
        ];
        router = router.route(&path, get(async move || (headers, css).into_response()));
        files.accent = Some(path);
    }
    if let Some(logo) = brand.logo.clone() {
        let path = path("logo", &logo.bytes, logo.kind.extension());
        let headers = [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static(logo.kind.content_type()),
            ),
            (header::CACHE_CONTROL, CACHE_CONTROL),
            (header::CONTENT_SECURITY_POLICY, PICTURE_POLICY),
        ];
        router = router.route(
            &path,
            get(async move || (headers, logo.bytes).into_response()),
        );
        let (width, height) = logo.size;
        let content_type = logo.kind.content_type();
        files.logo = Some(LogoFile {
            url: path,
            content_type,
            width,
            height,
        });
    }
    router
}

fn path(name: &str, content: &[u8], extension: &str) -> String {
    let mut path = format!("/brand/{name}-");
    for byte in &Sha256::digest(content)[..8] {
        // Writing to a string does not fail.
        let _ = write!(path, "{byte:02x}");
    }
    path + "." + extension
}
