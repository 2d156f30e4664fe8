//! Connections that read the SQLite file.
//!
//! The pool of sqlx asks a connection whether it still works whenever it comes back. With a file that takes as long as
//! the statement it was taken for, so these are kept without.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// As many connections as there may be, opened when they are needed. Copies share them.
#[derive(Clone, Debug)]
pub(super) struct Readers(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    options: SqliteConnectOptions,
    most: u32,
    places: Semaphore,
    wait: Duration,
    idle: Mutex<Vec<SqliteConnection>>,
}

impl Readers {
    /// At most `most` of them; whoever comes when all are taken waits no longer than `wait`.
    pub(super) fn new(options: SqliteConnectOptions, most: u32, wait: Duration) -> Self {
        Self(Arc::new(Shared {
            options,
            most,
            places: Semaphore::new(most as usize),
            wait,
            idle: Mutex::default(),
        }))
    }

    /// How long one that is free is waited for.
    pub(super) fn wait(&self) -> Duration {
        self.0.wait
    }

    /// Takes one.
    ///
    /// # Errors
    /// All are taken for too long, or closed; the file cannot be opened.
    pub(super) async fn take(&self) -> Result<Reader<'_>, sqlx::Error> {
        let place = timeout(self.0.wait, self.0.places.acquire()).await;
        let place = place.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let place = place.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.0.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.0.options.connect().await?,
        };
        Ok(Reader {
            connection,
            readers: &self.0,
            _place: place,
        })
    }

    /// Closes them, after what they are doing, if that is done soon.
    pub(super) async fn close(&self) {
        // An error: some statement takes longer than anybody waits for it. Its connection ends with it.
        let _ = timeout(self.0.wait, self.0.places.acquire_many(self.0.most)).await;
        self.0.places.close();
        let idle = mem::take(&mut *self.0.idle());
        for connection in idle {
            // An error: it is closed all the same.
            let _ = connection.close().await;
        }
    }
}

impl Shared {
    fn idle(&self) -> MutexGuard<'_, Vec<SqliteConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that was taken. Dropped in the middle of a statement it is closed: nobody could say what it would
/// answer next.
pub(super) struct Reader<'a> {
    connection: SqliteConnection,
    readers: &'a Shared,
    _place: SemaphorePermit<'a>,
}

impl Reader<'_> {
    /// To run a statement on.
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Leaves it to others, after its statement has ended.
    pub(super) fn give_back(self) {
        self.readers.idle().push(self.connection);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readers(most: u32) -> Readers {
        let options = SqliteConnectOptions::new().in_memory(true);
        Readers::new(options, most, Duration::from_millis(50))
    }

    /// Leaves something in the connection that no other one sees.
    async fn mark(reader: &mut Reader<'_>) {
        sqlx::query("CREATE TABLE mark (x)")
            .execute(reader.connection())
            .await
            .unwrap();
    }

    async fn is_marked(reader: &mut Reader<'_>) -> bool {
        sqlx::query("SELECT x FROM mark")
            .execute(reader.connection())
            .await
            .is_ok()
    }

    #[tokio::test]
    async fn what_is_given_back_is_taken_again_and_what_is_dropped_is_not() {
        let readers = readers(1);
        let mut reader = readers.take().await.unwrap();
        mark(&mut reader).await;
        reader.give_back();
        let mut reader = readers.take().await.unwrap();
        assert!(is_marked(&mut reader).await);
        drop(reader);
        let mut reader = readers.take().await.unwrap();
        assert!(!is_marked(&mut reader).await);
    }

    #[tokio::test]
    async fn when_all_are_taken_the_next_waits_for_one_and_not_for_ever() {
        let readers = readers(2);
        let first = readers.take().await.unwrap();
        let _second = readers.take().await.unwrap();
        let refused = readers.take().await;
        assert!(matches!(refused, Err(sqlx::Error::PoolTimedOut)));
        let (third, ()) = tokio::join!(readers.take(), async { first.give_back() });
        assert!(third.is_ok());
    }

    #[tokio::test]
    async fn a_close_waits_for_what_is_under_way_and_then_none_is_taken() {
        let readers = readers(2);
        let reader = readers.take().await.unwrap();
        let closing = async {
            readers.close().await;
            assert!(readers.0.idle().is_empty(), "all are closed");
        };
        tokio::join!(closing, async {
            tokio::task::yield_now().await;
            reader.give_back();
        });
        let refused = readers.take().await;
        assert!(matches!(refused, Err(sqlx::Error::PoolClosed)));
    }
}
