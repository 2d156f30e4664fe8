//! The check of the host that a request is for.
//!
//! To a browser a page belongs to the portal's origin if it has the portal's host name, and anybody who owns a domain can
//! point its name at this server (DNS rebinding). So every request for another host is refused.

use std::sync::{Arc, Once};

use axum::{
    extract::Request,
    http::{StatusCode, Version, header},
    response::{Html, IntoResponse, Response},
};
use futures::future::{Either, ready};
use tower::service_fn;

use super::{health, service::HttpService, status::status};
use crate::{model::error::AppError, server::config::Config};

/// The loopback addresses, as they are written in `Host`.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// Makes the response to a request that is refused: from the request, the error and the portal's origin.
pub type Refuse = fn(&Request, &AppError, &str) -> Response;

/// The host names of the portal.
#[derive(Debug)]
struct Names {
    /// As they are written in `Host`.
    known: Vec<String>,
    /// The public URL is not set: any IP address is accepted. A name can be pointed at this server, an IP address cannot.
    is_any_address: bool,
    is_https: bool,
    /// Told to those who used another name.
    origin: String,
}

impl Names {
    fn of(config: &Config) -> Self {
        let url = &config.public_url;
        let usual_port = if url.is_https() { 443 } else { 80 };
        let mut known = vec![format!("{}:{}", url.host(), url.port())];
        // Proxies may leave out the port, as nginx does with `$host`.
        known.push(url.host().to_owned());
        if url.is_loopback() {
            for port in [url.port(), config.site_addr.port()] {
                known.extend(LOOPBACK.map(|name| {
                    if port == usual_port {
                        name.to_owned()
                    } else {
                        format!("{name}:{port}")
                    }
                }));
            }
        }
        Self {
            known,
            is_any_address: !url.is_known(),
            is_https: url.is_https(),
            origin: url.origin().to_owned(),
        }
    }

    fn include(&self, name: &[u8]) -> bool {
        let is_known = |known: &String| name.eq_ignore_ascii_case(known.as_bytes());
        self.known.iter().any(is_known) || (self.is_any_address && is_address(name))
    }

    /// # Errors
    /// [`AppError::Misdirected`] for another host, [`AppError::BadRequest`] if the host is missing or ambiguous.
    fn check(&self, request: &Request) -> Result<(), AppError> {
        let mut headers = request.headers().get_all(header::HOST).iter();
        let host = headers.next();
        let is_1_1 = request.version() == Version::HTTP_11;
        // RFC 9112, 3.2.
        if headers.next().is_some() || (is_1_1 && host.is_none()) {
            return Err(AppError::BadRequest);
        }
        // The authority in the request target, which HTTP/2 has instead of the header, takes precedence (3.2.2).
        let name = match request.uri().authority() {
            Some(authority) => authority.as_str().as_bytes(),
            None => match host {
                Some(host) => host.as_bytes(),
                // HTTP/1.0 has no such header, and no browser speaks it.
                None if request.version() < Version::HTTP_11 => return Ok(()),
                None => return Err(AppError::BadRequest),
            },
        };
        // Load balancers check the health of each machine by its IP address.
        if self.include(name) || health::PATHS.contains(&request.uri().path()) {
            Ok(())
        } else {
            Err(AppError::Misdirected)
        }
    }
}

/// Whether `name` is an IP address or `localhost`, with a port or without.
fn is_address(name: &[u8]) -> bool {
    let Ok(name) = str::from_utf8(name) else {
        return false;
    };
    let host = match name.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => name,
    };
    match url::Host::parse(host) {
        Ok(url::Host::Domain(name)) => name == "localhost",
        Ok(url::Host::Ipv4(_) | url::Host::Ipv6(_)) => true,
        Err(_) => false,
    }
}

/// Passes only requests for the portal's host on to `inner`; `refuse` answers the others.
pub fn checked<S: HttpService>(
    mut inner: S,
    refuse: Refuse,
    config: &Config,
) -> impl HttpService + use<S> {
    let names = Arc::new(Names::of(config));
    service_fn(move |mut request: Request| match names.check(&request) {
        Ok(()) => {
            if names.is_https && !request.method().is_safe() {
                forget_host(&mut request);
            }
            Either::Left(inner.call(request))
        }
        Err(error) => {
            hint_at_proxy(&error, &names.origin);
            Either::Right(ready(Ok(refuse(&request, &error, &names.origin))))
        }
    })
}

/// Hides the host from the CSRF layer. It trusts an origin with the name of the host, whatever the scheme, but a page of
/// that name over plain HTTP may be anybody's. It knows our own origin without the host.
fn forget_host(request: &mut Request) {
    request.headers_mut().remove(header::HOST);
    if request.uri().authority().is_some() {
        let path = request.uri().path_and_query().cloned();
        *request.uri_mut() = path.map(Into::into).unwrap_or_default();
    }
}

/// Tells the operator once what may be wrong with the proxy.
fn hint_at_proxy(error: &AppError, origin: &str) {
    static ONCE: Once = Once::new();
    if *error == AppError::Misdirected {
        ONCE.call_once(|| {
            tracing::warn!(
                "refused a request for another host than that of {origin}; a proxy has to pass `Host` on, and \
                 OPENTILL_PUBLIC_URL has to be what people type"
            );
        });
    }
}

/// The refusal as a page without style sheets: those are refused, too.
pub fn bare_page(error: &AppError, origin: &str) -> Response {
    let status = status(error);
    let elsewhere = match status {
        StatusCode::MISDIRECTED_REQUEST => {
            format!("<p>The portal is at <a href=\"{origin}/\">{origin}</a>.</p>")
        }
        _ => String::new(),
    };
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>{error}</title><h1>{error}</h1>{elsewhere}\n"
    );
    (status, Html(page)).into_response()
}

#[cfg(test)]
mod tests;
