//! How many connections there may be: of one address, and of all.
//!
//! Each takes a descriptor, of which the process has only so many, and the database and the log want some, too. So all
//! connections are counted from when they are accepted until they are closed. Where there are as many as may be, those
//! that were idle the longest make room: whoever wants something is served before those who hold a connection for later.

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

/// As many are never needed, and would take too much memory.
const MOST: usize = 10_000;
/// Descriptors for everything that is no connection of a client: the database's files and the usual ten connections to it,
/// the log, the runtime.
const OTHERS: usize = 64;
/// One in so many is closed at a time, those idle the longest, so that not all are looked at for each that comes.
const SHARE: usize = 16;
/// Between two looks for some that are idle, where all are taken.
const AGAIN: Duration = Duration::from_millis(100);
/// Between two lines of the log about the same.
const QUIET: Duration = Duration::from_mins(1);

/// The connections that there may be. Copies share them.
#[derive(Clone)]
pub struct Slots(Arc<Shared>);

struct Shared {
    config: Arc<Config>,
    free: Arc<Semaphore>,
    of_one: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    /// By whom, and each by its number. Proxies of ours stand for many and are not told apart.
    by: HashMap<Option<Address>, HashMap<u64, Requests>>,
    accepted: u64,
    /// When it was last said that all are taken, and all of one address.
    said_of_all: Option<Instant>,
    said_of_one: Option<Instant>,
}

impl Slots {
    /// As many as the settings and the system allow, which is asked for all that it gives.
    pub fn new(config: Arc<Config>) -> Self {
        let database = config
            .connections
            .most
            .map_or(0, |most| most.get() as usize);
        let descriptors = descriptors();
        let all = descriptors
            .saturating_sub(OTHERS + database)
            .max(descriptors / 4)
            .min(MOST);
        // However few there are, one address leaves some to the others.
        let of_one = (config.address_connections as usize).min(all / 2);
        Self(Arc::new(Shared {
            config,
            free: Arc::new(Semaphore::new(all)),
            of_one,
            taken: Mutex::default(),
        }))
    }

    /// Waits until there may be one more.
    pub async fn free(&self) -> Free {
        let free = &self.0.free;
        if let Ok(permit) = Arc::clone(free).try_acquire_owned() {
            return Free(permit);
        }
        loop {
            self.make_room_for_any();
            // Whoever waits in the meantime waits in the system's queue.
            if let Ok(Ok(permit)) = timeout(AGAIN, Arc::clone(free).acquire_owned()).await {
                return Free(permit);
            }
        }
    }

    fn make_room_for_any(&self) {
        let mut taken = self.taken();
        say(&mut taken.said_of_all, || {
            tracing::warn!(
                "all connections are taken: those idle the longest are closed, or else the new ones wait"
            );
        });
        taken.make_room(|_| true);
    }

    /// Gives it to whoever has come. There is nothing if that address has as many already, and all are busy.
    pub fn take(&self, Free(permit): Free, peer: IpAddr) -> Option<Slot> {
        let is_proxy = self.0.config.trusted_proxies.contains(peer);
        let by = (!is_proxy).then(|| Address::from(peer));
        let mut taken = self.taken();
        if by.is_some() && taken.count(by) >= self.0.of_one {
            say(&mut taken.said_of_one, || {
                tracing::warn!(
                    address = by.map(Address::to_text),
                    "one address has as many connections as it may: those idle the longest are \
                     closed, or else the new ones"
                );
            });
            taken.make_room(|other| other == by);
            if taken.count(by) >= self.0.of_one {
                return None;
            }
        }
        taken.accepted += 1;
        let number = taken.accepted;
        let requests = Requests::default();
        let of_address = taken.by.entry(by).or_default();
        of_address.insert(number, requests.clone());
        drop(taken);
        Some(Slot {
            requests,
            slots: self.clone(),
            by,
            number,
            _permit: permit,
        })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn count(&self, by: Option<Address>) -> usize {
        self.by.get(&by).map_or(0, HashMap::len)
    }

    /// Closes some of those that are idle, if there are any.
    fn make_room(&mut self, is_meant: impl Fn(Option<Address>) -> bool) {
        let meant = self.by.iter().filter(|(by, _)| is_meant(**by));
        let all = meant.flat_map(|(by, all)| all.iter().map(|(number, one)| (*by, *number, one)));
        let mut count = 0;
        let mut idle: Vec<_> = all
            .inspect(|_| count += 1)
            .filter_map(|(by, number, one)| Some((one.idle_since()?, by, number)))
            .collect();
        idle.sort_unstable_by_key(|&(since, _, number)| (since, number));
        idle.truncate((count / SHARE).max(1));
        for (_, by, number) in idle {
            let is_closed = self.by[&by][&number].close_idle();
            if is_closed {
                // Its descriptor is counted until it is gone, but there is room for another one of that address.
                self.remove(by, number);
            }
        }
    }

    fn remove(&mut self, by: Option<Address>, number: u64) {
        if let Some(of_address) = self.by.get_mut(&by) {
            of_address.remove(&number);
            if of_address.is_empty() {
                self.by.remove(&by);
            }
        }
    }
}

/// Says something, unless it was said a moment ago.
fn say(said_at: &mut Option<Instant>, line: impl FnOnce()) {
    if said_at.is_none_or(|at| at.elapsed() >= QUIET) {
        *said_at = Some(Instant::now());
        line();
    }
}

/// Room for one more connection.
pub struct Free(OwnedSemaphorePermit);

/// A connection that counts, until this is dropped.
pub struct Slot {
    /// What it is busy with.
    pub requests: Requests,
    slots: Slots,
    by: Option<Address>,
    number: u64,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.slots.taken().remove(self.by, self.number);
    }
}

/// The descriptors that the process may have, once it has asked for as many as it may ask for.
fn descriptors() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    let before = limit.current;
    limit.current = limit.maximum;
    // An error: the limit stays as it is.
    let current = setrlimit(Resource::Nofile, limit).map_or(before, |()| limit.maximum);
    // None: as many as it likes.
    current.map_or(usize::MAX, |most| {
        usize::try_from(most).unwrap_or(usize::MAX)
    })
}
