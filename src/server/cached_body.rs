//! JSON that is serialized once.

use std::{marker::PhantomData, sync::OnceLock};

use sha2::{Digest, Sha256};

/// The JSON response body of one resource, cached beside the `T` that it is serialized from.
///
/// Programs request the same again and again. Whose body it is says the value that holds the cache, and of which
/// resource says its field: a second resource gets a second field, and no body can be taken for another.
#[derive(Clone, Debug)]
pub struct CachedBody<T> {
    cached: OnceLock<Cached>,
    of: PhantomData<fn(&T)>,
}

/// Half of the SHA-256 hash of a body.
pub type BodyHash = [u8; 16];

#[derive(Clone, Debug)]
struct Cached {
    json: Box<[u8]>,
    hash: BodyHash,
}

impl<T> CachedBody<T> {
    /// An empty cache.
    pub const fn new() -> Self {
        Self {
            cached: OnceLock::new(),
            of: PhantomData,
        }
    }

    /// Returns the hash of the cached body, serializing `value` on first use.
    ///
    /// # Errors
    /// Those of `serialize`.
    pub fn get_or_serialize<E>(
        &self,
        value: &T,
        serialize: impl FnOnce(&T) -> Result<Vec<u8>, E>,
    ) -> Result<BodyHash, E> {
        if let Some(cached) = self.cached.get() {
            return Ok(cached.hash);
        }
        let json = serialize(value)?;
        let whole: [u8; 32] = Sha256::digest(&json).into();
        let mut hash = BodyHash::default();
        hash.copy_from_slice(&whole[..size_of::<BodyHash>()]);
        let json = json.into();
        Ok(self.cached.get_or_init(|| Cached { json, hash }).hash)
    }

    /// The cached body; empty if nothing was serialized yet.
    pub fn as_bytes(&self) -> &[u8] {
        self.cached.get().map_or(&[], |cached| &cached.json)
    }
}

impl<T> Default for CachedBody<T> {
    fn default() -> Self {
        Self::new()
    }
}
