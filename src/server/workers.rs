//! A few threads for expensive work.
//!
//! The runtime's own threads for blocking work come and go by the dozen, and each keeps the memory that it once needed.
//! These are as many as may work at a time, so the memory of hashing is bounded.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// The threads. They end when the last clone is dropped.
#[derive(Clone)]
pub struct Workers {
    jobs: mpsc::Sender<Job>,
    counts: Arc<Counts>,
}

/// Counts of jobs.
#[derive(Default)]
struct Counts {
    busy: AtomicUsize,
    most_busy: AtomicUsize,
    done: AtomicUsize,
}

impl Workers {
    /// Starts `count` threads.
    pub fn start(count: usize) -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..count {
            let queue = Arc::clone(&queue);
            thread::spawn(move || {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(job) = next else { return };
                    job();
                }
            });
        }
        Self {
            jobs,
            counts: Arc::default(),
        }
    }

    /// Jobs done since the start.
    pub fn done(&self) -> usize {
        self.counts.done.load(Ordering::Relaxed)
    }

    /// Jobs that are running.
    pub fn busy(&self) -> usize {
        self.counts.busy.load(Ordering::Relaxed)
    }

    /// The most jobs that ever ran at the same time.
    pub fn most_busy(&self) -> usize {
        self.counts.most_busy.load(Ordering::Relaxed)
    }

    /// Runs `work` on one of the threads, first come, first served. If the caller leaves before its turn it is skipped;
    /// if the caller leaves later it is finished.
    ///
    /// # Errors
    /// The payload of its panic.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Box<dyn Any + Send>> {
        let (done, answer) = oneshot::channel();
        let counts = Arc::clone(&self.counts);
        let job = move || {
            if done.is_closed() {
                return;
            }
            let outcome = counts.count(|| catch_unwind(AssertUnwindSafe(work)));
            // An error: the caller has left.
            let _ = done.send(outcome);
        };
        let sent = self.jobs.send(Box::new(job));
        debug_assert!(sent.is_ok(), "the threads live as long as `self`");
        answer.await.unwrap_or_else(|gone| Err(Box::new(gone)))
    }
}

impl Counts {
    fn count<T>(&self, work: impl FnOnce() -> T) -> T {
        let busy = self.busy.fetch_add(1, Ordering::Relaxed) + 1;
        self.most_busy.fetch_max(busy, Ordering::Relaxed);
        let outcome = work();
        self.busy.fetch_sub(1, Ordering::Relaxed);
        self.done.fetch_add(1, Ordering::Relaxed);
        outcome
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[tokio::test]
    async fn all_work_is_done_on_the_same_few_threads() {
        let workers = Workers::start(2);
        let mut seen = HashSet::new();
        for _ in 0..100 {
            seen.insert(workers.run(|| thread::current().id()).await.unwrap());
        }
        assert!(seen.len() <= 2, "{seen:?}");
        assert!(!seen.contains(&thread::current().id()));
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_is_not_begun() {
        let workers = Workers::start(1);
        let (release, held) = mpsc::channel::<()>();
        let busy = tokio::spawn({
            let workers = workers.clone();
            async move { workers.run(move || held.recv()).await }
        });
        while workers.busy() == 0 {
            tokio::task::yield_now().await;
        }
        let mut left = Box::pin(workers.run(|| ()));
        assert!(futures::poll!(left.as_mut()).is_pending());
        drop(left);
        drop(release);
        assert!(busy.await.unwrap().is_ok());
        assert!(workers.run(|| ()).await.is_ok());
        assert_eq!(workers.done(), 2, "the first and the last");
    }

    #[tokio::test]
    async fn a_panic_ends_the_work_and_not_the_thread() {
        let workers = Workers::start(1);
        for _ in 0..3 {
            assert!(workers.run(|| panic!("on purpose")).await.is_err());
            assert_eq!(workers.run(|| 7).await.unwrap(), 7);
        }
    }
}
