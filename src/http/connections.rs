//! Connections: their number is limited, and idle ones are closed.
//!
//! HTTP lets a client hold a connection forever by sending nothing, by sending a byte at a time, or by not reading. Here a
//! connection is closed once the server has waited ten seconds for the client: for the end of a request head, for the next
//! request, for a stream of an HTTP/2 connection, or for the client to read a response, whatever else it does meanwhile.
//! Request bodies have their own timeout.

mod requests;
mod slots;

use std::{future::pending, iter, net::SocketAddr, pin::pin, time::Duration};

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
    time::timeout,
};

use self::slots::Slot;
pub use self::slots::Slots;
use super::service::HttpService;

/// How long a connection may have no pending request, and a response may be unread.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may take to read the rest of a response during a graceful shutdown of its connection.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(20);
/// The most bytes that are buffered of a request head or of unread responses.
const MAX_BUFFER: usize = 64 * 1024;
/// Concurrent requests of one HTTP/2 connection.
const MAX_STREAMS: u32 = 32;
/// Bytes of request bodies that one HTTP/2 connection may send before they are read: a few of the largest bodies.
const CONNECTION_WINDOW: u32 = 256 * 1024;

/// Serves connections until `stop` completes; then accepts no more and finishes pending requests.
pub async fn serve<A: HttpService>(
    mut listener: TcpListener,
    app: A,
    slots: Slots,
    stop: impl Future<Output = ()>,
) {
    let (closing, is_closing) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let accept = async {
            let free = slots.free().await;
            // Waits a second by itself when the system is out of file descriptors.
            let (stream, peer) = Listener::accept(&mut listener).await;
            (slots.take(free, peer.ip()), stream, peer)
        };
        tokio::select! {
            (slot, stream, peer) = accept => {
                // Without a slot it is closed.
                if let Some(slot) = slot {
                    connections.spawn(connection(stream, peer, slot, app.clone(), is_closing.clone()));
                }
            }
            Some(_) = connections.join_next() => {}
            () = &mut stop => break,
        }
    }
    drop(listener);
    drop(closing);
    while connections.join_next().await.is_some() {}
}

async fn connection<A: HttpService>(
    stream: TcpStream,
    peer: SocketAddr,
    slot: Slot,
    app: A,
    mut is_closing: watch::Receiver<()>,
) {
    let requests = &slot.requests;
    let service = service_fn(|mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let begun = requests
            .begin()
            .map(|guard| (guard, app.clone().call(request.map(Body::new))));
        async move {
            let Some((guard, response)) = begun else {
                // The connection is being closed, and this future dropped with it.
                return pending().await;
            };
            let response = response.await;
            response.map(|response| response.map(|body| guard.respond(body)))
        }
    });
    let mut http = Builder::new(TokioExecutor::new());
    http.http1().max_buf_size(MAX_BUFFER);
    http.http2()
        .max_concurrent_streams(MAX_STREAMS)
        .initial_connection_window_size(CONNECTION_WINDOW);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    let end = async {
        tokio::select! {
            is_used = requests.until_overdue(IDLE_TIMEOUT) => is_used,
            () = requests.until_closed() => false,
            // An error: the sender is dropped.
            _ = is_closing.changed() => true,
        }
    };
    // In a set it is polled when it was woken, and not whenever the connection is.
    let mut end: FuturesUnordered<_> = iter::once(end).collect();
    tokio::select! {
        biased;
        // Errors of a connection are the client's.
        _ = connection.as_mut() => return,
        is_graceful = end.next() => if is_graceful == Some(false) { return },
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(SHUTDOWN_TIMEOUT, connection).await;
}
