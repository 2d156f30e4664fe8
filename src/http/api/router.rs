//! The API's own router.
//!
//! It finds the endpoint of a path and calls it, with all layers, as one static type. axum's router costs each request
//! a clone of the boxed route, a second boxed future and three request extensions, which is a sixth of the CPU time of
//! a 401.

use std::{convert::Infallible, sync::Arc};

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, Method, header},
    response::Response,
};
use futures::FutureExt;
use hyper::body::Body as _;
use tower::service_fn;

use crate::http::service::HttpService;

/// The methods of a path, as `Allow` lists them.
pub const fn allowed(with_delete: bool) -> &'static str {
    if with_delete {
        "GET,HEAD,DELETE"
    } else {
        "GET,HEAD"
    }
}

/// The services behind one path.
pub struct Methods<S> {
    /// For `GET` and `HEAD`.
    pub get: S,
    /// For `DELETE`, where it is a method of the path.
    pub delete: Option<S>,
    /// For all others.
    pub others: S,
}

/// The services of all paths below `/api`.
pub struct Routes<S> {
    /// By path.
    pub endpoints: matchit::Router<Methods<S>>,
    /// For every other path below `/api/v1`.
    pub unknown: S,
    /// For every other path below `/api`.
    pub not_found: S,
}

/// The `{id}` in the path of a request; `None` if it is not a number in its one canonical form.
#[derive(Clone, Copy, Debug)]
pub struct PathId(pub Option<i64>);

impl PathId {
    fn parse(text: &str) -> Self {
        let id = text.parse().ok();
        Self(id.filter(|id: &i64| *id > 0 && id.to_string() == text))
    }
}

type Answered = Result<Response, Infallible>;

impl<S: HttpService> Routes<S> {
    /// One service for all of them.
    pub fn into_service(self) -> impl HttpService {
        let routes = Arc::new(self);
        service_fn(move |mut request: Request| {
            let (service, finish) = routes.find(&mut request);
            service.clone().call(request).map(finish)
        })
    }

    /// The service of a request, and what remains to be done with its response.
    fn find(&self, request: &mut Request) -> (&S, fn(Answered) -> Answered) {
        let is_head = request.method() == Method::HEAD;
        let as_it_is = if is_head {
            without_body
        } else {
            |answered| answered
        };
        let path = request.uri().path();
        let Ok(matchit::Match { value, params }) = self.endpoints.at(path) else {
            let is_v1 = is_below(path, "/api/v1");
            let service = if is_v1 {
                &self.unknown
            } else {
                &self.not_found
            };
            return (service, as_it_is);
        };
        let service = match *request.method() {
            Method::GET | Method::HEAD => Some(&value.get),
            Method::DELETE => value.delete.as_ref(),
            _ => None,
        };
        let Some(service) = service else {
            let finish = if value.delete.is_some() {
                allow_deletion
            } else {
                allow_reading
            };
            return (&value.others, finish);
        };
        if let Some(id) = params.get("id").map(PathId::parse) {
            request.extensions_mut().insert(id);
        }
        (service, as_it_is)
    }
}

/// Whether `path` is `prefix` or begins with it and a slash.
pub fn is_below(path: &str, prefix: &str) -> bool {
    let rest = path.strip_prefix(prefix);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Responds to `HEAD` as to `GET`, without the response body (RFC 9110, 9.3.2). For HTTP/2 hyper would send it.
fn without_body(answered: Answered) -> Answered {
    answered.map(|mut response| {
        if let Some(length) = response.body().size_hint().exact() {
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_LENGTH, length.into());
        }
        *response.body_mut() = Body::empty();
        response
    })
}

fn allow_reading(answered: Answered) -> Answered {
    with_allow(answered, allowed(false))
}

fn allow_deletion(answered: Answered) -> Answered {
    with_allow(answered, allowed(true))
}

fn with_allow(answered: Answered, methods: &'static str) -> Answered {
    answered.map(|mut response| {
        let allow = HeaderValue::from_static(methods);
        response.headers_mut().insert(header::ALLOW, allow);
        response
    })
}
