//! Conditional requests: every response about what a client has carries an `ETag`, and whoever has the current one already
//! gets a 304 without a body (RFC 9110, 13).

use std::{convert::Infallible, fmt::Write};

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts, uri::PathAndQuery},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use super::{
    error::ApiError,
    format::Format,
    reads::Reads,
    request::{ApiRequest, Parameters},
};
use crate::server::{cached_body::BodyHash, error::Failure, limits::Allowance, state::AppState};

/// Caches may keep a response for its own client, and have to ask each time whether it is current.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("private, no-cache");
/// Two tokens may read different parts of the same address.
const VARY: HeaderValue = HeaderValue::from_static("Authorization, Accept");

/// A strong `ETag`: half of a SHA-256 hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag(BodyHash);

impl Tag {
    /// The tag of a response that depends on these parts and on nothing else.
    pub fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        let whole: [u8; 32] = hash.finalize().into();
        let mut half = BodyHash::default();
        half.copy_from_slice(&whole[..size_of::<BodyHash>()]);
        Self(half)
    }

    /// The response with this tag, or 304.
    pub fn respond(self, known: &Known, respond: impl FnOnce() -> Response) -> Response {
        let mut response = if self.is_in(known) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            respond()
        };
        self.add_to(&mut response);
        response
    }

    fn is_in(self, Known(lists): &Known) -> bool {
        let mut tags = lists
            .iter()
            .filter_map(|list| list.to_str().ok())
            .flat_map(|list| list.split(','))
            .map(|tag| tag.trim().trim_start_matches("W/"));
        let own = if lists.is_empty() {
            return false;
        } else {
            self.text()
        };
        tags.any(|tag| tag == own)
    }

    /// Adds the tag, and how the response may be cached.
    fn add_to(self, response: &mut Response) {
        let headers = response.headers_mut();
        if let Ok(tag) = HeaderValue::try_from(self.text()) {
            headers.insert(header::ETAG, tag);
        }
        headers.insert(header::CACHE_CONTROL, CACHE_CONTROL);
        headers.insert(header::VARY, VARY);
    }

    fn text(self) -> String {
        let mut text = String::with_capacity(34);
        text.push('"');
        for byte in self.0 {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text.push('"');
        text
    }
}

impl From<BodyHash> for Tag {
    fn from(hash: BodyHash) -> Self {
        Self(hash)
    }
}

/// Extracts the values of `If-None-Match`: the tags of the responses that the program has. `*` says nothing about them.
pub struct Known(Vec<HeaderValue>);

impl Known {
    fn of(parts: &Parts) -> Self {
        let values = parts.headers.get_all(header::IF_NONE_MATCH);
        Self(values.into_iter().cloned().collect())
    }
}

impl<S: Sync> FromRequestParts<S> for Known {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

/// Extracts a request for something that imports alone change, like [`ApiRequest`].
///
/// Rejects with 304 if the program has the current response already. That costs no read besides the token's own: what
/// imports have changed is a number beside it.
pub struct MirrorRequest<R, P> {
    /// The request.
    pub request: ApiRequest<R, P>,
    /// What the program wants.
    pub format: Format,
    tag: Tag,
}

impl<R: Reads, P: Parameters> FromRequestParts<AppState> for MirrorRequest<R, P> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let request = ApiRequest::<R, P>::from_request_parts(parts, state).await;
        let request = request.map_err(IntoResponse::into_response)?;
        let (client, format, today) = (
            &request.client,
            Format::wanted(&parts.headers),
            state.today(),
        );
        // Today is a part of it: an invoice becomes overdue by the calendar.
        let tag = Tag::of(&[
            env!("CARGO_PKG_VERSION"),
            state.config.public_url.origin(),
            parts.uri.path_and_query().map_or("", PathAndQuery::as_str),
            format.content_type(),
            &client.client().id.0.to_string(),
            &client.revision().to_string(),
            &client.scopes().to_string(),
            &today.to_string(),
        ]);
        if tag.is_in(&Known::of(parts)) {
            let mut response = StatusCode::NOT_MODIFIED.into_response();
            tag.add_to(&mut response);
            return Err((request.allowance, response).into_response());
        }
        Ok(Self {
            request,
            format,
            tag,
        })
    }
}

impl<R, P> MirrorRequest<R, P> {
    /// The response with the tag, or the error.
    pub fn answer(self, read: Result<Response, Failure>) -> (Allowance, Response) {
        let response = match read {
            Ok(mut response) => {
                self.tag.add_to(&mut response);
                response
            }
            Err(failure) => ApiError::from(failure.report()).into_response(),
        };
        (self.request.allowance, response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(lists: &[&str]) -> Known {
        let lists = lists.iter();
        Known(
            lists
                .map(|list| HeaderValue::from_str(list).unwrap())
                .collect(),
        )
    }

    #[test]
    fn a_tag_is_another_if_any_part_is() {
        let tags = [
            Tag::of(&["a", "b"]),
            Tag::of(&["ab", ""]),
            Tag::of(&["", "ab"]),
            Tag::of(&["a", "b", ""]),
        ];
        for (at, tag) in tags.iter().enumerate() {
            assert_eq!(tag.text().len(), 34);
            assert!(tags[..at].iter().all(|other| other != tag));
        }
    }

    #[test]
    fn a_tag_is_found_in_a_list_in_whatever_form_it_comes_back() {
        let tag = Tag::of(&["a"]);
        let own = tag.text();
        for list in [
            own.clone(),
            format!("W/{own}"),
            format!("\"x\",{own}"),
            format!("\"x\" , W/\"y\" ,{own} "),
        ] {
            assert!(tag.is_in(&known(&[&list])), "{list}");
            assert!(
                tag.is_in(&known(&["\"x\"", &list])),
                "{list} in a second header"
            );
        }
        for list in ["", "*", "\"x\"", own.trim_matches('"')] {
            assert!(!tag.is_in(&known(&[list])), "{list}");
        }
        assert!(!tag.is_in(&known(&[])));
    }
}
