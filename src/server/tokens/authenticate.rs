//! Whose a bearer token is.

use std::{net::IpAddr, sync::Arc};

use bytes::Bytes;

use super::refused;
use crate::{
    model::{
        address::Address, client::Client, scopes::Scopes, secret::TokenSecret, token::TokenId,
    },
    server::{
        actor::Actor,
        cached_body::BodyHash,
        error::Failure,
        metrics::VERIFIED,
        state::AppState,
        store::{ValidLimits, ValidToken},
        token_secret::SecretHash,
    },
};

/// A client authenticated by a bearer token. It may read their own data and do nothing else.
#[derive(Clone, Debug)]
pub struct TokenClient {
    token: Arc<ValidToken>,
    /// Of the secret that was presented.
    hash: SecretHash,
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

    /// The hash of the secret that was presented.
    pub(super) fn hash(&self) -> SecretHash {
        self.hash
    }

    /// What the token may read.
    pub fn scopes(&self) -> Scopes {
        self.token.scopes
    }

    /// A number that each import moves that changes anything of the client's services, domains, invoices or orders. It was
    /// read along with the token.
    pub fn revision(&self) -> i64 {
        self.token.revision
    }

    /// Returns the cached JSON body of the client's own data and its hash, serializing it on first use.
    ///
    /// # Errors
    /// Those of `serialize`.
    pub fn own_data<E>(
        self,
        serialize: impl FnOnce(&Client) -> Result<Vec<u8>, E>,
    ) -> Result<(Bytes, BodyHash), E> {
        let Self { token, .. } = self;
        let hash = token.own_data.get_or_serialize(&token.client, serialize)?;
        Ok((Bytes::from_owner(OwnData(token)), hash))
    }
}

/// Shares the cached body without copying it.
struct OwnData(Arc<ValidToken>);

impl AsRef<[u8]> for OwnData {
    fn as_ref(&self) -> &[u8] {
        self.0.own_data.as_bytes()
    }
}

/// The client of a bearer token that `actor` presents from `ip`; `None` if it is not a valid token, or not one from there. To
/// whoever presents it, the two are the same.
///
/// # Errors
/// The database is unavailable. Never treated as a valid or an invalid token.
pub async fn authenticate(
    state: &AppState,
    presented: &[u8],
    ip: Option<IpAddr>,
    actor: impl FnOnce() -> Actor,
) -> Result<Option<TokenClient>, Failure> {
    let Some(secret) = TokenSecret::parse(presented) else {
        VERIFIED.malformed.add_one();
        return Ok(None);
    };
    let hash = secret.hash();
    let Some(token) = state.store.token_by_hash(hash).await? else {
        return Ok(None);
    };
    if let Some(limits) = &token.limits
        && !allow(limits, state, &token, ip, actor)
    {
        state.usage.note_refusal(token.id, state.clock.now());
        return Ok(None);
    }
    Ok(Some(TokenClient { token, hash }))
}

/// Whether a token works now and from this IP address. It is compared with each request, so a token that is remembered ends in
/// time, too.
fn allow(
    limits: &ValidLimits,
    state: &AppState,
    token: &ValidToken,
    ip: Option<IpAddr>,
    actor: impl FnOnce() -> Actor,
) -> bool {
    let now = state.clock.now();
    if limits.expires_at.is_some_and(|end| end <= now) {
        return false;
    }
    let Some(allowed) = &limits.allowed else {
        return true;
    };
    let is_allowed = ip.is_some_and(|ip| allowed.contain(ip));
    if !is_allowed && state.limits.refusal(token.id, ip.map(Address::from)) {
        refused::record(state, token, actor().into_token(), now);
    }
    is_allowed
}

/// Counts a call with a valid token that is refused. It is no use of the token.
pub fn note_refusal(state: &AppState, client: &TokenClient) {
    state.usage.note_refusal(client.token(), state.clock.now());
}

/// Records the use of a token, with the IP address and the program it comes from. A refused request is not a use.
pub fn note_use(
    state: &AppState,
    client: &TokenClient,
    address: Option<Address>,
    user_agent: &str,
) {
    let now = state.clock.now();
    state.usage.note(client.token(), address, user_agent, now);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::cached_body::CachedBody;

    #[test]
    fn the_body_of_a_client_s_own_data_is_serialized_once() {
        let who = TokenClient {
            token: Arc::new(ValidToken {
                id: TokenId(1),
                scopes: Scopes::EVERYTHING,
                limits: None,
                own_data: CachedBody::new(),
                revision: 0,
                client: Client::named("Jane Smith"),
            }),
            hash: SecretHash::of(""),
        };
        assert_eq!(who.clone().own_data(|_| Err("no paper")), Err("no paper"));
        let name = |client: &Client| Ok::<_, ()>(client.contact.name.clone().into_bytes());
        let (body, hash) = who.clone().own_data(name).unwrap();
        assert_eq!(body, "Jane Smith");
        assert_eq!(
            who.own_data(|_| Err("again")).unwrap(),
            (body, hash),
            "as it was written"
        );
    }
}
