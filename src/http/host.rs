//! Whom a request is for: the portal, by its own name.
//!
//! To a browser a page is of the portal's origin if it has the portal's name, and whoever has a domain can make its name
//! lead here (DNS rebinding). So what is asked for by another name is refused, whatever it is.

use std::sync::{Arc, Once};

use axum::{
    extract::Request,
    http::{StatusCode, Version, header},
    response::{Html, IntoResponse, Response},
};
use futures::future::{Either, ready};
use tower::service_fn;

use super::{Answers, api, health, refusal, rpc};
use crate::{model::error::AppError, server::config::Config};

/// The names of this machine's own addresses, as they stand in `Host`.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// The names that the portal goes by.
#[derive(Debug)]
struct Names {
    /// As they stand in `Host`.
    known: Vec<String>,
    /// Nobody said by which address people come. A name can be made to lead here, an address cannot.
    is_any_address: bool,
    is_https: bool,
    /// Where the portal is, for those who come by another name.
    origin: String,
}

impl Names {
    fn of(config: &Config) -> Self {
        let url = &config.public_url;
        let usual_port = if url.is_https() { 443 } else { 80 };
        let mut known = vec![format!("{}:{}", url.host(), url.port())];
        // Proxies may leave out the port that they were asked at, as nginx does with `$host`.
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
    /// The request is not for us, or does not say in the one way there is whom it is for.
    fn judge(&self, request: &Request) -> Result<(), AppError> {
        let mut headers = request.headers().get_all(header::HOST).iter();
        let host = headers.next();
        let is_1_1 = request.version() == Version::HTTP_11;
        // RFC 9112, 3.2.
        if headers.next().is_some() || (is_1_1 && host.is_none()) {
            return Err(AppError::BadRequest);
        }
        // What stands in the target itself, or in HTTP/2 instead of the header, counts more than the header (3.2.2).
        let name = match request.uri().authority() {
            Some(authority) => authority.as_str().as_bytes(),
            None => match host {
                Some(host) => host.as_bytes(),
                // From before there was a header for it, so from no browser.
                None if request.version() < Version::HTTP_11 => return Ok(()),
                None => return Err(AppError::BadRequest),
            },
        };
        // Whoever looks after the machines asks each by its address.
        if self.include(name) || health::PATHS.contains(&request.uri().path()) {
            Ok(())
        } else {
            Err(AppError::Misdirected)
        }
    }
}

/// Whether it is an address or `localhost`, with a port or without.
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

/// Lets only requests for the portal through to `inner`.
pub fn checked<S: Answers>(mut inner: S, config: &Config) -> impl Answers + use<S> {
    let names = Arc::new(Names::of(config));
    service_fn(move |mut request: Request| match names.judge(&request) {
        Ok(()) => {
            if names.is_https && !request.method().is_safe() {
                forget_host(&mut request);
            }
            Either::Left(inner.call(request))
        }
        Err(error) => Either::Right(ready(Ok(refuse(&request, &error, &names.origin)))),
    })
}

/// The check of the origin takes one that is named like the host for ours, and does not see that a page of that name that
/// came over plain HTTP is anybody's. Our own origin it knows without the host.
fn forget_host(request: &mut Request) {
    request.headers_mut().remove(header::HOST);
    if request.uri().authority().is_some() {
        let path = request.uri().path_and_query().cloned();
        *request.uri_mut() = path.map(Into::into).unwrap_or_default();
    }
}

fn refuse(request: &Request, error: &AppError, origin: &str) -> Response {
    static TOLD: Once = Once::new();
    if *error == AppError::Misdirected {
        TOLD.call_once(|| {
            tracing::warn!(
                "refused a request for another host than that of {origin}; a proxy has to pass `Host` on, and \
                 OPENTILL_PUBLIC_URL has to be what people type"
            );
        });
    }
    if api::is_api(request.uri()) {
        return api::refuse(error.clone());
    }
    if rpc::is_rpc(request.uri()) {
        return rpc::refuse(error);
    }
    let status = refusal::status(error);
    // Without style: the files of one are refused, too.
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
