//! Renders pages.

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
use memchr::memmem;

use super::{
    cookie,
    headers::{PAGE_PERMISSIONS, PERMISSIONS_POLICY, page_policy},
};
use crate::{
    model::client::ClientStatus,
    server::session::Visitor,
    ui::{
        document::document,
        frame::{Account, Frame, Site, Viewer},
        preferences::Preferences,
    },
};

/// No cache keeps a page, and no proxy changes it: an island that was changed does not hydrate.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("no-store, no-transform");

/// Renders pages of the installation, as the visitor prefers them.
#[derive(Clone)]
pub struct Renderer {
    site: Arc<Site>,
    preferences: Preferences,
}

/// Adds to the request a [`Renderer`] with the visitor's preferences.
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

    /// Renders a page. All its data was loaded before, so status and headers are final.
    pub async fn page<V: IntoView + 'static>(
        &self,
        visitor: &Visitor,
        status: StatusCode,
        view: impl FnOnce(Frame) -> V + Send + 'static,
    ) -> Response {
        // What follows is compiled once instead of once for each page.
        self.render(visitor, status, Box::new(|frame| view(frame).into_any()))
            .await
    }

    async fn render(&self, visitor: &Visitor, status: StatusCode, view: View) -> Response {
        let reload_port = self.site.options.reload_port;
        let frame = Frame {
            site: Arc::clone(&self.site),
            preferences: self.preferences,
            viewer: viewer(visitor),
        };
        let set_headers = move || {
            let options = expect_context::<ResponseOptions>();
            let nonce = use_nonce()
                .map(|nonce| nonce.to_string())
                .unwrap_or_default();
            if let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce, reload_port)) {
                options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
            }
            options.insert_header(PERMISSIONS_POLICY, PAGE_PERMISSIONS);
            options.insert_header(header::CACHE_CONTROL, CACHE_CONTROL);
        };
        // The framework wants a request. Pages do not read it.
        let request = Request::new(Body::empty());
        let page = move || document(frame, view);
        let mut response = handle_response_inner(set_headers, page, request, in_one_go).await;
        *response.status_mut() = status;
        response
    }
}

fn viewer(visitor: &Visitor) -> Viewer {
    match visitor {
        Visitor::Client(who) => Viewer::Client(Account {
            client: who.client().id,
            name: who.client().contact.name.clone(),
            email: who.client().email.to_string(),
            initials: who.client().contact.initials(),
            is_suspended: who.client().status == ClientStatus::Suspended,
            has_imports: who.has_imports(),
            session_left: u32::try_from(who.seconds_left()).unwrap_or_default(),
            idle_left: u32::try_from(who.idle_left()).unwrap_or_default(),
        }),
        Visitor::Anonymous => Viewer::SignedOut,
        Visitor::Unknown(_) => Viewer::Unknown,
    }
}

type View = Box<dyn FnOnce(Frame) -> AnyView + Send>;
type Html = Pin<Box<dyn Stream<Item = String> + Send>>;

/// The page as one string: nothing in it is asynchronous, so there are no parts to stream.
fn in_one_go(
    page: AnyView,
    scripts: Box<dyn FnOnce() -> Html + Send>,
    _: bool,
) -> Pin<Box<dyn Future<Output = Html> + Send>> {
    let html = with_counts(&page.to_html());
    Box::pin(ready(Box::pin(once(ready(html)).chain(scripts())) as Html))
}

/// Adds to each island the number of its elements, by which `boot.js` sees whether something changed it.
fn with_counts(html: &str) -> String {
    const ISLAND: &str = "<leptos-island";
    const END: &str = "</leptos-island>";
    let mut counted = String::with_capacity(html.len() + html.len() / 64);
    let mut rest = html;
    // Searching as `str` does takes 5 % of the CPU time of the Profile page.
    while let Some(at) = memmem::find(rest.as_bytes(), ISLAND.as_bytes()) {
        let (before, island) = rest.split_at(at + ISLAND.len());
        let end = memmem::find(island.as_bytes(), END.as_bytes()).unwrap_or(island.len());
        // In text and in attributes `<` is written as `&lt;`.
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
