//! Rendering a page with its data.

use std::{future::ready, pin::Pin, sync::Arc};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures::{Stream, StreamExt, stream::once};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::{ResponseOptions, handle_response_inner};

use super::{
    cookie,
    headers::{PAGE_PERMISSIONS, PERMISSIONS_POLICY, page_policy},
};
use crate::{
    server::session::Visitor,
    ui::{
        self, Site,
        layout::{SignedOut, Viewer},
        preferences::Preferences,
    },
};

/// A page is kept nowhere. Nor may a proxy change it on the way: what is not as it was made does not come to life.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("no-store, no-transform");

/// Knows the installation and how the visitor likes their pages, and makes them.
#[derive(Clone)]
pub struct Renderer {
    site: Arc<Site>,
    preferences: Preferences,
}

/// Leaves a [`Renderer`] with the request that knows the visitor's preferences.
pub async fn prefer(
    State(renderer): State<Renderer>,
    mut request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let preferences = Preferences::read(|name| cookie::value(headers, name));
    request.extensions_mut().insert(Renderer {
        preferences,
        ..renderer
    });
    next.run(request).await
}

impl Renderer {
    /// For the installation `site`.
    pub fn new(site: Site) -> Self {
        Self {
            site: Arc::new(site),
            preferences: Preferences::default(),
        }
    }

    /// The page that the route table has for `path`, with `data` as its context.
    ///
    /// All data is loaded before, so the status and the headers are right from the first byte.
    pub async fn page<D>(
        &self,
        path: &str,
        visitor: &Visitor,
        status: StatusCode,
        data: D,
    ) -> Response
    where
        D: Clone + Send + Sync + 'static,
    {
        let site = Arc::clone(&self.site);
        // The framework copies what it is given to make a page.
        let data = Arc::new(data);
        let preferences = self.preferences;
        let viewer = match visitor {
            Visitor::Client(who) => Some(Viewer {
                client: who.client().id,
                name: who.client().name.clone(),
                email: who.client().email.to_string(),
                initials: who.client().initials(),
                session_left: u32::try_from(who.seconds_left()).unwrap_or_default(),
                idle_left: u32::try_from(who.idle_left()).unwrap_or_default(),
            }),
            Visitor::Anonymous | Visitor::Unknown(_) => None,
        };
        let is_signed_out = matches!(visitor, Visitor::Anonymous);
        let context = move || {
            let options = expect_context::<ResponseOptions>();
            let nonce = use_nonce()
                .map(|nonce| nonce.to_string())
                .unwrap_or_default();
            let policy = page_policy(&nonce, site.options.reload_port);
            if let Ok(policy) = HeaderValue::from_str(&policy) {
                options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
            }
            options.insert_header(PERMISSIONS_POLICY, PAGE_PERMISSIONS);
            options.insert_header(header::CACHE_CONTROL, CACHE_CONTROL);
            provide_context(Arc::clone(&site));
            provide_context(preferences);
            provide_context(D::clone(&data));
            if let Some(viewer) = viewer.clone() {
                provide_context(viewer);
            } else if is_signed_out {
                provide_context(SignedOut);
            }
        };
        // Only its path counts: it picks the page.
        let mut request = Request::new(Body::empty());
        if let Ok(uri) = path.parse() {
            *request.uri_mut() = uri;
        }
        let mut response = handle_response_inner(context, ui::shell, request, in_one_go).await;
        *response.status_mut() = status;
        response
    }
}

type Html = Pin<Box<dyn Stream<Item = String> + Send>>;

/// The whole page as one text. Nothing in it is waited for, so nothing has to be put together from parts.
fn in_one_go<V: IntoView + 'static>(
    page: V,
    scripts: Box<dyn FnOnce() -> Html + Send>,
    _: bool,
) -> Pin<Box<dyn Future<Output = Html> + Send>> {
    let html = with_counts(&page.to_html());
    Box::pin(ready(Box::pin(once(ready(html)).chain(scripts())) as Html))
}

/// Lets each island say of how many elements it is made: by that `boot.js` sees whether it still is as it was.
fn with_counts(html: &str) -> String {
    const ISLAND: &str = "<leptos-island";
    const END: &str = "</leptos-island>";
    let mut counted = String::with_capacity(html.len() + html.len() / 64);
    let mut rest = html;
    while let Some(at) = rest.find(ISLAND) {
        let (before, island) = rest.split_at(at + ISLAND.len());
        let end = island.find(END).unwrap_or(island.len());
        // In text and in attributes this sign is written as `&lt;`.
        let elements = island.as_bytes()[..end]
            .windows(2)
            .filter(|pair| pair[0] == b'<' && pair[1].is_ascii_alphabetic());
        counted.push_str(before);
        counted.push_str(" data-elements=\"");
        counted.push_str(itoa::Buffer::new().format(elements.count()));
        counted.push('"');
        rest = island;
    }
    counted.push_str(rest);
    counted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_island_says_how_many_elements_are_in_it() {
        let html = "<main><leptos-island data-props=\"{}\"><p>a &lt;b> <br> <!>c</p><svg></svg></leptos-island>\
             <p></p><leptos-island></leptos-island></main>";
        let counted = "<main><leptos-island data-elements=\"3\" data-props=\"{}\"><p>a &lt;b> <br> <!>c</p><svg></svg>\
             </leptos-island><p></p><leptos-island data-elements=\"0\"></leptos-island></main>";
        assert_eq!(with_counts(html), counted);
        assert_eq!(with_counts("<p></p>"), "<p></p>");
    }
}
