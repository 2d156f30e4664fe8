//! The error responses of the OpenAPI document.

use serde_json::json;
use utoipa::openapi::{
    ArrayBuilder, Content, Object, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Schema,
    Type,
    path::{Operation, Parameter, ParameterIn},
    schema::AdditionalProperties,
};

use super::{
    headers::{add_common_headers, add_header, add_limit, text},
    security::{is_secured, scope_of},
};
use crate::{
    http::api::error::{ApiError, Challenge, insufficient},
    model::{error::AppError, scopes::Scope},
};

/// An error response.
pub struct Refusal {
    /// Its name in the document.
    pub name: &'static str,
    /// What it means.
    pub description: &'static str,
    /// An example of it.
    error: ApiError,
    applies_to: AppliesTo,
}

/// The endpoints that may respond with an error.
#[derive(Clone, Copy, PartialEq)]
enum AppliesTo {
    All,
    /// Those that need a token.
    Secured,
    /// Those that a token may be kept from.
    Scoped,
    /// Those that need a token and have parameters.
    WithParameters,
    /// Those with an id in their path. It is also the response where there is no endpoint.
    WithId,
    /// None: it is the response where the endpoint has no such method.
    OtherMethods,
}

/// All error responses, in the order of their status.
pub fn refusals() -> Vec<Refusal> {
    let refusal = |name, error, applies_to, description| Refusal {
        name,
        description,
        error,
        applies_to,
    };
    let wrong = "Give a whole number from 1 to 100.".to_owned();
    let wrong = [("per_page".to_owned(), vec![wrong])];
    vec![
        refusal(
            "InvalidQuery",
            ApiError::InvalidQuery(wrong.into()),
            AppliesTo::WithParameters,
            "A query parameter is unknown, repeated or wrong. The field errors says what is wrong with each.",
        ),
        refusal(
            "Unauthenticated",
            ApiError::Unauthenticated(Challenge::NoToken),
            AppliesTo::Secured,
            "The token is missing, malformed, unknown, revoked or expired, or is not allowed from this IP address.",
        ),
        refusal(
            "InsufficientScope",
            ApiError::InsufficientScope(Scope::Invoices),
            AppliesTo::Scoped,
            "The token is limited to other kinds of data. Create one that may read this kind.",
        ),
        refusal(
            "NotFound",
            AppError::NotFound.into(),
            AppliesTo::WithId,
            "No such endpoint, or no such resource of yours.",
        ),
        refusal(
            "MethodNotAllowed",
            AppError::MethodNotAllowed.into(),
            AppliesTo::OtherMethods,
            "Method not allowed. See the Allow header.",
        ),
        refusal(
            "TooManyRequests",
            AppError::TooManyRequests { retry_after: 10 }.into(),
            AppliesTo::Secured,
            "Too many requests. Retry after the number of seconds in Retry-After.",
        ),
        refusal(
            "Internal",
            AppError::Internal.into(),
            AppliesTo::All,
            "Something went wrong on our side. Include X-Request-Id when you contact support.",
        ),
        refusal(
            "Unavailable",
            AppError::Unavailable.into(),
            AppliesTo::Secured,
            "Temporarily unavailable. Retry after the number of seconds in Retry-After.",
        ),
    ]
}

fn is_in_path(parameter: &RefOr<Parameter>) -> bool {
    matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Path)
}

impl Refusal {
    /// Its status code.
    pub fn status(&self) -> u16 {
        self.error.status().as_u16()
    }

    /// Its body, as the example in the document has it.
    pub fn json(&self) -> String {
        format!("{:#}", json!(self.error.body()))
    }

    /// Whether this operation may respond with it.
    pub fn is_of(&self, operation: &Operation) -> bool {
        let is_secured = is_secured(operation);
        let mut parameters = operation.parameters.iter().flatten();
        match self.applies_to {
            AppliesTo::All => true,
            AppliesTo::Secured => is_secured,
            AppliesTo::Scoped => scope_of(operation).is_some(),
            AppliesTo::WithParameters => is_secured && parameters.next().is_some(),
            AppliesTo::WithId => parameters.any(is_in_path),
            AppliesTo::OtherMethods => false,
        }
    }

    /// Whether it is also, or only, the response to requests that no operation describes.
    pub fn is_of_no_operation(&self) -> bool {
        matches!(self.applies_to, AppliesTo::WithId | AppliesTo::OtherMethods)
    }

    /// Its description for the document.
    pub fn response(&self) -> Response {
        let body = self.error.body();
        let schema: RefOr<Schema> = match self.error {
            ApiError::Unauthenticated(_) => Ref::from_schema_name("Unauthenticated").into(),
            ApiError::InvalidQuery(_) => with_errors().into(),
            _ => Ref::from_schema_name("ApiError").into(),
        };
        let mut content = Content::new(Some(schema));
        content.example = Some(json!(body));
        let mut response = ResponseBuilder::new()
            .description(self.description)
            .content("application/json", content)
            .build();
        for (name, schema, description) in headers(&self.error) {
            add_header(&mut response, name, schema, description, true);
        }
        match &self.error {
            ApiError::InvalidQuery(_) | ApiError::InsufficientScope(_) => {
                add_limit(&mut response, true);
            }
            // Without a valid token there is no limit to tell of.
            ApiError::Other(AppError::NotFound | AppError::TooManyRequests { .. }) => {
                add_limit(&mut response, false);
            }
            _ => {}
        }
        add_common_headers(&mut response);
        response
    }
}

/// The headers of this error alone.
fn headers(error: &ApiError) -> Vec<(&'static str, ObjectBuilder, &'static str)> {
    match error {
        ApiError::Unauthenticated(_) => {
            let challenges = [Challenge::NoToken, Challenge::InvalidToken].map(Challenge::as_str);
            let schema = text().enum_values(Some(challenges));
            vec![("WWW-Authenticate", schema, "What is wanted (RFC 6750, 3).")]
        }
        ApiError::InsufficientScope(_) => {
            let schema = text().enum_values(Some(Scope::ALL.map(insufficient)));
            vec![(
                "WWW-Authenticate",
                schema,
                "The scope that is wanted (RFC 6750, 3).",
            )]
        }
        ApiError::Other(AppError::MethodNotAllowed) => {
            let schema = text().examples(["GET,HEAD"]);
            vec![("Allow", schema, "The methods that the address takes.")]
        }
        ApiError::Other(error) if error.retry_after().is_some() => {
            let schema = ObjectBuilder::new().schema_type(Type::Integer);
            let schema = schema.minimum(Some(0));
            vec![("Retry-After", schema, "Seconds to wait before another try.")]
        }
        _ => Vec::new(),
    }
}

/// The schema that only the body of a 401 satisfies.
pub fn unauthenticated() -> Object {
    let body = ApiError::Unauthenticated(Challenge::NoToken).body();
    let message = text().enum_values(Some([body.message()]));
    ObjectBuilder::new()
        .description(Some("The body of every 401."))
        .property("message", message)
        .required("message")
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
        .build()
}

/// The object of [`Body`] with `errors`.
fn with_errors() -> Object {
    let texts = ArrayBuilder::new().items(text());
    let errors = ObjectBuilder::new()
        .description(Some("What is wrong, by the name of the parameter."))
        .additional_properties(Some(texts));
    ObjectBuilder::new()
        .property("message", text())
        .required("message")
        .property("errors", errors)
        .required("errors")
        .build()
}
