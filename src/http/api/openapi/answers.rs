//! What the API answers, apart from what was asked for.

use std::collections::BTreeMap;

use serde_json::json;
use utoipa::openapi::{
    Content, Header, HeaderBuilder, Object, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder,
    Schema, Type, extensions::Extensions, schema::AdditionalProperties,
};

use crate::{
    http::api::error::{Body, Challenge},
    model::error::AppError,
    ui::api_docs::reference::ERRORS,
};

/// Every refusal, by its name in the document, and which routes it is of.
const REFUSALS: [(&str, AppError, Of); 6] = [
    ("Unauthenticated", AppError::Unauthenticated, Of::Secured),
    ("NotFound", AppError::NotFound, Of::None),
    ("MethodNotAllowed", AppError::MethodNotAllowed, Of::None),
    (
        "TooManyRequests",
        AppError::TooManyRequests { retry_after: 10 },
        Of::Secured,
    ),
    ("Internal", AppError::Internal, Of::All),
    ("Unavailable", AppError::Unavailable, Of::Secured),
];

/// The routes that may answer with a refusal.
#[derive(PartialEq)]
enum Of {
    All,
    /// Those that want a token.
    Secured,
    /// It is what is answered where there is no route.
    None,
}

/// The refusals, to be referred to by their names.
pub fn refusals() -> BTreeMap<String, RefOr<Response>> {
    REFUSALS
        .iter()
        .map(|(name, error, _)| ((*name).to_owned(), refusal(error).into()))
        .collect()
}

/// Status and name of what a route may refuse with.
pub fn refusals_of(is_secured: bool) -> impl Iterator<Item = (u16, &'static str)> {
    REFUSALS
        .iter()
        .filter(move |(_, _, of)| *of == Of::All || is_secured && *of == Of::Secured)
        .map(|(name, error, _)| (error.status(), *name))
}

fn refusal(error: &AppError) -> Response {
    let body = Body::from(error);
    let schema: RefOr<Schema> = match error {
        AppError::Unauthenticated => exactly(&body).into(),
        _ => Ref::from_schema_name("Error").into(),
    };
    let mut content = Content::new(Some(schema));
    content.example = Some(json!(body));
    let mut answer = ResponseBuilder::new()
        .description(meaning(error))
        .content("application/json", content)
        .build();
    for (name, schema, description) in headers(error) {
        add_header(&mut answer, name, schema, description, true);
    }
    if matches!(error, AppError::NotFound | AppError::TooManyRequests { .. }) {
        // Without a valid token there is nothing to be left.
        add_limit(&mut answer, false);
    }
    add_common_headers(&mut answer);
    answer
}

/// What is in the headers of this refusal alone.
fn headers(error: &AppError) -> Vec<(&'static str, ObjectBuilder, &'static str)> {
    match error {
        AppError::Unauthenticated => {
            let challenges = [Challenge::NoToken, Challenge::InvalidToken].map(Challenge::as_str);
            let schema = text().enum_values(Some(challenges));
            vec![("WWW-Authenticate", schema, "What is wanted (RFC 6750, 3).")]
        }
        AppError::MethodNotAllowed => {
            let schema = text().examples(["GET,HEAD"]);
            vec![("Allow", schema, "The methods that the address takes.")]
        }
        _ if error.retry_after().is_some() => {
            let schema = ObjectBuilder::new().schema_type(Type::Integer);
            let schema = schema.minimum(Some(0));
            vec![("Retry-After", schema, "Seconds to wait before another try.")]
        }
        _ => Vec::new(),
    }
}

/// The sentence of the documentation's table of errors.
fn meaning(error: &AppError) -> &'static str {
    let status = error.status().to_string();
    ERRORS
        .iter()
        .find(|(known, _)| *known == status)
        .map_or("", |(_, meaning)| *meaning)
}

/// This object and no other.
fn exactly(body: &Body) -> Object {
    let message = text().enum_values(Some([body.message()]));
    ObjectBuilder::new()
        .property("message", message)
        .required("message")
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
        .build()
}

/// Adds the headers that every answer carries.
pub fn add_common_headers(answer: &mut Response) {
    let schema = text().enum_values(Some(["no-store"]));
    add_header(answer, "Cache-Control", schema, "Never to be cached.", true);
    let schema = text().pattern(Some("^[0-9A-Za-z]{16}$"));
    let description = "The number of the request, which leads to it in our log.";
    add_header(answer, "X-Request-Id", schema, description, true);
}

/// Adds how often a token may be used, and what of that is left.
pub fn add_limit(answer: &mut Response, is_required: bool) {
    for (name, pattern, description) in [
        (
            "RateLimit-Policy",
            r#"^"token";q=\d+;w=60$"#,
            "Requests that a token may make in 60 seconds (draft-ietf-httpapi-ratelimit-headers).",
        ),
        (
            "RateLimit",
            r#"^"token";r=\d+;t=\d+$"#,
            "Those that may follow at once, and the seconds until all may again.",
        ),
    ] {
        let schema = text().pattern(Some(pattern));
        add_header(answer, name, schema, description, is_required);
    }
}

fn add_header(
    answer: &mut Response,
    name: &str,
    schema: ObjectBuilder,
    description: &str,
    is_required: bool,
) {
    let header: Header = HeaderBuilder::new()
        .schema(Some(schema))
        .description(Some(description))
        // There is no field for it.
        .extensions(Some(Extensions::from_iter([("required", is_required)])))
        .build();
    answer.headers.insert(name.to_owned(), header.into());
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}
