//! A cache of valid tokens that holds for one version of the database.

use std::{collections::HashMap, mem, sync::Arc};

use super::token::{ValidLimits, ValidToken};
use crate::{
    model::client::Client,
    server::{allowed_networks::AllowedNetworks, token_secret::SecretHash},
};

/// Maximum size in bytes, approximately. Tokens beyond that are read each time, until a change of the database clears the
/// cache: at the latest when the use of the tokens is written.
const CACHE_BYTES: usize = 12 * 1024 * 1024;
/// Size of an entry besides the client's texts, which it holds twice: the entry itself, its place in the map, the names of
/// the fields in [`ValidToken::own_data`], and the overhead of each allocation.
const ENTRY_BYTES: usize =
    mem::size_of::<ValidToken>() + 2 * mem::size_of::<(SecretHash, usize)>() + 384;

/// Valid tokens, by the hashes of their secrets, as version `V` of the database has them.
#[derive(Default)]
pub struct Cache<V> {
    version: V,
    tokens: HashMap<SecretHash, Arc<ValidToken>>,
    bytes: usize,
}

impl<V: PartialEq> Cache<V> {
    pub fn version(&self) -> &V {
        &self.version
    }

    /// Clears it, unless its tokens are of this version.
    pub fn clear_unless(&mut self, version: V) {
        if self.version != version {
            self.tokens.clear();
            self.bytes = 0;
            self.version = version;
        }
    }

    pub fn find(&self, hash: SecretHash) -> Option<Arc<ValidToken>> {
        self.tokens.get(&hash).cloned()
    }

    /// Adds a token that was just read. Unknown tokens are not cached: guesses must not fill it.
    pub fn add(&mut self, hash: SecretHash, token: &Arc<ValidToken>) {
        let bytes = ENTRY_BYTES + 2 * text_bytes(&token.client) + limit_bytes(token);
        if self.bytes + bytes <= CACHE_BYTES
            && self.tokens.insert(hash, Arc::clone(token)).is_none()
        {
            self.bytes += bytes;
        }
    }
}

/// Size of a token's limits.
fn limit_bytes(token: &ValidToken) -> usize {
    token.limits.as_ref().map_or(0, |limits| {
        let allowed = limits.allowed.as_ref();
        size_of::<ValidLimits>() + allowed.map_or(0, AllowedNetworks::bytes)
    })
}

/// Size of a client's texts.
fn text_bytes(client: &Client) -> usize {
    let account = [client.email.as_str(), &client.currency_code];
    let texts = client.contact.values().into_iter().chain(account);
    texts.map(str::len).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{scopes::Scopes, token::TokenId},
        server::cached_body::CachedBody,
    };

    fn token(id: i64, name: &str) -> Arc<ValidToken> {
        Arc::new(ValidToken {
            id: TokenId(id),
            scopes: Scopes::EVERYTHING,
            limits: None,
            own_data: CachedBody::new(),
            revision: 0,
            client: Client::named(name),
        })
    }

    fn hash(n: i64) -> SecretHash {
        SecretHash::of(&n.to_string())
    }

    fn found(cache: &Cache<i64>, n: i64) -> Option<i64> {
        cache.find(hash(n)).map(|token| token.id.0)
    }

    #[test]
    fn a_token_is_found_until_the_database_is_another() {
        let mut cache = Cache::default();
        for version in [7, 8, 7] {
            cache.clear_unless(version);
            assert_eq!(found(&cache, 1), None, "version {version}");
            cache.add(hash(1), &token(1, "Jane Smith"));
            cache.clear_unless(version);
            assert_eq!(found(&cache, 1), Some(1), "version {version}");
            assert_eq!(found(&cache, 2), None);
        }
    }

    #[test]
    fn texts_take_no_more_than_the_cache_holds() {
        const TENTH: usize = CACHE_BYTES / 10;
        let long = "x".repeat(TENTH / 2);
        let mut cache = Cache::default();
        for version in [1, 2] {
            cache.clear_unless(version);
            for n in 1..=20 {
                cache.add(hash(n), &token(n, &long));
            }
            assert_eq!(found(&cache, 9), Some(9));
            assert_eq!(found(&cache, 10), None, "nine and what is around them");
            cache.add(hash(21), &token(21, "Jane Smith"));
            assert_eq!(found(&cache, 21), Some(21), "it fits in");
        }
    }

    #[test]
    fn so_do_tokens_with_hardly_any_text() {
        let mut cache = Cache::default();
        cache.clear_unless(1);
        for n in 0..40_000 {
            cache.add(hash(n), &token(n, ""));
        }
        let kept = (0..40_000).filter(|n| found(&cache, *n).is_some());
        let kept = kept.count();
        assert!((10_000..20_000).contains(&kept), "{kept}");
    }
}
