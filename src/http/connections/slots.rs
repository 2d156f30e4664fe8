//! Limits on the number of connections: per IP address, and in total.
//!
//! Each takes a file descriptor, of which the process has a limited number, and the database and the log need some, too. So
//! connections are counted from when they are accepted until they are closed. At a limit those that have been idle the
//! longest are closed: requests are served before connections are kept for later.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout},
};

use super::requests::Requests;
use crate::{model::address::Address, server::config::Config};

/// The most connections, whatever the limit of file descriptors. More are never needed, and take too much memory.
const MAX_CONNECTIONS: usize = 10_000;
/// File descriptors for everything else: the database's files and the usual ten connections to it, the log, the runtime.
const RESERVED_DESCRIPTORS: usize = 64;
/// Connections to the listener of `/metrics`.
const METRICS_CONNECTIONS: usize = 16;
/// One in so many connections is closed at a time, so that they are not sorted for each new one.
const CLOSED_SHARE: usize = 16;
/// Between two searches for idle connections while all slots are taken.
const RETRY_INTERVAL: Duration = Duration::from_millis(100);
/// Between two log lines about the same limit.
const LOG_INTERVAL: Duration = Duration::from_mins(1);

/// The slots for connections. Clones share them.
#[derive(Clone)]
pub struct Slots(Arc<Shared>);

struct Shared {
    config: Arc<Config>,
    free: Arc<Semaphore>,
    per_address: usize,
    open: Mutex<Open>,
}

/// The open connections.
#[derive(Default)]
struct Open {
    /// By IP address, and each by its number. Trusted proxies have none: each stands for many clients.
    by_address: HashMap<Option<Address>, HashMap<u64, Requests>>,
    accepted: u64,
    /// When the total limit was last logged, and the limit of one IP address.
    total_logged_at: Option<Instant>,
    address_logged_at: Option<Instant>,
}

impl Slots {
    /// As many as the settings and the system allow. Raises the process's limit of file descriptors as far as it may.
    pub fn new(config: Arc<Config>) -> Self {
        let metrics = config.metrics_addr.map_or(0, |_| METRICS_CONNECTIONS);
        let database = config
            .connections
            .most
            .map_or(0, |most| most.get() as usize);
        let descriptors = descriptors();
        let all = descriptors
            .saturating_sub(RESERVED_DESCRIPTORS + metrics + database)
            .max(descriptors / 4)
            .min(MAX_CONNECTIONS);
        Self::of(config, all)
    }

    /// The few for the listener of `/metrics`.
    pub fn for_metrics(config: Arc<Config>) -> Self {
        Self::of(config, METRICS_CONNECTIONS)
    }

    fn of(config: Arc<Config>, all: usize) -> Self {
        // However few there are, one IP address leaves half of them to the others.
        let per_address = (config.address_connections as usize).min(all / 2);
        Self(Arc::new(Shared {
            config,
            free: Arc::new(Semaphore::new(all)),
            per_address,
            open: Mutex::default(),
        }))
    }

    /// Waits until one more connection is allowed.
    pub async fn free(&self) -> Free {
        let free = &self.0.free;
        if let Ok(permit) = Arc::clone(free).try_acquire_owned() {
            return Free(permit);
        }
        loop {
            self.make_room_for_any();
            // New connections wait in the system's queue.
            if let Ok(Ok(permit)) = timeout(RETRY_INTERVAL, Arc::clone(free).acquire_owned()).await
            {
                return Free(permit);
            }
        }
    }

    fn make_room_for_any(&self) {
        let mut open = self.open();
        log_rarely(&mut open.total_logged_at, || {
            tracing::warn!(
                "all connections are taken: those idle the longest are closed, or else the new ones wait"
            );
        });
        open.make_room(|_| true);
    }

    /// Gives a slot to a new connection; `None` if its IP address is at its limit, and none of its connections is idle.
    pub fn take(&self, Free(permit): Free, peer: IpAddr) -> Option<Slot> {
        let is_proxy = self.0.config.trusted_proxies.contains(peer);
        let address = (!is_proxy).then(|| Address::from(peer));
        let mut open = self.open();
        if address.is_some() && open.count(address) >= self.0.per_address {
            log_rarely(&mut open.address_logged_at, || {
                tracing::warn!(
                    address = address.map(Address::to_text),
                    "one address has as many connections as it may: those idle the longest are \
                     closed, or else the new ones"
                );
            });
            open.make_room(|other| other == address);
            if open.count(address) >= self.0.per_address {
                return None;
            }
        }
        open.accepted += 1;
        let number = open.accepted;
        let requests = Requests::default();
        let of_address = open.by_address.entry(address).or_default();
        of_address.insert(number, requests.clone());
        drop(open);
        Some(Slot {
            requests,
            slots: self.clone(),
            address,
            number,
            _permit: permit,
        })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn count(&self, address: Option<Address>) -> usize {
        self.by_address.get(&address).map_or(0, HashMap::len)
    }

    /// Closes some of the idle connections of the chosen IP addresses.
    fn make_room(&mut self, is_chosen: impl Fn(Option<Address>) -> bool) {
        let chosen = self.by_address.iter();
        let chosen = chosen.filter(|(address, _)| is_chosen(**address));
        let all = chosen.flat_map(|(address, all)| {
            all.iter()
                .map(|(number, requests)| (*address, *number, requests))
        });
        let mut count = 0;
        let mut idle: Vec<_> = all
            .inspect(|_| count += 1)
            .filter_map(|(address, number, requests)| {
                Some((requests.idle_since()?, address, number))
            })
            .collect();
        idle.sort_unstable_by_key(|&(since, _, number)| (since, number));
        idle.truncate((count / CLOSED_SHARE).max(1));
        for (_, address, number) in idle {
            let is_closed = self.by_address[&address][&number].close_idle();
            if is_closed {
                // The total counts its file descriptor until it is gone; the limit of its IP address no longer does.
                self.remove(address, number);
            }
        }
    }

    fn remove(&mut self, address: Option<Address>, number: u64) {
        if let Some(of_address) = self.by_address.get_mut(&address) {
            of_address.remove(&number);
            if of_address.is_empty() {
                self.by_address.remove(&address);
            }
        }
    }
}

/// Logs a line unless it was logged a moment ago.
fn log_rarely(logged_at: &mut Option<Instant>, log: impl FnOnce()) {
    if logged_at.is_none_or(|at| at.elapsed() >= LOG_INTERVAL) {
        *logged_at = Some(Instant::now());
        log();
    }
}

/// A permit for one more connection.
pub struct Free(OwnedSemaphorePermit);

/// The slot of a connection, freed on drop.
pub struct Slot {
    /// Its pending requests.
    pub requests: Requests,
    slots: Slots,
    address: Option<Address>,
    number: u64,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.slots.open().remove(self.address, self.number);
    }
}

/// The process's limit of file descriptors, raised as far as it may be.
fn descriptors() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    let before = limit.current;
    limit.current = limit.maximum;
    // An error: the limit stays as it is.
    let current = setrlimit(Resource::Nofile, limit).map_or(before, |()| limit.maximum);
    // None: unlimited.
    current.map_or(usize::MAX, |most| {
        usize::try_from(most).unwrap_or(usize::MAX)
    })
}
