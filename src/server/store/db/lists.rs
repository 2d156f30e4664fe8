//! Reads of lists and pages from a SQLite file.

use crate::server::store::{
    StoreError,
    faults::Faults,
    sqlite::{reader::Reader, snapshot::Snapshot},
};

/// The reader of lists. It has a connection and a thread of its own, so no lookup of a token or a session waits for it.
#[derive(Clone, Debug)]
pub struct Lists {
    reader: Reader<()>,
    faults: Faults,
}

impl Lists {
    pub fn new(reader: Reader<()>, faults: Faults) -> Self {
        Self { reader, faults }
    }

    /// The result of `read` on the file as it is after this was called.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Snapshot<'_, ()>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let faults = self.faults.clone();
        self.reader
            .read(move |snapshot| {
                faults.before_list();
                read(snapshot)
            })
            .await
    }

    pub async fn close(&self) {
        self.reader.close().await;
    }
}
