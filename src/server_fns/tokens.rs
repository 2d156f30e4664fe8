//! What the API Tokens section asks of the server.

use leptos::prelude::*;

use crate::model::{
    client::ClientId,
    error::AppError,
    token::{CreatedToken, TokenId, TokenSummary},
};

/// The newest of the client's active tokens, 300 at most.
#[server(prefix = "/rpc", endpoint = "tokens/list")]
pub async fn list_tokens(client: Option<ClientId>) -> Result<Vec<TokenSummary>, AppError> {
    let (state, who) = crate::server::session::require_session(client)?;
    let tokens = crate::server::tokens::list(&state, &who, None, 300).await;
    tokens.map_err(crate::server::error::Failure::report)
}

/// Creates a token. The answer is the only time that its secret is seen.
///
/// After an answer that did not arrive, the same `idempotency_key` with `replace_unseen` gives the
/// token, if it was made, a new secret and shows that.
#[server(prefix = "/rpc", endpoint = "tokens/create")]
pub async fn create_token(
    client: Option<ClientId>,
    name: String,
    idempotency_key: String,
    replace_unseen: bool,
) -> Result<CreatedToken, AppError> {
    use crate::server::tokens::{self, CreateTokenRequest, Creation};
    let (state, who) = crate::server::session::require_session(client)?;
    let request = CreateTokenRequest {
        name: &name,
        idempotency_key: &idempotency_key,
        replace_unseen,
    };
    let created = tokens::create(&state, &who, request).await;
    match created.map_err(crate::server::error::Failure::report)? {
        Creation::Created(created) => Ok(created),
        Creation::AlreadyCreated { token, is_revoked } => {
            Err(AppError::AlreadyCreated { token, is_revoked })
        }
    }
}

/// Revokes a token; `false` if it had been revoked before, by this very call or another.
#[server(prefix = "/rpc", endpoint = "tokens/revoke")]
pub async fn revoke_token(client: Option<ClientId>, id: TokenId) -> Result<bool, AppError> {
    use crate::server::store::Revocation;
    let (state, who) = crate::server::session::require_session(client)?;
    let revocation = crate::server::tokens::revoke(&state, &who, id).await;
    let revocation = revocation.map_err(crate::server::error::Failure::report)?;
    Ok(matches!(revocation, Revocation::Revoked(_)))
}

/// Gives a token another name.
#[server(prefix = "/rpc", endpoint = "tokens/rename")]
pub async fn rename_token(
    client: Option<ClientId>,
    id: TokenId,
    name: String,
) -> Result<TokenSummary, AppError> {
    let (state, who) = crate::server::session::require_session(client)?;
    let renamed = crate::server::tokens::rename(&state, &who, id, &name).await;
    let renamed = renamed.map_err(crate::server::error::Failure::report)?;
    Ok(renamed.token)
}

/// Revokes all tokens, and says how many that were.
#[server(prefix = "/rpc", endpoint = "tokens/revoke-all")]
pub async fn revoke_all_tokens(client: Option<ClientId>) -> Result<usize, AppError> {
    let (state, who) = crate::server::session::require_session(client)?;
    let revoked = crate::server::tokens::revoke_all(&state, &who).await;
    let revoked = revoked.map_err(crate::server::error::Failure::report)?;
    Ok(revoked.len())
}
