//! JSON that is serialized once.

use std::{marker::PhantomData, sync::OnceLock};

/// The JSON response body of one resource, cached beside the `T` that it is serialized from.
///
/// Programs request the same again and again. Whose body it is says the value that holds the cache, and of which
/// resource says its field: a second resource gets a second field, and no body can be taken for another.
#[derive(Clone, Debug)]
pub struct CachedBody<T> {
    json: OnceLock<Box<[u8]>>,
    of: PhantomData<fn(&T)>,
}

impl<T> CachedBody<T> {
    /// An empty cache.
    pub const fn new() -> Self {
        Self {
            json: OnceLock::new(),
            of: PhantomData,
        }
    }

    /// Returns the cached body, serializing `value` on first use.
    ///
    /// # Errors
    /// Those of `serialize`.
    pub fn get_or_serialize<E>(
        &self,
        value: &T,
        serialize: impl FnOnce(&T) -> Result<Vec<u8>, E>,
    ) -> Result<&[u8], E> {
        if let Some(json) = self.json.get() {
            return Ok(json);
        }
        let json = serialize(value)?;
        Ok(self.json.get_or_init(|| json.into()))
    }

    /// The cached body; empty if nothing was serialized yet.
    pub fn as_bytes(&self) -> &[u8] {
        self.json.get().map_or(&[], |json| json)
    }
}

impl<T> Default for CachedBody<T> {
    fn default() -> Self {
        Self::new()
    }
}
