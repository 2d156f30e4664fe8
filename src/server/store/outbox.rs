//! Whether mails are written down, and who is told of new ones.

use std::sync::Arc;

use tokio::sync::Notify;

/// Whether mails are written down, and who is told of new ones.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    is_on: bool,
    arrived: Arc<Notify>,
}

impl Outbox {
    /// One in which mails are written down.
    pub fn on() -> Self {
        Self {
            is_on: true,
            arrived: Arc::default(),
        }
    }

    /// Whether mails are written down.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// Wakes a waiter.
    pub fn announce(&self) {
        self.arrived.notify_one();
    }

    /// Waits until this process has written down a mail.
    pub async fn wait(&self) {
        self.arrived.notified().await;
    }
}
