//! Batched lookups on PostgreSQL: one statement for all requests that wait at the same time.
//!
//! Looked up one by one, a row costs several times what the rest of its request does, mostly for the way to the server and
//! back. So requests that come while a statement is running wait together and share the next one. A single request is sent
//! at once.

mod rows;

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::FutureExt;
use tokio::{
    sync::{Mutex, mpsc, oneshot},
    time::timeout,
};

pub use self::rows::{RowLookup, for_all, index};
use super::{
    StoreError, deadlines,
    postgres::{connection::PostgresConnection, pool::PostgresPool},
};
use crate::server::metrics::Batch;

/// Requests that share a statement at most.
const MAX_BATCH: usize = 256;
/// Statements that run at the same time. With more of them fewer requests share one.
const LANES: usize = 2;

/// What was found for one request, if it is there.
pub type Found<T> = Result<Option<T>, StoreError>;

/// A value that is looked up in batches.
pub trait Lookup: Sized + Send + 'static {
    /// What it is looked up by.
    type Key: Send + Sync;
    /// Data that lanes share from one statement to the next.
    type Memory: Default + Send + Sync;

    /// What there is for each of `keys`, in their order.
    ///
    /// # Errors
    /// The statement failed.
    fn find_all(
        connection: &mut PostgresConnection,
        memory: &Self::Memory,
        keys: &[&Self::Key],
    ) -> impl Future<Output = Result<Vec<Found<Self>>, StoreError>> + Send;
}

struct Request<T: Lookup> {
    key: T::Key,
    reply: oneshot::Sender<Found<T>>,
}

type Queue<T> = mpsc::UnboundedReceiver<Request<T>>;

impl<T: Lookup> Request<T> {
    fn reply(self, found: Found<T>) {
        // An error: the request was dropped.
        let _ = self.reply.send(found);
    }

    fn fail_all(requests: impl Iterator<Item = Self>, error: StoreError) {
        let error = Arc::new(error);
        for request in requests {
            request.reply(Err(StoreError::Shared(Arc::clone(&error))));
        }
    }
}

/// A handle for lookups of one kind. The tasks that carry them out live as long as it.
pub struct Batches<T: Lookup> {
    requests: mpsc::UnboundedSender<Request<T>>,
    limit: Duration,
}

impl<T: Lookup> Batches<T> {
    /// Starts the lanes. A lookup takes no longer than `limit`; `counts` counts the batches.
    pub fn start(pool: &PostgresPool, limit: Duration, counts: &'static Batch) -> Self {
        let (requests, queue) = mpsc::unbounded_channel();
        let shared = Arc::new((Mutex::new(queue), T::Memory::default()));
        for _ in 0..LANES {
            tokio::spawn(run_lane(pool.clone(), Arc::clone(&shared), counts));
        }
        Self { requests, limit }
    }

    pub async fn find(&self, key: T::Key) -> Found<T> {
        let (reply, replied) = oneshot::channel();
        let is_gone = || StoreError::Statement(sqlx::Error::WorkerCrashed);
        let request = Request { key, reply };
        self.requests.send(request).map_err(|_| is_gone())?;
        match timeout(self.limit, replied).await {
            Ok(found) => found.map_err(|_| is_gone())?,
            Err(_) => Err(StoreError::Silent),
        }
    }
}

/// Carries out all requests there are, one batch after the other.
async fn run_lane<T: Lookup>(
    pool: PostgresPool,
    shared: Arc<(Mutex<Queue<T>>, T::Memory)>,
    counts: &Batch,
) {
    let (queue, memory) = &*shared;
    let mut requests = Vec::with_capacity(MAX_BATCH);
    let mut connection = None;
    let take = async |requests: &mut _| queue.lock().await.recv_many(requests, MAX_BATCH).await;
    loop {
        let taken = if let Some(taken) = take(&mut requests).now_or_never() {
            taken
        } else {
            // Idle, it leaves its connection to others.
            connection = None;
            take(&mut requests).await
        };
        if taken == 0 {
            return;
        }
        // Requests that were dropped meanwhile need no reply.
        requests.retain(|request| !request.reply.is_closed());
        if requests.is_empty() {
            continue;
        }
        let began = Instant::now();
        let found = find_all(&pool, &mut connection, memory, &requests).await;
        counts.count(requests.len(), began);
        match found {
            Ok(found) => {
                for (request, found) in requests.drain(..).zip(found) {
                    request.reply(found);
                }
            }
            Err(error) => {
                connection = None;
                Request::fail_all(requests.drain(..), error);
            }
        }
    }
}

/// What is found for these requests, in their order.
async fn find_all<T: Lookup>(
    pool: &PostgresPool,
    connection: &mut Option<PostgresConnection>,
    memory: &T::Memory,
    requests: &[Request<T>],
) -> Result<Vec<Found<T>>, StoreError> {
    // Others may be waiting for it, and it may be the only one.
    connection.take_if(|connection| !connection.is_good_for(deadlines::LANE));
    let connection = match connection {
        Some(connection) => connection,
        None => connection.insert(pool.acquire().await?),
    };
    let keys: Vec<&T::Key> = requests.iter().map(|request| &request.key).collect();
    T::find_all(connection, memory, &keys).await
}
