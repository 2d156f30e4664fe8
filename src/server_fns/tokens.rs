//! Calls of the API Tokens section.

use leptos::prelude::*;

use crate::model::{
    client::ClientId,
    error::AppError,
    scopes::Scopes,
    token::{CreatedToken, TokenId, TokenSummary},
};

/// The newest of the client's active tokens, 300 at most.
#[server(prefix = "/rpc", endpoint = "tokens/list")]
pub async fn list_tokens(client: Option<ClientId>) -> Result<Vec<TokenSummary>, AppError> {
    let (state, who) = crate::server::session::require_session(client)?;
    let tokens = crate::server::tokens::list(&state, &who, None, 300).await;
    tokens.map_err(crate::server::error::Failure::report)
}

/// Creates a token, which reads everything, always and from everywhere, if what limits it is missing. Its secret is in this response and in no other.
///
/// After a response that was lost, a call with the same `idempotency_key` and `replace_unseen` gives
/// the token, if it was created, a new secret and returns that.
#[server(prefix = "/rpc", endpoint = "tokens/create")]
pub async fn create_token(
    client: Option<ClientId>,
    name: String,
    #[server(default)] scopes: Scopes,
    #[server(default)] expires_on: String,
    #[server(default)] allowed_addresses: String,
    idempotency_key: String,
    replace_unseen: bool,
) -> Result<CreatedToken, AppError> {
    use crate::server::tokens::{self, CreateTokenRequest, Creation};
    let (state, who) = crate::server::session::require_session(client)?;
    let request = CreateTokenRequest {
        name: &name,
        scopes,
        expires_on: &expires_on,
        allowed_addresses: &allowed_addresses,
        idempotency_key: &idempotency_key,
        replace_unseen,
    };
    let created = tokens::create(&state, &who, request).await;
    match created.map_err(crate::server::error::Failure::report)? {
        Creation::Created(created) => Ok(created),
        Creation::AlreadyCreated { token, is_revoked } => {
            let token = Box::new(token);
            Err(AppError::AlreadyCreated { token, is_revoked })
        }
    }
}

/// Revokes a token; `false` if it was revoked before, perhaps by a first attempt of this call.
#[server(prefix = "/rpc", endpoint = "tokens/revoke")]
pub async fn revoke_token(client: Option<ClientId>, id: TokenId) -> Result<bool, AppError> {
    use crate::server::store::Revocation;
    let (state, who) = crate::server::session::require_session(client)?;
    let revocation = crate::server::tokens::revoke(&state, &who, id).await;
    let revocation = revocation.map_err(crate::server::error::Failure::report)?;
    Ok(matches!(revocation, Revocation::Revoked(_)))
}
