//! Requests with parameters. The token is checked first, then the parameters: 401 comes before 400 and 404.

use std::marker::PhantomData;

use axum::{
    extract::FromRequestParts,
    http::{Uri, request::Parts},
};

use super::{
    client::ApiClient, error::ApiError, paging::Paging, query::Query, reads::Reads, router::PathId,
};
use crate::{
    model::error::AppError,
    server::{limits::Allowance, state::AppState, tokens::TokenClient},
};

/// Extracts a request with a valid token that may read `R`, and the parameters `P`.
///
/// Rejects like [`ApiClient`], and with the error of the parameters. An endpoint without parameters takes an
/// [`ApiClient`] instead.
pub struct ApiRequest<R, P> {
    /// Which client and which token.
    pub client: TokenClient,
    /// What remains of the token's rate limit. Part of every response.
    pub allowance: Allowance,
    /// The URI of the request, for links.
    pub uri: Uri,
    /// The parameters.
    pub parameters: P,
    /// What the token may read.
    pub reads: PhantomData<fn() -> R>,
}

impl<R: Reads, P: Parameters> FromRequestParts<AppState> for ApiRequest<R, P> {
    type Rejection = (Option<Allowance>, ApiError);

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let ApiClient {
            client,
            allowance,
            reads,
        } = ApiClient::from_request_parts(parts, state).await?;
        let mut query = Query::new(parts.uri.query());
        let id = parts.extensions.get::<PathId>().and_then(|id| id.0);
        let read = P::read(id, &mut query);
        match query.finish().and_then(|()| Ok(read?)) {
            Ok(parameters) => Ok(Self {
                client,
                allowance,
                uri: parts.uri.clone(),
                parameters,
                reads,
            }),
            Err(error) => Err((Some(allowance), error)),
        }
    }
}

/// The parameters of an endpoint.
pub trait Parameters: Sized {
    /// Takes them out of the path, where `id` is the `{id}` if it is a number, and out of the query. What is left in the
    /// query is refused.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an id that no resource can have. Errors of the query are left in it.
    fn read(id: Option<i64>, query: &mut Query) -> Result<Self, AppError>;
}

/// The `{id}` of a path, as the only parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceId(pub i64);

impl Parameters for ResourceId {
    fn read(id: Option<i64>, _: &mut Query) -> Result<Self, AppError> {
        id.map(Self).ok_or(AppError::NotFound)
    }
}

/// A list without filters.
impl Parameters for Paging {
    fn read(_: Option<i64>, query: &mut Query) -> Result<Self, AppError> {
        Ok(Self::take(query))
    }
}
