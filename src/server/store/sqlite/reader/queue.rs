//! Reads that wait for their turn.

use std::{collections::VecDeque, sync::Arc};

use tokio::{
    sync::{mpsc, oneshot, watch},
    task::yield_now,
};

use crate::server::store::{StoreError, sqlite::snapshot::Snapshot};

/// Reads that are taken from the queue at once.
const MAX_BATCH: usize = 256;

/// A read of any result type.
pub trait Read<M>: Send {
    /// Reads and sends the result.
    ///
    /// # Errors
    /// SQLite failed, and may fail for the next read, too. The caller of this one has been told.
    fn run(self: Box<Self>, snapshot: &mut Snapshot<'_, M>) -> Result<(), Arc<StoreError>>;

    /// Sends an error.
    fn fail(self: Box<Self>, error: Arc<StoreError>);
}

pub type BoxedRead<M> = Box<dyn Read<M>>;

pub struct PendingRead<T, F> {
    pub read: F,
    pub reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<M, T, F> Read<M> for PendingRead<T, F>
where
    T: Send,
    F: FnOnce(&mut Snapshot<'_, M>) -> rusqlite::Result<T> + Send,
{
    fn run(self: Box<Self>, snapshot: &mut Snapshot<'_, M>) -> Result<(), Arc<StoreError>> {
        // The request may have been dropped, now or by the time there is a result.
        if self.reply.is_closed() {
            return Ok(());
        }
        match (self.read)(snapshot) {
            Err(error @ rusqlite::Error::SqliteFailure(..)) => {
                let error = Arc::new(StoreError::Read(error));
                let _ = self.reply.send(Err(StoreError::Shared(Arc::clone(&error))));
                Err(error)
            }
            found => {
                let _ = self.reply.send(found.map_err(StoreError::Read));
                Ok(())
            }
        }
    }

    fn fail(self: Box<Self>, error: Arc<StoreError>) {
        let _ = self.reply.send(Err(StoreError::Shared(error)));
    }
}

pub struct Queue<M> {
    reads: mpsc::UnboundedReceiver<BoxedRead<M>>,
    closing: watch::Receiver<()>,
}

impl<M> Queue<M> {
    pub fn new(reads: mpsc::UnboundedReceiver<BoxedRead<M>>, closing: watch::Receiver<()>) -> Self {
        Self { reads, closing }
    }

    /// Waits until there are pending reads; `false` once the reader is closed or has no handle left.
    pub async fn wait(&mut self, pending: &mut VecDeque<BoxedRead<M>>) -> bool {
        if pending.is_empty() {
            tokio::select! {
                biased;
                _ = self.closing.changed() => return false,
                Some(read) = self.reads.recv() => pending.push_back(read),
            }
        }
        // Lets this thread run all other tasks that are ready: they may have reads for this turn, and tasks that the last
        // turn woke do not have to wait for a read that blocks.
        yield_now().await;
        while pending.len() < MAX_BATCH
            && let Ok(read) = self.reads.try_recv()
        {
            pending.push_back(read);
        }
        true
    }
}
