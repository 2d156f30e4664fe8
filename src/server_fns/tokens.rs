//! What the API Tokens section asks of the server.

use leptos::prelude::*;

use crate::domain::{
    error::AppError,
    token::{CreatedToken, TokenId, TokenSummary},
};

/// The newest of the client's active tokens, 300 at most.
#[server(prefix = "/rpc", endpoint = "tokens/list")]
pub async fn list_tokens() -> Result<Vec<TokenSummary>, AppError> {
    let (state, who) = crate::server::caller::caller()?;
    Ok(crate::server::tokens::list(&state, &who, None, 300).await?)
}

/// Creates a token. The answer is the only time that its secret is seen.
///
/// After an answer that did not arrive, the same `idempotency_key` with `replace_unseen` gives the
/// token, if it was made, a new secret and shows that.
#[server(prefix = "/rpc", endpoint = "tokens/create")]
pub async fn create_token(
    name: String,
    idempotency_key: String,
    replace_unseen: bool,
) -> Result<CreatedToken, AppError> {
    use crate::server::tokens::{self, Creation, Wish};
    let (state, who) = crate::server::caller::caller()?;
    let wish = Wish {
        name: &name,
        idempotency_key: &idempotency_key,
        replace_unseen,
    };
    match tokens::create(&state, &who, wish).await? {
        Creation::Created(created) => Ok(created),
        Creation::AlreadyCreated { .. } => Err(AppError::AlreadyCreated),
    }
}

/// Revokes a token; `false` if it had been revoked before.
#[server(prefix = "/rpc", endpoint = "tokens/revoke")]
pub async fn revoke_token(id: TokenId) -> Result<bool, AppError> {
    use crate::server::store::Revocation;
    let (state, who) = crate::server::caller::caller()?;
    let revocation = crate::server::tokens::revoke(&state, &who, id).await?;
    Ok(matches!(revocation, Revocation::Revoked(_)))
}

/// Gives a token another name.
#[server(prefix = "/rpc", endpoint = "tokens/rename")]
pub async fn rename_token(id: TokenId, name: String) -> Result<TokenSummary, AppError> {
    let (state, who) = crate::server::caller::caller()?;
    Ok(crate::server::tokens::rename(&state, &who, id, &name).await?)
}

/// Revokes all tokens, and says how many that were.
#[server(prefix = "/rpc", endpoint = "tokens/revoke-all")]
pub async fn revoke_all_tokens() -> Result<usize, AppError> {
    let (state, who) = crate::server::caller::caller()?;
    Ok(crate::server::tokens::revoke_all(&state, &who).await?.len())
}
