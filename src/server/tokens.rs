//! API tokens: list, create, rename, revoke, authenticate.

use std::sync::Arc;

use bytes::Bytes;

use super::{
    actor::Actor,
    error::Failure,
    session::SessionClient,
    state::AppState,
    store::{self, Renaming, Revocation, ValidToken},
};
use crate::model::{
    address::Address,
    client::{Client, ClientStatus, Email},
    error::AppError,
    secret::{PREFIX, TOKEN_LEN, TokenSecret},
    timestamp::Timestamp,
    token::{CreatedToken, TokenId, TokenName, TokenSummary},
    usage::TokenUsage,
};

/// The longest idempotency key, in bytes.
const MAX_KEY_LEN: usize = 64;

/// A client who came in by a bearer token. It opens their own data and nothing else.
#[derive(Clone, Debug)]
pub struct TokenClient {
    token: Arc<ValidToken>,
}

impl TokenClient {
    /// The client who owns the token.
    pub fn client(&self) -> &Client {
        &self.token.client
    }

    /// The token's id.
    pub fn token(&self) -> TokenId {
        self.token.id
    }

    /// The one text there is of whose token it is: by `write`, if that was not written before. Programs ask for the same
    /// over and over.
    ///
    /// # Errors
    /// What `write` fails with.
    pub fn into_text<E>(
        self,
        write: impl FnOnce(&Client) -> Result<Vec<u8>, E>,
    ) -> Result<Bytes, E> {
        let Self { token } = self;
        if token.text.get().is_none() {
            let text = write(&token.client)?;
            token.text.get_or_init(|| text.into());
        }
        Ok(Bytes::from_owner(Text(token)))
    }
}

struct Text(Arc<ValidToken>);

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        self.0.text.get().map_or(&[], |text| text)
    }
}

/// A request for a token, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Wish<'a> {
    /// The name.
    pub name: &'a str,
    /// The same key never makes a second token. Empty: no key.
    pub idempotency_key: &'a str,
    /// The answer to this key was never seen: if its token was never used, replace its secret and show that.
    pub replace_unseen: bool,
}

/// What came of such a request.
#[derive(Debug)]
pub enum Creation {
    /// A token, to be shown this once.
    Created(CreatedToken),
    /// The key made this token before. Only its hash is known, so it cannot be shown again.
    AlreadyCreated {
        /// The token of then.
        token: TokenSummary,
        /// Whether it was revoked since.
        is_revoked: bool,
    },
}

/// The newest of the client's active tokens that are older than `before`.
///
/// # Errors
/// The database is away.
pub async fn list(
    state: &AppState,
    who: &SessionClient,
    before: Option<TokenId>,
    limit: u32,
) -> Result<Vec<TokenSummary>, Failure> {
    let client = who.client().id;
    Ok(state.store.tokens_before(client, before, limit).await?)
}

/// How many active tokens the client has.
///
/// # Errors
/// The database is away.
pub async fn count(state: &AppState, who: &SessionClient) -> Result<usize, Failure> {
    Ok(state.store.count_tokens_of(who.client().id).await?)
}

/// When the client last called the API, whether or not that token is still active.
///
/// # Errors
/// The database is away.
pub async fn last_call(
    state: &AppState,
    who: &SessionClient,
) -> Result<Option<Timestamp>, Failure> {
    Ok(state.store.last_use_of(who.client().id).await?)
}

/// One of the client's active tokens.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such token of theirs; the database is away.
pub async fn get(
    state: &AppState,
    who: &SessionClient,
    id: TokenId,
) -> Result<TokenSummary, Failure> {
    let found = state.store.token_of(who.client().id, id).await?;
    found.ok_or_else(|| AppError::NotFound.into())
}

