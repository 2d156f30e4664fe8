//! The pending requests of one connection. A request is pending until its client has read all of the response.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use axum::body::Body;
use bytes::{Buf, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::{
    sync::Notify,
    time::{Duration, Instant, sleep},
};

/// The pending requests of one connection.
///
/// The begin and the end of a request wake no task: there are many requests, and few connections whose timeout matters.
#[derive(Clone)]
pub struct Requests(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    closed: Notify,
}

struct State {
    begun: u64,
    /// The number of each pending request, and when its response began.
    pending: Vec<(u64, Option<Instant>)>,
    /// When the last request ended; before the first, when the connection was accepted.
    ended_at: Instant,
    is_closed: bool,
}

impl State {
    /// Since when the server has only waited for the client: for a request, or to read a response.
    fn waiting_since(&self) -> Option<Instant> {
        if self.pending.is_empty() {
            return Some(self.ended_at);
        }
        // Each response by itself: sending more requests does not read earlier responses.
        self.pending.iter().filter_map(|&(_, at)| at).min()
    }
}

impl Default for Requests {
    fn default() -> Self {
        let state = State {
            begun: 0,
            pending: Vec::new(),
            ended_at: Instant::now(),
            is_closed: false,
        };
        Self(Arc::new(Shared {
            state: Mutex::new(state),
            closed: Notify::new(),
        }))
    }
}

impl Requests {
    /// Begins a request; `None` if the connection is being closed.
    pub fn begin(&self) -> Option<PendingRequest> {
        let mut state = self.state();
        if state.is_closed {
            return None;
        }
        let number = state.begun;
        state.begun += 1;
        state.pending.push((number, None));
        Some(PendingRequest {
            requests: self.clone(),
            number,
        })
    }

    /// Completes once the server has waited for the client for `timeout`. Returns whether there ever was a request.
    pub async fn until_overdue(&self, timeout: Duration) -> bool {
        loop {
            let waited = {
                let state = self.state();
                let waited = state.waiting_since().map(|since| since.elapsed());
                if waited >= Some(timeout) {
                    return state.begun > 0;
                }
                waited
            };
            // The timeout cannot be reached any earlier than this.
            sleep(timeout.saturating_sub(waited.unwrap_or_default())).await;
        }
    }

    /// Since when no request is pending; `None` if one is, or if the connection is being closed.
    pub fn idle_since(&self) -> Option<Instant> {
        let state = self.state();
        (state.pending.is_empty() && !state.is_closed).then_some(state.ended_at)
    }

    /// Closes the connection unless a request is pending. Returns whether it does.
    pub fn close_idle(&self) -> bool {
        let mut state = self.state();
        let is_idle = state.pending.is_empty() && !state.is_closed;
        if is_idle {
            state.is_closed = true;
            self.0.closed.notify_one();
        }
        is_idle
    }

    /// Completes once [`close_idle`](Self::close_idle) has closed the connection.
    pub async fn until_closed(&self) {
        self.0.closed.notified().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A pending request, until it is dropped with the last part of its response.
pub struct PendingRequest {
    requests: Requests,
    number: u64,
}

impl PendingRequest {
    /// Makes the response body, which from now on waits for the client.
    pub fn respond(self, body: Body) -> ResponseBody {
        let now = Instant::now();
        let mut state = self.requests.state();
        for (number, at) in &mut state.pending {
            if *number == self.number {
                *at = Some(now);
            }
        }
        drop(state);
        ResponseBody {
            body,
            pending: Arc::new(self),
        }
    }
}

impl Drop for PendingRequest {
    fn drop(&mut self) {
        let mut state = self.requests.state();
        state.pending.retain(|&(number, _)| number != self.number);
        state.ended_at = Instant::now();
    }
}

/// A response body. Each part of it keeps the request pending: hyper takes parts as they come and drops them once they are
/// written, which with HTTP/2 may be as late as the client likes.
pub struct ResponseBody {
    body: Body,
    pending: Arc<PendingRequest>,
}

impl HttpBody for ResponseBody {
    type Data = Part;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Part>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let keep_pending = |data| Part {
            data,
            _pending: Arc::clone(&self.pending),
        };
        Poll::Ready(frame.map(|frame| frame.map(|frame| frame.map_data(keep_pending))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A part of a response body.
pub struct Part {
    data: Bytes,
    _pending: Arc<PendingRequest>,
}

impl Buf for Part {
    fn remaining(&self) -> usize {
        self.data.remaining()
    }

    fn chunk(&self) -> &[u8] {
        self.data.chunk()
    }

    fn advance(&mut self, count: usize) {
        self.data.advance(count);
    }
}

#[cfg(test)]
mod tests;
