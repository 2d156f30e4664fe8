//! Valid tokens that were found before, for as long as the database is what it was then.

use std::{collections::HashMap, mem, sync::Arc};

use crate::{
    model::client::Client,
    server::{store::ValidToken, token_secret::SecretHash},
};

/// Bytes that they take at most, about. What comes on top is read each time, until the database is changed and all are
/// forgotten: that is at the latest when the use of the tokens is written down.
const ROOM: usize = 12 * 1024 * 1024;
/// What an entry takes beside the letters of its client's texts, which are in it twice: itself, its place in the map,
/// the names of the fields in [`ValidToken::own_data`], and what the allocator adds to each piece.
const ENTRY: usize = mem::size_of::<ValidToken>() + 2 * mem::size_of::<(SecretHash, usize)>() + 384;

/// The tokens, by the hashes of their secrets, as a version `V` of the database has them.
#[derive(Default)]
pub(in crate::server::store) struct Remembered<V> {
    version: V,
    tokens: HashMap<SecretHash, Arc<ValidToken>>,
    bytes: usize,
}

impl<V: PartialEq> Remembered<V> {
    /// Of which version they are.
    pub(super) fn version(&self) -> &V {
        &self.version
    }

    /// Forgets all that are of another version.
    pub(in crate::server::store) fn keep_if(&mut self, version: V) {
        if self.version != version {
            self.tokens.clear();
            self.bytes = 0;
            self.version = version;
        }
    }

    pub(in crate::server::store) fn find(&self, hash: SecretHash) -> Option<Arc<ValidToken>> {
        self.tokens.get(&hash).cloned()
    }

    /// Adds what was just read. Only what is there: whoever guesses tokens must not fill the room.
    pub(in crate::server::store) fn add(&mut self, hash: SecretHash, token: &Arc<ValidToken>) {
        let bytes = ENTRY + 2 * len(&token.client);
        if self.bytes + bytes <= ROOM && self.tokens.insert(hash, Arc::clone(token)).is_none() {
            self.bytes += bytes;
        }
    }
}

/// Bytes of a client's texts.
fn len(client: &Client) -> usize {
    let texts = [
        &client.name,
        &client.address1,
        &client.city,
        &client.state,
        &client.postcode,
        &client.country,
        &client.currency_code,
    ];
    let optional = [&client.company, &client.phone, &client.address2];
    let texts = texts.into_iter().chain(optional.into_iter().flatten());
    client.email.as_str().len() + texts.map(String::len).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::token::TokenId, server::cached_body::CachedBody};

    fn token(id: i64, name: &str) -> Arc<ValidToken> {
        Arc::new(ValidToken {
            id: TokenId(id),
            own_data: CachedBody::new(),
            client: Client::named(name),
        })
    }

    fn hash(n: i64) -> SecretHash {
        SecretHash::of(&n.to_string())
    }

    fn found(remembered: &Remembered<i64>, n: i64) -> Option<i64> {
        remembered.find(hash(n)).map(|token| token.id.0)
    }

    #[test]
    fn a_token_is_found_until_the_database_is_another() {
        let mut remembered = Remembered::default();
        for version in [7, 8, 7] {
            remembered.keep_if(version);
            assert_eq!(found(&remembered, 1), None, "version {version}");
            remembered.add(hash(1), &token(1, "Jane Smith"));
            remembered.keep_if(version);
            assert_eq!(found(&remembered, 1), Some(1), "version {version}");
            assert_eq!(found(&remembered, 2), None);
        }
    }

    #[test]
    fn texts_take_no_more_than_the_room_there_is() {
        const TENTH: usize = ROOM / 10;
        let long = "x".repeat(TENTH / 2);
        let mut remembered = Remembered::default();
        for version in [1, 2] {
            remembered.keep_if(version);
            for n in 1..=20 {
                remembered.add(hash(n), &token(n, &long));
            }
            assert_eq!(found(&remembered, 9), Some(9));
            assert_eq!(found(&remembered, 10), None, "nine and what is around them");
            remembered.add(hash(21), &token(21, "Jane Smith"));
            assert_eq!(found(&remembered, 21), Some(21), "it fits in");
        }
    }

    #[test]
    fn so_do_tokens_with_hardly_any_text() {
        let mut remembered = Remembered::default();
        remembered.keep_if(1);
        for n in 0..40_000 {
            remembered.add(hash(n), &token(n, ""));
        }
        let kept = (0..40_000).filter(|n| found(&remembered, *n).is_some());
        let kept = kept.count();
        assert!((10_000..20_000).contains(&kept), "{kept}");
    }
}
