//! What one connection is busy with: the requests that came over it, each until its client has all of the answer.

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

/// The requests of one connection.
///
/// Nobody is woken when one begins or ends: there are many requests, and few connections that wait.
#[derive(Clone)]
pub struct Requests(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    closed: Notify,
}

struct State {
    begun: u64,
    /// The number of each that is under way, and when its answer began, if it did.
    under_way: Vec<(u64, Option<Instant>)>,
    /// When the last one ended or, before that, when the connection was made.
    ended_at: Instant,
    is_closed: bool,
}

impl State {
    /// From when on nothing is to be done but to wait for the client: for a request, or to take an answer.
    fn waits_since(&self) -> Option<Instant> {
        if self.under_way.is_empty() {
            return Some(self.ended_at);
        }
        // Each for itself: a client that goes on asking does not thereby take what it asked for before.
        self.under_way.iter().filter_map(|&(_, at)| at).min()
    }
}

impl Default for Requests {
    fn default() -> Self {
        let state = State {
            begun: 0,
            under_way: Vec::new(),
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
    /// A request has come. There is nothing if the connection is being closed: then it must not be begun any more.
    pub fn begin(&self) -> Option<UnderWay> {
        let mut state = self.state();
        if state.is_closed {
            return None;
        }
        let number = state.begun;
        state.begun += 1;
        state.under_way.push((number, None));
        Some(UnderWay {
            requests: self.clone(),
            number,
        })
    }

    /// Waits until the client was waited for as long as `patience`. Whether there ever was a request.
    pub async fn until_overdue(&self, patience: Duration) -> bool {
        loop {
            let waited = {
                let state = self.state();
                let waited = state.waits_since().map(|since| since.elapsed());
                if waited >= Some(patience) {
                    return state.begun > 0;
                }
                waited
            };
            // If it is not waited for now, it cannot have been for long enough before this is over.
            sleep(patience.saturating_sub(waited.unwrap_or_default())).await;
        }
    }

    /// Since when there is nothing under way; nothing if there is something, or if the connection is being closed.
    pub fn idle_since(&self) -> Option<Instant> {
        let state = self.state();
        (state.under_way.is_empty() && !state.is_closed).then_some(state.ended_at)
    }

    /// Closes the connection, unless something has begun. Whether it does.
    pub fn close_idle(&self) -> bool {
        let mut state = self.state();
        let is_idle = state.under_way.is_empty() && !state.is_closed;
        if is_idle {
            state.is_closed = true;
            self.0.closed.notify_one();
        }
        is_idle
    }

    /// Waits until somebody closes it.
    pub async fn until_closed(&self) {
        self.0.closed.notified().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request, until the last byte of its answer was handed to the system or nobody wants it any more.
pub struct UnderWay {
    requests: Requests,
    number: u64,
}

impl UnderWay {
    /// Its answer, which from now on waits for the client.
    pub fn answered(self, body: Body) -> Answer {
        let now = Instant::now();
        let mut state = self.requests.state();
        for (number, at) in &mut state.under_way {
            if *number == self.number {
                *at = Some(now);
            }
        }
        drop(state);
        Answer {
            body,
            under_way: Arc::new(self),
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.requests.state();
        state.under_way.retain(|&(number, _)| number != self.number);
        state.ended_at = Instant::now();
    }
}

/// The body of an answer. Each part of it knows of what it is a part: hyper takes parts as they come and lets go of them
/// when they are written, which with HTTP/2 may be as late as the client likes.
pub struct Answer {
    body: Body,
    under_way: Arc<UnderWay>,
}

impl HttpBody for Answer {
    type Data = Part;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Part>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let of_this = |data| Part {
            data,
            _under_way: Arc::clone(&self.under_way),
        };
        Poll::Ready(frame.map(|frame| frame.map(|frame| frame.map_data(of_this))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A part of an answer.
pub struct Part {
    data: Bytes,
    _under_way: Arc<UnderWay>,
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
mod tests {
    use super::*;

    fn answered(requests: &Requests) -> Answer {
        requests.begin().unwrap().answered(Body::from("answer"))
    }

    #[test]
    fn each_answer_has_its_own_time_however_many_others_there_are() {
        let requests = Requests::default();
        let waits_since = || requests.state().waits_since();
        let busy = requests.begin();
        assert_eq!(waits_since(), None, "nobody waits for the client");
        let taken = answered(&requests);
        let first = waits_since();
        assert!(first.is_some());
        let left = answered(&requests);
        drop((busy, taken));
        let second = waits_since();
        assert!(second > first);
        for _ in 0..3 {
            drop(answered(&requests));
            let _busy = requests.begin();
            assert_eq!(waits_since(), second);
        }
        drop(left);
        assert!(waits_since() > second);
    }

    #[tokio::test]
    async fn an_answer_is_under_way_until_its_last_part_is_gone() {
        let requests = Requests::default();
        let mut answer = answered(&requests);
        let frame = std::future::poll_fn(|context| Pin::new(&mut answer).poll_frame(context));
        let part = frame
            .await
            .and_then(Result::ok)
            .and_then(|frame| frame.into_data().ok());
        assert_eq!(part.as_ref().map(Buf::chunk), Some(&b"answer"[..]));
        assert!(answer.is_end_stream());
        drop(answer);
        assert_eq!(requests.idle_since(), None);
        drop(part);
        assert!(requests.idle_since().is_some());
    }

    #[tokio::test]
    async fn what_is_being_closed_begins_nothing_and_what_has_begun_is_not_closed() {
        let requests = Requests::default();
        let under_way = requests.begin();
        assert!(!requests.close_idle());
        drop(under_way);
        assert!(requests.close_idle());
        requests.until_closed().await;
        assert!(requests.begin().is_none() && !requests.close_idle());
    }
}