/// Creates a token for the client.
///
/// # Errors
/// [`AppError::Suspended`] for a suspended client, [`AppError::Invalid`] for a name or key that is
/// refused, [`AppError::TokenLimit`] if there are as many as may be; the database is away.
pub async fn create(
    state: &AppState,
    who: &SessionClient,
    wish: Wish<'_>,
) -> Result<Creation, Failure> {
    let name = new_name(who, wish.name)?;
    let secret = TokenSecret::generate();
    let new = store::NewToken {
        name: &name,
        hash: secret.hash(),
        last_four: secret.hint(),
        idempotency_key: idempotency_key(wish.idempotency_key)?,
        replace_unseen: wish.replace_unseen,
        limit: state.config.max_tokens,
    };
    if wish.replace_unseen {
        // Whether the token was used decides, and that may not be written yet.
        state.usage.write_new().await?;
    }
    match state
        .store
        .create_token(who.client().id, &new, who.actor(), state.clock.now())
        .await?
    {
        store::Creation::Created(token) => Ok(Creation::Created(CreatedToken { token, secret })),
        store::Creation::AlreadyCreated { token, is_revoked } => {
            Ok(Creation::AlreadyCreated { token, is_revoked })
        }
        store::Creation::NameTaken => Err(name_taken(&name).into()),
        store::Creation::LimitReached => Err(AppError::TokenLimit { limit: new.limit }.into()),
        store::Creation::TooManyRevoked { until } => {
            let wait = until.seconds_since(state.clock.now());
            let retry_after = u32::try_from(wait).unwrap_or(u32::MAX).max(1);
            Err(AppError::TooManyRequests { retry_after }.into())
        }
    }
}

/// The name that a client gives to a token, if they may and it may be one.
fn new_name(who: &SessionClient, typed: &str) -> Result<TokenName, AppError> {
    if who.client().status != ClientStatus::Active {
        return Err(AppError::Suspended);
    }
    let name = TokenName::parse(typed).map_err(|error| AppError::invalid("name", error))?;
    if holds_secret(name.as_str()) {
        let message = "This is a token itself. Give it a name that may be seen.";
        return Err(AppError::invalid("name", message));
    }
    Ok(name)
}

fn name_taken(name: &TokenName) -> AppError {
    let message = format!("You already have an active token named “{name}”.");
    AppError::invalid("name", message)
}

/// Whether a whole token stands in a text. What is typed is stored and shown; a token pasted into the wrong field must not
/// be.
pub(super) fn holds_secret(text: &str) -> bool {
    text.match_indices(PREFIX)
        .filter_map(|(at, _)| text.as_bytes().get(at..at + TOKEN_LEN))
        .any(|token| TokenSecret::parse(token).is_some())
}

fn idempotency_key(typed: &str) -> Result<Option<&str>, AppError> {
    if typed.len() > MAX_KEY_LEN || !typed.bytes().all(|b| b.is_ascii_graphic()) {
        let message = format!("Use up to {MAX_KEY_LEN} visible ASCII characters.");
        return Err(AppError::invalid("idempotency_key", message));
    }
    Ok((!typed.is_empty()).then_some(typed))
}

/// Revokes one of the client's tokens. When this returns, no later request with it succeeds.
///
/// # Errors
/// [`AppError::NotFound`] if the client never had such a token; the database is away.
pub async fn revoke(
    state: &AppState,
    who: &SessionClient,
    id: TokenId,
) -> Result<Revocation, Failure> {
    let revoked = state
        .store
        .revoke_token(Some(who.client().id), id, who.actor(), state.clock.now())
        .await?;
    revoked.ok_or_else(|| AppError::NotFound.into())
}

/// A token with the name that it was to have.
#[derive(Debug)]
pub struct Renamed {
    /// The token.
    pub token: TokenSummary,
    /// Whether it had another name before.
    pub is_changed: bool,
}

