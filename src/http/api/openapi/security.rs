//! The security of operations in the OpenAPI document: the token, and what it must be allowed to read.

use utoipa::openapi::{
    path::Operation,
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

use crate::model::scopes::Scope;

/// The name of the security scheme.
pub const TOKEN: &str = "token";

/// A token that may read data of this kind; with `None`, any token.
pub fn requirement(scope: Option<Scope>) -> SecurityRequirement {
    SecurityRequirement::new(TOKEN, scope.map(Scope::as_str))
}

/// The scope that an operation requires.
pub fn scope_of(operation: &Operation) -> Option<Scope> {
    let required = operation.security.as_ref()?;
    let mut scopes = Scope::ALL.into_iter();
    scopes.find(|scope| required.contains(&requirement(Some(*scope))))
}

/// Whether an operation needs a token.
pub fn is_secured(operation: &Operation) -> bool {
    let security = operation.security.iter().flatten();
    security.count() > 0
}

/// How tokens are sent.
pub fn token() -> SecurityScheme {
    let description = "A token from the Profile page, `ot_live_…`. It is valid until it is revoked, \
        or until its own end. It may be limited to some IP addresses, and to the kinds of data that operations name as their scope.";
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("ot_live_[0-9A-Za-z]{38}")
        .description(Some(description))
        .build();
    SecurityScheme::Http(scheme)
}
