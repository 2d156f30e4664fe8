//! The headers of responses in the OpenAPI document.

use utoipa::openapi::{
    Header, HeaderBuilder, ObjectBuilder, RefOr, Response, ResponseBuilder, Type,
    extensions::Extensions, path::Operation,
};

/// Describes the 304 of an operation, and what its 200 has for it.
pub fn make_conditional(get: &mut Operation) {
    let responses = &mut get.responses.responses;
    let description = "The response is still the one with the ETag that If-None-Match names.";
    let unchanged = ResponseBuilder::new().description(description).build();
    responses.insert("304".to_owned(), unchanged.into());
    for response in responses.values_mut() {
        let RefOr::T(response) = response else {
            continue;
        };
        for (name, schema, description) in [
            (
                "Cache-Control",
                text().enum_values(Some(["private, no-cache"])),
                "May be kept for this client, if each use is preceded by a conditional request.",
            ),
            (
                "ETag",
                text().pattern(Some("^\"[0-9a-f]{32}\"$")),
                "Names this state of the response, for If-None-Match (RFC 9110, 13).",
            ),
            (
                "Vary",
                text().enum_values(Some(["Authorization, Accept"])),
                "What else the response depends on.",
            ),
        ] {
            add_header(response, name, schema, description, true);
        }
    }
}

/// Adds the headers that every response has.
pub fn add_common_headers(response: &mut Response) {
    if !response.headers.contains_key("Cache-Control") {
        let schema = text().enum_values(Some(["no-store"]));
        add_header(
            response,
            "Cache-Control",
            schema,
            "Never to be cached.",
            true,
        );
    }
    let schema = text().pattern(Some("^[0-9A-Za-z]{16}$"));
    let description = "The number of the request, which leads to it in our log.";
    add_header(response, "X-Request-Id", schema, description, true);
}

/// Adds the headers of the token's rate limit.
pub fn add_limit(response: &mut Response, is_required: bool) {
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
        add_header(response, name, schema, description, is_required);
    }
}

/// Adds a header with its schema.
pub fn add_header(
    response: &mut Response,
    name: &str,
    schema: ObjectBuilder,
    description: &str,
    is_required: bool,
) {
    let header: Header = HeaderBuilder::new()
        .schema(Some(schema))
        .description(Some(description))
        // utoipa has no field for it.
        .extensions(Some(Extensions::from_iter([("required", is_required)])))
        .build();
    response.headers.insert(name.to_owned(), header.into());
}

/// The schema of a text.
pub fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}