/// Gives one of the client's tokens another name.
///
/// # Errors
/// [`AppError::Suspended`] for a suspended client, [`AppError::Invalid`] for a name that is refused,
/// [`AppError::NotFound`] if there is no such token of theirs; the database is away.
pub async fn rename(
    state: &AppState,
    who: &SessionClient,
    id: TokenId,
    name: &str,
) -> Result<Renamed, Failure> {
    let name = new_name(who, name)?;
    let renamed = state
        .store
        .rename_token(who.client().id, id, &name, who.actor(), state.clock.now())
        .await?;
    match renamed {
        Renaming::Renamed(token) => Ok(Renamed {
            token,
            is_changed: true,
        }),
        Renaming::Unchanged(token) => Ok(Renamed {
            token,
            is_changed: false,
        }),
        Renaming::NameTaken => Err(name_taken(&name).into()),
        Renaming::NotFound => Err(AppError::NotFound.into()),
    }
}

/// Revokes all of the client's tokens. When this returns, no later request with any of them succeeds.
///
/// # Errors
/// The database is away.
pub async fn revoke_all(
    state: &AppState,
    who: &SessionClient,
) -> Result<Vec<TokenSummary>, Failure> {
    let now = state.clock.now();
    let revoked = state
        .store
        .revoke_all_tokens(who.client().id, who.actor(), now);
    Ok(revoked.await?)
}

/// How one of the client's active tokens was used.
///
/// # Errors
/// The database is away.
pub async fn usage(
    state: &AppState,
    who: &SessionClient,
    id: TokenId,
) -> Result<TokenUsage, Failure> {
    let usage = state.store.usage_of(who.client().id, id, state.clock.now());
    Ok(usage.await?)
}

/// The client that a presented bearer token stands for; `None` if it is not a valid token.
///
/// # Errors
/// The database is away. That never passes for a valid or an invalid token.
pub async fn authenticate(
    state: &AppState,
    presented: &[u8],
) -> Result<Option<TokenClient>, Failure> {
    let Some(secret) = TokenSecret::parse(presented) else {
        return Ok(None);
    };
    let valid = state.store.token_by_hash(secret.hash()).await?;
    Ok(valid.map(|token| TokenClient { token }))
}

/// Notes that a token is used, with the address and the program it comes from. What is refused is no use.
pub fn note_use(state: &AppState, who: &TokenClient, address: Option<Address>, user_agent: &str) {
    let now = state.clock.now();
    state.usage.note(who.token(), address, user_agent, now);
}

/// The operator's view of a client's active tokens.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such client; the database is away.
pub async fn list_of(state: &AppState, owner: &Email) -> Result<Vec<TokenSummary>, Failure> {
    let owner = super::clients::by_email(state, owner).await?;
    Ok(state.store.tokens_of(owner.id).await?)
}

/// The operator's revocation of anybody's token.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such token; the database is away.
pub async fn revoke_any(state: &AppState, id: TokenId) -> Result<Revocation, Failure> {
    let revoked = state
        .store
        .revoke_token(None, id, &Actor::operator(), state.clock.now())
        .await?;
    revoked.ok_or_else(|| AppError::NotFound.into())
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use super::*;

    #[test]
    fn the_text_of_a_client_is_written_once() {
        let who = TokenClient {
            token: Arc::new(ValidToken {
                id: TokenId(1),
                text: OnceLock::new(),
                client: Client::named("Jane Smith"),
            }),
        };
        assert_eq!(who.clone().into_text(|_| Err("no paper")), Err("no paper"));
        let name = |client: &Client| Ok::<_, ()>(client.name.clone().into_bytes());
        assert_eq!(who.clone().into_text(name).unwrap(), "Jane Smith");
        assert_eq!(
            who.into_text(|_| Err("again")).unwrap(),
            "Jane Smith",
            "as it was written"
        );
    }

    #[test]
    fn a_name_that_holds_a_whole_token_is_seen() {
        let token = TokenSecret::generate();
        let token = token.expose();
        assert!(holds_secret(token));
        assert!(holds_secret(&format!("ot_live_ é my {token}.")));
        assert!(!holds_secret(&token[..TOKEN_LEN - 1]));
        assert!(!holds_secret("ot_live_"));
        assert!(!holds_secret("My ot_live_ token 2026"));
    }
}
