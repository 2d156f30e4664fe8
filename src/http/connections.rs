//! Connections, from the moment they are accepted: none is kept for nothing.
//!
//! HTTP by itself lets a client hold a connection for ever by saying nothing, or a letter at a time.
//! Here one without a request under way is closed after ten seconds, whatever keeps it waiting:
//! silence, a head that does not end, the gap between two requests, an HTTP/2 connection without
//! streams. A request's own body has a deadline of its own.

use std::{
    iter,
    net::SocketAddr,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{body::Body, extract::ConnectInfo, http::Request, serve::Listener};
use futures::stream::{FuturesUnordered, StreamExt};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::Answers;

/// How long a connection may be without a request under way.
const IDLE: Duration = Duration::from_secs(10);
/// How long a client may take to fetch the rest of an answer once its connection is to be closed.
const LINGER: Duration = Duration::from_secs(20);

/// Serves what comes in until `stop` is done; then takes nothing new and finishes what is under way.
pub async fn serve<A: Answers>(mut listener: TcpListener, app: A, stop: impl Future<Output = ()>) {
    let (closing, is_closing) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            // Waits a second by itself when the system has no more connections to give.
            (stream, peer) = Listener::accept(&mut listener) => {
                connections.spawn(connection(stream, peer, app.clone(), is_closing.clone()));
            }
            Some(_) = connections.join_next() => {}
            () = &mut stop => break,
        }
    }
    drop(listener);
    drop(closing);
    while connections.join_next().await.is_some() {}
}

async fn connection<A: Answers>(
    stream: TcpStream,
    peer: SocketAddr,
    app: A,
    mut is_closing: watch::Receiver<()>,
) {
    let requests = Requests::default();
    let service = service_fn(|mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let under_way = requests.begin();
        let answer = app.clone().call(request.map(Body::new));
        async move {
            let answer = answer.await;
            drop(under_way);
            answer
        }
    });
    let http = Builder::new(TokioExecutor::new());
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    let end = async {
        tokio::select! {
            is_used = requests.until_idle() => is_used,
            // The sender is dropped, and that is an error that says it all.
            _ = is_closing.changed() => true,
        }
    };
    // As one of a set it is looked at when it was woken, and not whenever the connection is.
    let mut end: FuturesUnordered<_> = iter::once(end).collect();
    tokio::select! {
        biased;
        // How it ended is the client's business.
        _ = connection.as_mut() => return,
        is_used = end.next() => if is_used == Some(false) { return },
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(LINGER, connection).await;
}

/// The requests of one connection.
///
/// Nobody is woken when one begins or ends: there are many requests, and few connections that idle.
#[derive(Clone)]
struct Requests(Arc<Mutex<Counts>>);

#[derive(Clone, Copy)]
struct Counts {
    begun: usize,
    under_way: usize,
    /// When the last one ended or, before that, when the connection was made.
    ended_at: Instant,
}

impl Default for Requests {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Counts {
            begun: 0,
            under_way: 0,
            ended_at: Instant::now(),
        })))
    }
}

impl Requests {
    fn begin(&self) -> UnderWay {
        let mut counts = self.counts();
        counts.begun += 1;
        counts.under_way += 1;
        UnderWay(self.clone())
    }

    /// Waits until no request was under way for too long. Whether there ever was one.
    async fn until_idle(&self) -> bool {
        loop {
            let counts = *self.counts();
            let idle = match counts.under_way {
                0 => counts.ended_at.elapsed(),
                // It cannot have been idle for as long as that before it is looked at again.
                _ => Duration::ZERO,
            };
            let Some(rest) = IDLE.checked_sub(idle).filter(|rest| !rest.is_zero()) else {
                return counts.begun > 0;
            };
            sleep(rest).await;
        }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is being answered.
struct UnderWay(Requests);

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut counts = self.0.counts();
        counts.under_way -= 1;
        counts.ended_at = Instant::now();
    }
}
