//! Other spellings of the paths of pages, which people type and link to.

use axum::{
    Router,
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::portal;
use crate::server::state::AppState;

/// Redirects each page's path with a slash at the end to the one without, and `/docs` to the documentation.
pub fn routes() -> Router<AppState> {
    let docs = get(|uri: Uri| async move { moved("/docs/api", &uri) });
    let router = Router::new().route("/docs", docs.clone());
    let router = router.route("/docs/", docs);
    portal::pages()
        .into_iter()
        // A parameter may be anything, and links to such pages are never typed.
        .filter(|(path, _)| *path != "/" && !path.contains('{'))
        .fold(router, |router, (path, _)| {
            let page = get(move |uri: Uri| async move { moved(path, &uri) });
            router.route(&format!("{path}/"), page)
        })
}

/// Redirects to `path`, with the query of `from`.
fn moved(path: &'static str, from: &Uri) -> Response {
    let query = from.query().map(|query| format!("?{query}"));
    let location = format!("{path}{}", query.unwrap_or_default());
    // Bytes, because a query may hold such as are not ASCII.
    let location = HeaderValue::from_bytes(location.as_bytes());
    let location = location.unwrap_or(HeaderValue::from_static(path));
    (
        StatusCode::PERMANENT_REDIRECT,
        [(header::LOCATION, location)],
    )
        .into_response()
}
