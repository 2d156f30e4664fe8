//! `/api/v1/token`

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    client::ApiClient,
    error::{ApiError, Challenge},
    lists::{One, body},
    reads::Account,
};
use crate::{
    model::{
        error::AppError,
        scopes::Scope,
        timestamp::{Timestamp, maybe_rfc3339, rfc3339},
        token::{TokenId, TokenName, TokenSummary},
    },
    server::{actor::Actor, error::Failure, limits::Allowance, state::AppState, tokens},
};

/// `GET /api/v1/token`: the token itself.
#[utoipa::path(
    get,
    path = "/api/v1/token",
    operation_id = "token",
    tag = "Account",
    summary = "The token itself",
    description = "Its name, what it may read, and when it was last used.",
    responses((status = 200, description = "The token of the request.", body = One<Token>)),
)]
pub async fn show(
    State(state): State<AppState>,
    request: ApiClient<Account>,
) -> (Option<Allowance>, Response) {
    let token = tokens::show_itself(&state, &request.client).await;
    let shown = token.map(|token| One {
        data: Token::from(token),
    });
    answer(request.allowance, shown.and_then(|shown| body(&shown)))
}

/// `DELETE /api/v1/token`: the token revokes itself.
#[utoipa::path(
    delete,
    path = "/api/v1/token",
    operation_id = "revoke_token",
    tag = "Account",
    summary = "The token revokes itself",
    description = "It is revoked at once and for good: every later request with it gets the 401.",
    responses((status = 204, description = "The token was revoked.")),
)]
pub async fn revoke(
    State(state): State<AppState>,
    actor: Actor,
    request: ApiClient<Account>,
) -> (Option<Allowance>, Response) {
    let revoked = tokens::revoke_itself(&state, &request.client, actor).await;
    let done = revoked.map(|()| StatusCode::NO_CONTENT.into_response());
    answer(request.allowance, done)
}

/// The response, or the error. A token that ended after the request began is refused like any other that is not valid.
fn answer(
    allowance: Allowance,
    outcome: Result<Response, Failure>,
) -> (Option<Allowance>, Response) {
    match outcome.map_err(Failure::report) {
        Ok(response) => (Some(allowance), response),
        Err(AppError::Unauthenticated) => {
            let error = ApiError::Unauthenticated(Challenge::InvalidToken);
            (None, error.into_response())
        }
        Err(error) => (Some(allowance), ApiError::from(error).into_response()),
    }
}

/// A token, without its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = TokenDetails)]
struct Token {
    /// Its number.
    #[schema(value_type = i64, minimum = 1, examples(7))]
    id: TokenId,
    /// Its name.
    #[schema(value_type = String, examples("Billing Dashboard"))]
    name: TokenName,
    /// The part of it that may be shown.
    #[schema(examples("ot_live_…a1B2"))]
    hint: String,
    /// The kinds of data that it may read; left out if it may read everything.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>, required = false, examples("invoices"))]
    scopes: Vec<&'static str>,
    /// The IP addresses and networks from which it works; left out if it works from everywhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, examples("203.0.113.7"))]
    allowed_addresses: Vec<String>,
    /// When it ends by itself; left out if it never does.
    #[serde(with = "maybe_rfc3339", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false, format = DateTime, examples("2027-01-15T00:00:00Z"))]
    expires_at: Option<Timestamp>,
    /// When it was created.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String, format = DateTime, examples("2026-01-15T10:30:00Z"))]
    created_at: Timestamp,
    /// When it was last used, to about a minute; null if this is the first time.
    #[serde(with = "maybe_rfc3339")]
    #[schema(value_type = Option<String>, required, format = DateTime, examples("2026-01-29T08:15:00Z"))]
    last_used_at: Option<Timestamp>,
}

impl From<TokenSummary> for Token {
    fn from(token: TokenSummary) -> Self {
        Self {
            hint: token.hint(),
            id: token.id,
            name: token.name,
            scopes: token.scopes.limits().map(Scope::as_str).collect(),
            allowed_addresses: token.limits.allowed.iter().map(str::to_owned).collect(),
            expires_at: token.limits.expires_at,
            created_at: token.created_at,
            last_used_at: token.last_used_at,
        }
    }
}
