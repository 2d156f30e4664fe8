//! Request bodies of forms.

use std::{collections::HashMap, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use percent_encoding::percent_decode;
use tokio::time::{sleep, timeout};

use super::refusal::Refusal;
use crate::model::error::AppError;

/// The largest request body of a form or a server function, in bytes.
pub const MAX_BODY: usize = 64 * 1024;
/// How long a request body may take to arrive.
const DEADLINE: Duration = Duration::from_secs(15);
/// How much later the refusal of a body that is too large is sent. Whoever sends such bodies in a loop waits for it, instead
/// of using the CPU time of everybody else: over 4 connections 40 a second, and 2,400 without it.
const REFUSAL_DELAY: Duration = Duration::from_millis(100);
/// More fields than any of our forms has.
const MAX_FIELDS: usize = 32;

/// Reads the whole request body before anything else happens, so that one that is too large, too slow or cut off is
/// refused in the same way everywhere, with or without `Content-Length`.
pub async fn limit_body(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match timeout(DEADLINE, Limited::new(body, MAX_BODY).collect()).await {
        Ok(Ok(whole)) => {
            let body = whole.to_bytes();
            match check(&parts.headers, &body) {
                Ok(()) => next.run(Request::from_parts(parts, Body::from(body))).await,
                Err(error) => Refusal::from(error).into_response(),
            }
        }
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            sleep(REFUSAL_DELAY).await;
            Refusal::from(AppError::TooLarge).into_response()
        }
        Ok(Err(_)) => Refusal::from(AppError::BadRequest).into_response(),
        Err(_) => Refusal::from(AppError::Timeout).into_response(),
    }
}

/// Accepts an empty request body, or a form in UTF-8.
fn check(headers: &HeaderMap, body: &[u8]) -> Result<(), AppError> {
    if body.is_empty() {
        return Ok(());
    }
    let essence = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .unwrap_or_default();
    if !essence
        .trim()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    {
        return Err(AppError::UnsupportedMediaType);
    }
    // The parsers replace invalid UTF-8 by U+FFFD, so that different passwords would be the same.
    if percent_decode(body).decode_utf8().is_err() {
        return Err(AppError::BadRequest);
    }
    Ok(())
}

/// The fields of an `application/x-www-form-urlencoded` request body. A missing field reads as empty.
pub struct Form(HashMap<String, String>);

impl Form {
    /// Borrows a field's value.
    pub fn get(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }

    /// Removes and returns a field's value.
    pub fn take(&mut self, field: &str) -> String {
        self.0.remove(field).unwrap_or_default()
    }

    /// Parses a request body that [`limit_body`] has accepted.
    ///
    /// # Errors
    /// [`AppError::BadRequest`] if a field occurs twice, or there are more than 32.
    pub fn parse(body: &[u8]) -> Result<Self, AppError> {
        let mut fields = HashMap::new();
        for (field, value) in form_urlencoded::parse(body) {
            let is_twice = fields
                .insert(field.into_owned(), value.into_owned())
                .is_some();
            if is_twice || fields.len() > MAX_FIELDS {
                return Err(AppError::BadRequest);
            }
        }
        Ok(Self(fields))
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| AppError::BadRequest)?;
        Ok(Self::parse(&body)?)
    }
}

#[cfg(test)]
mod tests {
    use form_urlencoded::Serializer;
    use proptest::prelude::*;

    use super::*;

    fn encode(fields: &[(String, String)]) -> String {
        Serializer::new(String::new()).extend_pairs(fields).finish()
    }

    #[test]
    fn a_field_that_stands_there_twice_is_refused_and_one_that_is_missing_reads_as_empty() {
        assert!(Form::parse(b"name=a&name=a").is_err());
        let form = Form::parse(b"name=a&other").unwrap();
        assert_eq!(
            (form.get("name"), form.get("other"), form.get("none")),
            ("a", "", "")
        );
    }

    #[test]
    fn more_fields_than_any_form_has_are_refused() {
        let fields = |count: usize| -> Vec<_> {
            (0..count).map(|n| (n.to_string(), String::new())).collect()
        };
        assert!(Form::parse(encode(&fields(MAX_FIELDS)).as_bytes()).is_ok());
        assert!(Form::parse(encode(&fields(MAX_FIELDS + 1)).as_bytes()).is_err());
    }

    proptest! {
        #[test]
        fn what_was_typed_arrives_as_it_was_typed(
            fields in prop::collection::hash_map(any::<String>(), any::<String>(), 0..MAX_FIELDS)
        ) {
            let fields: Vec<_> = fields.into_iter().collect();
            let mut form = Form::parse(encode(&fields).as_bytes()).unwrap();
            for (field, value) in fields {
                prop_assert_eq!(form.get(&field), &value);
                prop_assert_eq!(form.take(&field), value);
            }
        }

        #[test]
        fn any_body_is_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..500)) {
            let is_twice = {
                let mut names: Vec<_> = form_urlencoded::parse(&body).map(|(name, _)| name).collect();
                let all = names.len();
                names.sort();
                names.dedup();
                names.len() < all || all > MAX_FIELDS
            };
            prop_assert_eq!(Form::parse(&body).is_err(), is_twice);
        }
    }
}
