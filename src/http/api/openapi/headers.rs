//! The headers of responses in the OpenAPI document.

use utoipa::openapi::{
    Header, HeaderBuilder, ObjectBuilder, Response, Type, extensions::Extensions,
};

/// Adds the headers that every response has.
pub fn add_common_headers(response: &mut Response) {
    let schema = text().enum_values(Some(["no-store"]));
    add_header(
        response,
        "Cache-Control",
        schema,
        "Never to be cached.",
        true,
    );
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
