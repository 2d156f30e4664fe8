//! Addresses to listen on that have to be known before.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicU16, Ordering},
};

/// Addresses for an installation, which no other one on this machine has: loopback is a whole network.
pub fn addresses<const N: usize>() -> [SocketAddr; N] {
    static INSTALLATIONS: AtomicU16 = AtomicU16::new(0);
    let [_, _, high, low] = std::process::id().to_be_bytes();
    let port = 3000 + INSTALLATIONS.fetch_add(1, Ordering::Relaxed);
    let mut last = 9;
    [(); N].map(|()| {
        last += 1;
        SocketAddr::from(([127, high, low, last], port))
    })
}
